"""Reminding who has not done a task: once before a collective deadline by the tick, and when a case is urged."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.db.ballots import has_voted
from app.db.collectives import CollectiveTask
from app.db.journal import JournalEntry
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.queries import collectives as queries
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, InstanceStatus
from app.services import outbox, work_items
from app.services.attention import holders
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.transactions import writing

BATCH = 200


def send_due(session: Session) -> int:
    """Put a message in the outbox for each open task whose reminder is due, once; return how many were looked at."""
    query = (
        select(CollectiveTask.id)
        .join(ProcessInstance, ProcessInstance.id == CollectiveTask.instance_id)
        .where(
            CollectiveTask.status == CollectiveStatus.OPEN,
            CollectiveTask.remind_at <= clock.now(),
            ProcessInstance.status == InstanceStatus.RUNNING,
        )
        .order_by(CollectiveTask.id)
        .limit(BATCH)
    )
    found = list(session.scalars(query))
    for collective_id in found:
        with writing(session):
            _send(session, collective_id)
    return len(found)


def remind_missing(session: Session, payload: Mapping[str, Any]) -> None:
    """Write a notification to everyone who has not answered a task yet."""
    task = session.get_one(CollectiveTask, payload["collective"])
    _notify_assignees(session, task.instance_id, WorkItem.collective_id == task.id)


def remind_case(session: Session, payload: Mapping[str, Any]) -> None:
    """Write a notification to everyone whom a case waits for: assignees, members of rolls, holders of positions."""
    instance_id = payload["instance"]
    _notify_assignees(session, instance_id, WorkItem.assignee_id.is_not(None))
    for item in work_items.open_of(session, instance_id):
        if item.assignee_id is None:
            case = session.get_one(ProcessInstance, instance_id)
            notifications.tell(session, holders.people(session, item), _news(case, item.id))


def has_anyone(session: Session, instance_id: int) -> bool:
    """Tell whether a case waits for anybody who can be reminded."""
    is_open = WorkItem.instance_id == instance_id, IS_OPEN
    assigned = select(WorkItem.id).where(*is_open, WorkItem.assignee_id.is_not(None)).limit(1)
    if session.scalar(assigned) is not None:
        return True
    return any(holders.people(session, item) for item in work_items.open_of(session, instance_id))


def count_reminder(session: Session, instance_id: int) -> list[int]:
    """Count a reminder on every open work item of a case, rolls aside; return whom it goes to, apart from those."""
    is_open = WorkItem.instance_id == instance_id, IS_OPEN, WorkItem.collective_id.is_(None)
    session.execute(update(WorkItem).where(*is_open).values(reminder_count=WorkItem.reminder_count + 1))
    return sorted(_reached(session, instance_id))


def names_reached(session: Session, instance_id: int) -> list[str]:
    """Return the names of whom a reminder of a case goes to, apart from those on rolls."""
    return list(
        session.scalars(select(Person.name).where(Person.id.in_(_reached(session, instance_id))).order_by(Person.name))
    )


def _reached(session: Session, instance_id: int) -> set[int]:
    people: set[int] = set()
    for item in work_items.open_of(session, instance_id):
        people |= {item.assignee_id} if item.assignee_id is not None else set(holders.people(session, item))
    return people


def times(session: Session, instance_id: int) -> int:
    """Return how often a case was urged."""
    query = select(func.count()).where(JournalEntry.chain == f"instance/{instance_id}", JournalEntry.action == "remind")
    return session.scalar(query) or 0


def is_reminded_today(session: Session, instance_id: int) -> bool:
    """Tell whether a case was urged today."""
    midnight = clock.at(clock.today())
    query = select(JournalEntry.id).where(
        JournalEntry.chain == f"instance/{instance_id}",
        JournalEntry.action == "remind",
        JournalEntry.occurred_at >= midnight,
    )
    return session.scalar(query.limit(1)) is not None


def _notify_assignees(session: Session, instance_id: int, which: ColumnElement[bool]) -> None:
    """Tell the assignees of open work items."""
    case = session.get_one(ProcessInstance, instance_id)
    query = select(WorkItem.assignee_id, WorkItem.id).where(
        WorkItem.instance_id == instance_id,
        which,
        WorkItem.assignee_id.is_not(None),
        IS_OPEN,
        ~has_voted(),
    )
    rows: Any = session.execute(query.order_by(WorkItem.id))
    notifications.tell_each(session, [(person_id, _news(case, item_id)) for person_id, item_id in rows])


def _news(case: ProcessInstance, item_id: int) -> News:
    text = N_("请办理“%(title)s”：还在等您办。") % {"title": case.title}
    return News(text, NotificationKind.REMINDED, case.id, item_id)


def _send(session: Session, collective_id: int) -> None:
    connection = session.connection()
    held = queries.lock_task(connection, collective_id)
    task = session.get_one(CollectiveTask, collective_id, populate_existing=True)
    # Another tick may have been quicker.
    if held is None or held.status != CollectiveStatus.OPEN or task.remind_at is None:
        return
    queries.save(connection, held, remind_at=None, reminded_at=clock.now())
    outbox.put(session, "remind_missing", {"collective": collective_id})
