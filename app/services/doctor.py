"""The doctor: what in a database needs a person's hand, in sentences."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, undefer

from app.db.collectives import LIVE, CollectiveTask
from app.db.journal import OutboxMessage
from app.db.messages import Message
from app.db.people import Organization, Position
from app.db.processes import Incident, ProcessInstance
from app.db.schedules import Schedule
from app.db.work import IS_OPEN, IS_UNDONE, WorkItem
from app.domain import clock
from app.domain.school_years import titled
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import ROLE_TITLES, InstanceStatus, Role
from app.engine import run
from app.services.accounts.actors import holds_today
from app.services.attention import holders, unheld
from app.services.filings import strandings
from app.services.publishing import definitions

MANY_ATTEMPTS = 5
UNRECEIVED_AFTER = timedelta(days=1)
MOST_MESSAGES = 50
Findings = Iterator[Sentence]


def examine(session: Session) -> list[Sentence]:
    """Return what is wrong: unreadable states, tasks nobody holds, incidents, undelivered messages."""
    return [
        *_unreadable(session),
        *_orphans(session),
        *_left(session),
        *_incidents(session),
        *_undelivered(session),
        *_unreceived(session),
        *_unstarted(session),
        *_stranded(session),
    ]


def _unreadable(session: Session) -> Findings:
    running = (
        select(ProcessInstance)
        .where(ProcessInstance.status == InstanceStatus.RUNNING)
        .options(undefer(ProcessInstance.state))
        .execution_options(yield_per=100)
    )
    for case in session.scalars(running):
        try:
            waiting = set(run.waiting_tasks(definitions.of_case(session, case), case.state))
        except Exception as error:  # noqa: BLE001 - whatever a damaged state raises is the finding
            yield sentence(N_("%(serial)s 的状态读不出来：%(reason)s"), serial=case.serial, reason=str(error))
            continue
        if waiting != _listed(session, case.id):
            yield sentence(N_("%(serial)s 的待办与流程的位置对不上。"), serial=case.serial)


def _listed(session: Session, instance_id: int) -> set[int]:
    """Return the engine's tasks that people are asked: work items, and tasks of many people until they are closed."""
    is_single = WorkItem.instance_id == instance_id, IS_UNDONE
    items = select(WorkItem.task_id).where(*is_single, WorkItem.collective_id.is_(None))
    is_asked = CollectiveTask.instance_id == instance_id, CollectiveTask.status.in_(LIVE)
    return set(session.scalars(items.union_all(select(CollectiveTask.task_id).where(*is_asked))))


def _orphans(session: Session) -> Findings:
    """Yield the tasks that nobody holds, where no administrator has them on the list either."""
    offered = session.execute(
        select(WorkItem, ProcessInstance.serial, Organization.name)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(Organization, Organization.id == WorkItem.organization_id)
        .where(IS_OPEN, WorkItem.role.is_not(None))
    ).all()
    nobodys = holders.unheld(session, [item for item, _serial, _name in offered])
    for item, serial, organization in offered:
        if item.id in nobodys and not (item.is_unheld and unheld.administrators(session, item)):
            yield sentence(
                N_("%(serial)s 等%(organization)s的%(role)s办理，但这个职务现在没有人。"),
                serial=serial,
                organization=organization,
                role=ROLE_TITLES[Role(str(item.role))],
            )


def _left(session: Session) -> Findings:
    """Yield the rolls on which people are awaited who hold no position in the organisation any more."""
    is_there = exists().where(
        Position.person_id == WorkItem.assignee_id, Position.organization_id == WorkItem.organization_id, holds_today()
    )
    query = (
        select(ProcessInstance.serial, CollectiveTask.element_name, Organization.name, func.count())
        .join(WorkItem, WorkItem.collective_id == CollectiveTask.id)
        .join(ProcessInstance, ProcessInstance.id == CollectiveTask.instance_id)
        .join(Organization, Organization.id == CollectiveTask.organization_id)
        .where(IS_OPEN, ~is_there)
        .group_by(CollectiveTask.id, ProcessInstance.serial, CollectiveTask.element_name, Organization.name)
        .order_by(CollectiveTask.id)
    )
    for serial, step, organization, count in session.execute(query):
        message = N_("%(serial)s 的“%(step)s”还等 %(count)d 个人办理，他们已经不在%(organization)s任职，不能办了。")
        yield sentence(message, serial=serial, step=step, count=count, organization=organization)


def _incidents(session: Session) -> Findings:
    rows = session.execute(
        select(ProcessInstance.serial, Incident.summary)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
        .where(Incident.resolved_at.is_(None))
    )
    for serial, summary in rows:
        yield sentence(N_("%(serial)s 有没解决的故障：%(summary)s"), serial=serial, summary=summary)


def _undelivered(session: Session) -> Findings:
    stuck = session.scalar(
        select(func.count()).where(OutboxMessage.done_at.is_(None), OutboxMessage.attempts >= MANY_ATTEMPTS)
    )
    if stuck:
        yield sentence(N_("发件箱里有 %(count)d 条消息试了多次送不出。"), count=stuck)


def _unreceived(session: Session) -> Findings:
    """Yield the messages of diagrams that no case has received for a day; who waits for one in time still gets it.

    What an operation sends only says that a table changed: whoever begins to wait later has read the table.
    """
    query = (
        select(Message.name, Message.key, Organization.name, ProcessInstance.serial)
        .join(Organization, Organization.id == Message.organization_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Message.instance_id)
        .where(
            Message.received_at.is_(None),
            Message.element.is_not(None),
            Message.sent_at < clock.now() - UNRECEIVED_AFTER,
        )
        .order_by(Message.id)
        .limit(MOST_MESSAGES)
    )
    for name, key, organization, serial in session.execute(query):
        message = N_("%(sender)s发出的消息“%(name)s”（%(key)s）一直没有办件收。")
        yield sentence(message, sender=serial or organization, name=name, key=key)


def _stranded(session: Session) -> Findings:
    """Yield the bureaus' years whose case has ended over rows; the next morning they are opened again."""
    message = N_(
        "%(bureau)s%(year)s职级备案的办件已经结束或者取消，还有 %(count)d 位老师的名单在那里没有人办；下一个工作日上午会重新开启。"
    )
    for one in strandings.stranded(session):
        year = titled(one.run.school_year).chinese()
        yield sentence(message, bureau=one.run.organization.name, year=year, count=one.rows)


def _unstarted(session: Session) -> Findings:
    query = select(Schedule).where(Schedule.stopped_at.is_(None), Schedule.error.is_not(None))
    for schedule in session.scalars(query):
        yield sentence(
            N_("%(organization)s的“%(key)s”没有按时开始，试了 %(count)d 次：%(reason)s"),
            organization=schedule.organization.name,
            key=schedule.process_key,
            count=schedule.attempts,
            reason=schedule.error,
        )
