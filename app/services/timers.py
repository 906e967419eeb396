"""Timer rows: the engine has no clock, the tick wakes what is due (DESIGN §9)."""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance, Timer
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.engine.changes import Armed
from app.services.dues import due_at


def arm(session: Session, instance_id: int, armed: Iterable[Armed]) -> None:
    """Insert a row for each timer that began to wait; one without a deadline is due at once."""
    for waiting in armed:
        due = due_at(waiting.due)
        session.add(
            Timer(
                instance_id=instance_id,
                task_id=waiting.task_id,
                element=waiting.element,
                due_at=due.instant or clock.now(),
            )
        )


def disarm(session: Session, instance_id: int, task_ids: Iterable[int] | None = None) -> None:
    """Mark timers as spent: those of the named engine tasks, or all of the case."""
    wanted = None if task_ids is None else list(task_ids)
    if wanted == []:
        return
    condition = [Timer.instance_id == instance_id, Timer.fired_at.is_(None)]
    if wanted is not None:
        condition.append(Timer.task_id.in_(wanted))
    session.execute(update(Timer).where(*condition).values(fired_at=clock.now()))


def due_of(session: Session, instance_id: int) -> list[Timer]:
    """Return a case's timers that are due, in the order of their dues."""
    query = select(Timer).where(Timer.instance_id == instance_id, Timer.fired_at.is_(None), Timer.due_at <= clock.now())
    return list(session.scalars(query.order_by(Timer.due_at, Timer.id)))


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
