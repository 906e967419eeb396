"""The tick's look at single tasks: late ones are reminded of, escalated or answered, unheld ones are looked after.

Ids are read without a lock; each task is looked at again under the locks of its case, so that of several
ticks one acts. The act, what is told and the next instant are one commit.
"""

import logging
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.overdue import Kind
from app.domain.vocabulary import InstanceStatus, WorkItemStatus
from app.services import incidents, steps, work_items
from app.services.attention import escalations, overdue, unheld
from app.services.steps import Step
from app.services.transactions import writing

logger = logging.getLogger(__name__)
BATCH = 200


def attend(session: Session) -> int:
    """Look at the open tasks of running cases whose instant has come; return how many were looked at."""
    query = (
        select(WorkItem.id, WorkItem.instance_id)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .where(IS_OPEN, WorkItem.attention_at <= clock.now(), ProcessInstance.status == InstanceStatus.RUNNING)
        .order_by(WorkItem.attention_at, WorkItem.id)
        .limit(BATCH)
    )
    found: Any = session.execute(query).all()
    for item_id, instance_id in found:
        try:
            _attend(session, item_id, instance_id)
        except OperationalError:
            logger.warning("task %s waits for the next tick", item_id, exc_info=True)
        except Exception as error:
            logger.exception("task %s could not be attended to", item_id)
            _pass_over(session, item_id, instance_id, error)
    return len(found)


def _attend(session: Session, item_id: int, instance_id: int) -> None:
    with writing(session):
        step = steps.locked(session, instance_id, None)
        fired = steps.fire_due_timers(step)
        if fired:
            # What the deadline of the task's border does comes first; the next tick looks again.
            steps.conclude(step, "timer", {"elements": fired})
            return
        item = _held(session, item_id)
        if item is not None and step.case.status == InstanceStatus.RUNNING:
            _act(step, item)


def _held(session: Session, item_id: int) -> WorkItem | None:
    """Lock a task that is still to be looked at; another tick, or a person, may have been quicker."""
    item = session.get_one(WorkItem, item_id, with_for_update=True, populate_existing=True)
    is_due = item.attention_at is not None and item.attention_at <= clock.now()
    return item if is_due and item.status == WorkItemStatus.OPEN else None


def _act(step: Step, item: WorkItem) -> None:
    task = work_items.user_task(step.process, item.element)
    assert item.attention_at is not None  # noqa: S101 - it is what brought us here
    kind = overdue.now_due(task, item.due_at, item.attention_at)
    item.attention_at = overdue.next_attention(task, item.due_at)
    step.session.flush()
    if kind is Kind.VERDICT:
        escalations.answer(step, item, task)
    elif kind is Kind.ESCALATE:
        escalations.escalate(step, item, task)
    elif item.is_unheld and item.assignee_id is None:
        unheld.look_after(step, item, task)
    elif kind is Kind.REMIND:
        escalations.remind(step, item)


def _pass_over(session: Session, item_id: int, instance_id: int, error: Exception) -> None:
    """Keep what broke as an incident, and look at the task no more: people can still do it."""
    incidents.record(session, instance_id, error, {"task": item_id, "action": "attend"})
    with writing(session):
        session.get_one(WorkItem, item_id, with_for_update=True, populate_existing=True).attention_at = None
