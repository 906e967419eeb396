"""The clock of the simulation: all its programs read how far it is ahead of the real one from a file."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain import clock

FILE = "SEPTEMBER_CLOCK"
READ_EVERY_SECONDS = 0.5


class Ahead:
    """How far the simulation's clock is from the real one, looked up now and then."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at, self._ahead = -READ_EVERY_SECONDS, timedelta()

    def now(self) -> datetime:
        """Return the present instant of the simulation."""
        passed = time.monotonic()
        if passed - self._read_at >= READ_EVERY_SECONDS:
            self._read_at, self._ahead = passed, timedelta(seconds=float(self._file.read_text()))
        return datetime.now(UTC) + self._ahead


def follow() -> None:
    """Let this process live in the simulation's time; before anything else is imported."""
    clock.now = Ahead(Path(os.environ[FILE])).now


def put(file: Path, instant: datetime) -> None:
    """Set the clock of all programs that follow it."""
    beside = file.with_suffix(".new")
    beside.write_text(str((instant - datetime.now(UTC)).total_seconds()))
    beside.replace(file)
