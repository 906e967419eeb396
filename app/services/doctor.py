"""The doctor: what in a database needs a person's hand, in sentences."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.db.collectives import LIVE, CollectiveTask
from app.db.journal import OutboxMessage
from app.db.people import Organization
from app.db.processes import Incident, ProcessInstance
from app.db.work import WorkItem
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import ROLE_TITLES, InstanceStatus, Role, WorkItemStatus
from app.engine import run
from app.services import definitions, holders

MANY_ATTEMPTS = 5
Findings = Iterator[Sentence]


def examine(session: Session) -> list[Sentence]:
    """Return what is wrong: unreadable states, tasks nobody holds, incidents, undelivered messages."""
    return [*_unreadable(session), *_orphans(session), *_incidents(session), *_undelivered(session)]


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
    is_single = WorkItem.instance_id == instance_id, WorkItem.status == WorkItemStatus.OPEN
    items = select(WorkItem.task_id).where(*is_single, WorkItem.collective_id.is_(None))
    is_asked = CollectiveTask.instance_id == instance_id, CollectiveTask.status.in_(LIVE)
    return set(session.scalars(items.union_all(select(CollectiveTask.task_id).where(*is_asked))))


def _orphans(session: Session) -> Findings:
    offered = session.execute(
        select(WorkItem, ProcessInstance.serial, Organization.name)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(Organization, Organization.id == WorkItem.organization_id)
        .where(WorkItem.status == WorkItemStatus.OPEN, WorkItem.role.is_not(None))
    ).all()
    nobodys = holders.unheld(session, [item for item, _serial, _name in offered])
    for item, serial, organization in offered:
        if item.id in nobodys:
            yield sentence(
                N_("%(serial)s 等%(organization)s的%(role)s办理，但这个职务现在没有人。"),
                serial=serial,
                organization=organization,
                role=ROLE_TITLES[Role(str(item.role))],
            )


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
