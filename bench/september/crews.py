"""The platform as it is run, and people in processes of their own beside it."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.db.engine import connect
from app.db.journal import OutboxMessage
from app.db.processes import ProcessInstance, Timer
from app.db.schedules import Schedule
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.services import outbox
from bench.september import clocks
from bench.september.cities import Place
from bench.september.hands import Hands
from bench.september.stories import Act
from tasks.broker import celery_of
from tasks.messenger import Messenger
from tests.servers.deployments import Composed
from tests.servers.programs import ROOT

LOOK_EVERY_SECONDS = 1.0
QUIET_LOOKS = 2
_held = ExitStack()
_session: list[Session] = []


class Crew:
    """Gunicorn, workers and beat over PostgreSQL and Redis, all in the simulation's time; processes of people."""

    def __init__(self, folder: Path, database_url: str, redis_url: str, processes: int) -> None:
        self.clock = folder / "clock.txt"
        self.deployment = Composed(folder, database_url, redis_url)
        self.engine: Engine = connect(database_url)
        followed = {clocks.FILE: str(self.clock), "PYTHONPATH": f"{ROOT}/bench/september/shifted:{ROOT}"}
        for program in self.deployment.programs.values():
            program.environment = {**program.environment, **followed}
        self._environment = {**self.deployment.environment, clocks.FILE: str(self.clock)}
        self._pool = ProcessPoolExecutor(processes, get_context("spawn"), _enter, (self._environment,))

    def __enter__(self) -> Self:
        self.deployment.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self.deployment.stop()
        self.engine.dispose()

    def at(self, instant: datetime) -> None:
        """Set the clock of all programs."""
        clocks.put(self.clock, instant)
        time.sleep(2 * clocks.READ_EVERY_SECONDS)

    def play(self, act: Act, places: Sequence[Place]) -> int:
        """Let the people of places do something, several places at once."""
        return sum(self._pool.map(_play, [act] * len(places), places))

    def settle(self) -> None:
        """Wait until the workers have nothing to do: the outbox is empty, and no start and no timer is due."""
        quiet = 0
        while quiet < QUIET_LOOKS:
            time.sleep(LOOK_EVERY_SECONDS)
            quiet = quiet + 1 if self._is_quiet() else 0

    def _is_quiet(self) -> bool:
        now = clock.now()
        running = select(ProcessInstance.id).where(ProcessInstance.status == InstanceStatus.RUNNING)
        waiting = (
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.done_at.is_(None)),
            select(func.count()).select_from(Schedule).where(Schedule.next_at <= now, Schedule.stopped_at.is_(None)),
            select(func.count())
            .select_from(Timer)
            .where(Timer.due_at <= now, Timer.fired_at.is_(None), Timer.instance_id.in_(running)),
        )
        with Session(self.engine) as session:
            return not any(session.scalar(query) for query in waiting)


def _enter(environment: dict[str, str]) -> None:
    """Begin a process of people: in the simulation's time, with its own connection and its own way to the workers."""
    os.environ.update(environment)
    clocks.follow()
    settings = Settings.from_environment(environment)
    messenger = Messenger(celery_of(settings))
    messenger.start()
    session = _held.enter_context(Session(connect(settings.database_url)))
    outbox.hand_to(session, messenger)
    _session.append(session)


def _play(act: Act, place: Place) -> int:
    hands = Hands(_session[0])
    return hands.apply(place) if act == Act.APPLY else hands.work(place)
