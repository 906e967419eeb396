"""Timer rows: the engine has no clock, the tick wakes what is due (DESIGN §9)."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance, Timer
from app.db.queries import step_writes
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.engine.changes import Armed
from app.services.dues import due_at
from app.services.transactions import connection_of


def arm(session: Session, instance_id: int, armed: Collection[Armed]) -> None:
    """Insert a row for each timer that began to wait; one without a deadline is due at once."""
    rows = [
        {
            "instance_id": instance_id,
            "task_id": waiting.task_id,
            "element": waiting.element,
            "due_at": due_at(waiting.due).instant or clock.now(),
        }
        for waiting in armed
    ]
    if rows:
        step_writes.ADD_TIMER.run_many(connection_of(session), rows)


def disarm(session: Session, instance_id: int, task_ids: Collection[int]) -> None:
    """Mark the timers of engine tasks as spent: fired, or not needed any more."""
    if task_ids:
        spent = {"instance": instance_id, "tasks": list(task_ids), "fired_at": clock.now()}
        connection_of(session).execute(step_writes.SPEND_TIMERS, spent)


def due_of(session: Session, instance_id: int) -> list[tuple[int, str]]:
    """Return the engine task and element of each of a case's timers that are due, in the order of their dues."""
    query = (
        select(Timer.task_id, Timer.element)
        .where(Timer.instance_id == instance_id, Timer.fired_at.is_(None), Timer.due_at <= clock.now())
        .order_by(Timer.due_at, Timer.id)
    )
    return [(task_id, element) for task_id, element in session.execute(query)]


def instances_due(session: Session, limit: int) -> list[int]:
    """Return running cases with a timer due, the latest first in line; each is locked and checked in its step."""
    query = (
        select(Timer.instance_id)
        .join(ProcessInstance, ProcessInstance.id == Timer.instance_id)
        .where(
            Timer.fired_at.is_(None),
            Timer.due_at <= clock.now(),
            ProcessInstance.status == InstanceStatus.RUNNING,
        )
        .group_by(Timer.instance_id)
        .order_by(func.min(Timer.due_at))
        .limit(limit)
    )
    return list(session.scalars(query))
