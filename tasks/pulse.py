"""The pulse of a worker or a beat, for health checks: a file that is touched as long as the process does its work."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from celery.signals import heartbeat_sent

from app.domain import clock

LONGEST_PAUSE_SECONDS = 60


def beats(kind: str) -> bool:
    """Tell whether the process of a kind (worker, beat) on this machine has worked lately."""
    try:
        touched_at = _file(kind).stat().st_mtime
    except FileNotFoundError:
        return False
    return clock.now().timestamp() - touched_at <= LONGEST_PAUSE_SECONDS


class PulsingScheduler(Scheduler):
    """Celery's own scheduler in memory, as the one entry needs no file, with a pulse."""

    def setup_schedule(self) -> None:
        """Let everything be due at once: a beat that was away catches up."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at -= entry.schedule.run_every

    def apply_async(self, *arguments: Any, **named: Any) -> Any:
        """Send what is due; raises SchedulingError where Redis is away, and then there is no pulse."""
        sent = super().apply_async(*arguments, **named)
        _file("beat").touch()
        return sent


@heartbeat_sent.connect
def _touch(**_named: Any) -> None:
    _file("worker").touch()


def _file(kind: str) -> Path:
    return Path(tempfile.gettempdir(), f"shenpi.{kind}.pulse")


if __name__ == "__main__":
    sys.exit(0 if beats(sys.argv[1]) else 1)
