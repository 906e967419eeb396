"""Timer rows: the engine has no clock, the tick wakes what is due (DESIGN §9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance, Timer
from app.db.queries import step_writes
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.engine.changes import Armed
from app.engine.due_values import Repeat
from app.engine.instants import end_again
from app.services.timing import calendars
from app.services.timing.dues import DueAt, due_at, read_due, reckoned
from app.services.transactions import connection_of


@dataclass(frozen=True)
class DueTimer:
    """A timer that is due, and how many times it comes again."""

    task_id: int
    element: str
    due_at: datetime
    reckoning: Mapping[str, Any] | None
    repeats_left: int


@dataclass(frozen=True)
class Coming:
    """The next time of a reminder that comes again."""

    element: str
    due: DueAt
    left: int


def arm(session: Session, instance_id: int, armed: Collection[Armed], coming: Coming | None = None) -> None:
    """Insert a row for each timer that began to wait; `coming` is when the one that was woken comes again."""
    rows = rows_of(instance_id, armed, coming)
    if rows:
        step_writes.ADD_TIMER.run_many(connection_of(session), rows)


def rows_of(instance_id: int, armed: Collection[Armed], coming: Coming | None = None) -> list[dict[str, Any]]:
    """Return the rows to insert for timers that began to wait.

    Without a deadline a timer is due at once, but one at a border never.
    """
    return [
        _row(instance_id, waiting, coming) for waiting in armed if waiting.due is not None or not waiting.is_at_border
    ]


def _row(instance_id: int, waiting: Armed, coming: Coming | None) -> dict[str, Any]:
    is_coming = coming is not None and coming.element == waiting.element
    due = coming.due if coming and is_coming else due_at(waiting.due)
    times = waiting.due.times - 1 if isinstance(waiting.due, Repeat) else 0
    return {
        "instance_id": instance_id,
        "task_id": waiting.task_id,
        "element": waiting.element,
        "due_at": due.instant or clock.now(),
        "reckoning": due.reckoning,
        "is_provisional": due.is_provisional,
        "repeats_left": coming.left if coming and is_coming else times,
    }


def coming_again(timer: DueTimer) -> Coming | None:
    """Return when a timer that is due comes again, if it does."""
    due = read_due(timer.reckoning) if timer.reckoning and timer.repeats_left else None
    if not isinstance(due, Repeat):
        return None
    calendar = calendars.national()
    again = end_again(due, timer.due_at, timer.repeats_left, clock.now(), calendar)
    return Coming(timer.element, reckoned(due, again.since, calendar), again.left) if again else None


def disarm(session: Session, instance_id: int, task_ids: Collection[int]) -> None:
    """Mark the timers of engine tasks as spent: fired, or not needed any more."""
    if task_ids:
        spent = {"instance": instance_id, "tasks": list(task_ids), "fired_at": clock.now()}
        connection_of(session).execute(step_writes.SPEND_TIMERS, spent)


def due_of(session: Session, instance_id: int) -> list[DueTimer]:
    """Return a case's timers that are due, in the order of their dues."""
    query = (
        select(Timer.task_id, Timer.element, Timer.due_at, Timer.reckoning, Timer.repeats_left)
        .where(Timer.instance_id == instance_id, Timer.fired_at.is_(None), Timer.due_at <= clock.now())
        .order_by(Timer.due_at, Timer.id)
    )
    return [
        DueTimer(row.task_id, row.element, row.due_at, row.reckoning, row.repeats_left)
        for row in session.execute(query)
    ]


def instances_due(session: Session, limit: int, but: Collection[int] = ()) -> list[int]:
    """Return running cases with a timer due, the latest first in line; each is locked and checked in its step."""
    query = (
        select(Timer.instance_id)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(
            Timer.fired_at.is_(None),
            Timer.due_at <= clock.now(),
            ProcessInstance.status == InstanceStatus.RUNNING,
            ProcessInstance.id.not_in(but),
        )
        .group_by(Timer.instance_id)
        .order_by(func.min(Timer.due_at))
        .limit(limit)
    )
    return list(session.scalars(query))
