"""Closing a collective task: found settled or due, checked again under the locks, once whoever comes first.

A response that settles the task closes it right after its commit. Where that was lost, and at the deadline,
the tick finds it.
"""

import logging
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.processes import ProcessInstance
from app.db.queries import collectives as queries
from app.db.queries.collectives import LockedCollective
from app.domain import clock
from app.domain.tally import COUNTED, outcome
from app.domain.vocabulary import CollectiveStatus, InstanceStatus, Verdict
from app.engine import panels, run
from app.engine.collectives import summary
from app.engine.model import UserTask
from app.services import journal, steps
from app.services.acts import come_backs
from app.services.ballots import endings
from app.services.journal import Act
from app.services.panels import results
from app.services.steps import Step
from app.services.transactions import writing

logger = logging.getLogger(__name__)
BATCH = 200
RULE, DEADLINE, SCRUTINEERS = "rule", "deadline", "scrutineers"


def sweep(session: Session) -> int:
    """Close what is settled or due in running cases; return how many were looked at."""
    is_due = and_(CollectiveTask.status == CollectiveStatus.OPEN, CollectiveTask.due_at <= clock.now())
    query = (
        select(CollectiveTask.id, CollectiveTask.instance_id)
        .join(ProcessInstance, ProcessInstance.id == CollectiveTask.instance_id)
        .where(
            or_(CollectiveTask.status == CollectiveStatus.SETTLED, is_due),
            ProcessInstance.status == InstanceStatus.RUNNING,
        )
        .order_by(CollectiveTask.due_at, CollectiveTask.id)
        .limit(BATCH)
    )
    found: Any = session.execute(query).all()
    for collective_id, instance_id in found:
        try:
            close(session, collective_id, instance_id)
        except OperationalError:
            logger.warning("collective task %s waits for the next tick", collective_id, exc_info=True)
    return len(found)


def close_soon(session: Session, collective_id: int, instance_id: int) -> None:
    """Close a collective task after a response; what a busy database prevents is left to the tick."""
    try:
        close(session, collective_id, instance_id)
    except OperationalError:
        logger.warning("collective task %s waits for the tick", collective_id, exc_info=True)


def close(session: Session, collective_id: int, instance_id: int) -> None:
    """Close a collective task if it is settled or due and its case is running; a case that breaks is stopped.

    Raises OperationalError where the database could not be reached: the next tick tries again.
    """
    try:
        with writing(session):
            step = steps.locked(session, instance_id, None)
            if step.case.status == InstanceStatus.RUNNING:
                _close(step, collective_id)
    except OperationalError:
        raise
    except Exception as error:
        logger.exception("collective task %s could not be closed", collective_id)
        _stop(session, collective_id, instance_id, error)


def _close(step: Step, collective_id: int) -> None:
    held = queries.lock_task(step.connection, collective_id)
    if held is None or not _is_closing(held):
        return
    if _is_overtaken(step, held):
        steps.conclude(step, "timer", {"elements": steps.fire_due_timers(step)})
        return
    if held.is_secret and held.status == CollectiveStatus.OPEN and not endings.end_voting(step, held):
        return
    result, closed_by, left = _result(step, held)
    told = {"element": held.element, "verdict": result, "closed_by": closed_by}
    numbers = {"roll": held.roll, "answered": held.count.answered, "recused": held.recused}
    held.status = CollectiveStatus.CLOSED
    journal.record_collective(step.connection, held, None, Act("close", {**told, **numbers}))
    queries.save(step.connection, held, outcome=result, closed_by=closed_by, closed_at=clock.now())
    step.connection.execute(queries.CANCEL_SEATS, {"collective": held.id, "closed_at": clock.now()})
    case = step.case
    changes = run.complete(
        step.process, case.state, case.values, held.task_id, left, result, step.context, step.operations
    )
    changes = come_backs.lead_back(step, held.comes_back_to, result, changes)
    steps.apply(step, changes, is_returned=result == Verdict.RETURN)
    steps.conclude(step, "close_collective", {**told, **numbers, "collective": held.id})


def _is_closing(held: LockedCollective) -> bool:
    is_due = held.status == CollectiveStatus.OPEN and held.is_due(clock.now())
    return held.status == CollectiveStatus.SETTLED or is_due


def _is_overtaken(step: Step, held: LockedCollective) -> bool:
    """Tell whether a timer of the case was due before the deadline; what is settled came in time."""
    timer = step.beside.next_due_at
    is_earlier = timer is not None and held.due_at is not None and timer < held.due_at
    return held.status == CollectiveStatus.OPEN and step.is_due and is_earlier


def _result(step: Step, held: LockedCollective) -> tuple[str, str, dict[str, Any]]:
    """Return the outcome, what brought it, and what the case keeps of it."""
    if held.is_secret:
        found, left = endings.outcome_of(step.session, held)
        return found, SCRUTINEERS if found == COUNTED else DEADLINE, left
    found, closed_by = _by_rule(held)
    if _is_scored(step, held):
        return panels.outcome_of(found), closed_by, results.left(step.session, held, closed_by)
    return found, closed_by, summary(held.count, closed_by, held.secrecy)


def _is_scored(step: Step, held: LockedCollective) -> bool:
    task = step.process.element(held.element)
    return isinstance(task, UserTask) and task.collective is not None and task.collective.is_scored


def _by_rule(held: LockedCollective) -> tuple[str, str]:
    """Return the outcome, and whether the rule or the deadline brought it."""
    by_rule = outcome(held.rule, held.count, is_due=False)
    if by_rule is not None:
        return by_rule, RULE
    at_deadline = outcome(held.rule, held.count, is_due=True)
    assert at_deadline is not None  # noqa: S101 - at the deadline nothing stays open
    return at_deadline, DEADLINE


def _stop(session: Session, collective_id: int, instance_id: int, error: Exception) -> None:
    """Stop a case that broke with nobody at it, so that the tick does not break on it for ever."""
    with writing(session):
        step = steps.locked(session, instance_id, None)
        held = queries.lock_task(step.connection, collective_id)
        if step.case.status == InstanceStatus.RUNNING and held is not None and _is_closing(held):
            steps.fail(step, error, {"collective": collective_id})
