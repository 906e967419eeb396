"""Who may see a case: who has a part in it, may take an open task of it, or scores it, and offices by their scope."""

import re
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from app.db.panels import Panel
from app.db.people import Organization
from app.db.processes import ProcessInstance, ProcessVersion
from app.db.rounds import Application, Round
from app.db.work import IS_OPEN, IS_UNDONE, Participation, WorkItem
from app.domain.identity import Actor, Holding
from app.domain.rounds import ApplicationKind, ApplicationStatus
from app.domain.vocabulary import Role, WorkItemKind, WorkItemStatus
from app.services import candidates
from app.services.candidates import SignedFor
from app.services.participations import Part

MONEY = "经费"
LONGEST_SEARCH = 100
# For how many people a process keeps the condition of what they may see.
PEOPLE_KEPT = 256
# Offices that see all cases of their own organisation, and those that see its money cases.
OWN_ALL = frozenset({Role.PRINCIPAL, Role.PROCESS_ADMIN})
OWN_MONEY = frozenset({Role.FINANCE_OFFICER, Role.LEGAL_REPRESENTATIVE})
# Offices that see the cases of everything at or below their organisation.
SUBTREE_ALL = frozenset({Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER, Role.BUREAU_ADMIN})
SUBTREE_MONEY = frozenset({Role.BUREAU_FINANCE, Role.BUREAU_AUDITOR})
SHORT_SERIAL = re.compile(r"([A-Z]{2,4})-([0-9]{4}-[0-9]+)")


def may_see(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that selects the cases which a person may see."""
    return _condition(actor, candidates.signed_for(session, actor))


@lru_cache(maxsize=PEOPLE_KEPT)
def _condition(actor: Actor, signed_for: tuple[SignedFor, ...]) -> ColumnElement[bool]:
    """Return the condition for somebody who signs for these positions; to build it takes longer than to ask it."""
    by_office = and_(~is_confidential(), or_(false(), *map(_in_office, actor.holdings)))
    return or_(_has_part(actor), _may_take_task(actor, signed_for), _is_scored_by(actor), by_office)


def may_see_id(session: Session, actor: Actor, instance_id: int) -> bool:
    """Tell whether a person may see one case."""
    query = select(ProcessInstance.id).where(ProcessInstance.id == instance_id, may_see(session, actor))
    return session.scalar(query) is not None


def is_confidential() -> ColumnElement[bool]:
    """Return the condition of a case that nobody sees by office."""
    return ProcessInstance.version_id.in_(select(ProcessVersion.id).where(ProcessVersion.is_confidential))


def matches(text: str) -> ColumnElement[bool]:
    """Return the condition of a search: part of the title or serial, or the initiator's name."""
    wanted = text.strip()[:LONGEST_SEARCH]
    return or_(
        ProcessInstance.title.contains(wanted, autoescape=True),
        _has_serial(wanted.upper()),
        ProcessInstance.initiator.has(name=wanted),
    )


def _has_serial(wanted: str) -> ColumnElement[bool]:
    """Find by part of a serial number, or by the short form shown inside one's organisation: BX-2026-0318."""
    short = SHORT_SERIAL.fullmatch(wanted)
    if short:
        return ProcessInstance.serial.like(f"{short[1]}-%-{short[2]}")
    return ProcessInstance.serial.contains(wanted, autoescape=True)


def _has_part(actor: Actor) -> ColumnElement[bool]:
    return or_(
        ProcessInstance.initiator_id == actor.person_id,
        # The state narrows what the index finds: nobody but who did a task closed it.
        exists().where(
            WorkItem.instance_id == ProcessInstance.id,
            WorkItem.status == WorkItemStatus.DONE,
            WorkItem.closed_by_id == actor.person_id,
        ),
        # What a substitute did is done in the name of who was away.
        exists().where(WorkItem.instance_id == ProcessInstance.id, WorkItem.closed_for_id == actor.person_id),
        exists().where(
            Participation.instance_id == ProcessInstance.id,
            Participation.person_id == actor.person_id,
            or_(Participation.capacity != Part.ASKED, _is_of_place(actor)),
        ),
    )


def _is_of_place(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of a case where a person is, or above: a roll lets nobody see who has left since."""
    places = {int(one) for held in actor.holdings for one in held.organization_path.split("/") if one}
    return ProcessInstance.organization_id.in_(places)


def _may_take_task(actor: Actor, signed_for: tuple[SignedFor, ...]) -> ColumnElement[bool]:
    """Return the condition of an undone task: whoever must approve sees what must be approved.

    Colleagues in its position see what one of them claimed; so does who waits there for opinions.
    """
    may_take = candidates.may_take(actor, signed_for)
    is_task = and_(IS_UNDONE, WorkItem.kind == WorkItemKind.TASK)
    is_concerned = or_(and_(may_take, or_(IS_OPEN, is_task)), and_(is_task, candidates.in_position(actor)))
    return exists().where(WorkItem.instance_id == ProcessInstance.id, is_concerned)


def _is_scored_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of an application whose applicant the person is asked to score as host."""
    applied = (
        select(Application.instance_id)
        .join(Round, Round.id == Application.round_id)
        .join(WorkItem, WorkItem.instance_id == Round.instance_id)
        .join(Panel, Panel.id == WorkItem.collective_id)
        .where(
            WorkItem.assignee_id == actor.person_id,
            Application.kind == ApplicationKind.HOST,
            Application.status == ApplicationStatus.ACCEPTED,
        )
    )
    return ProcessInstance.id.in_(applied.correlate(None))


def _in_office(held: Holding) -> ColumnElement[bool]:
    if held.role in OWN_ALL:
        return ProcessInstance.organization_id == held.organization_id
    if held.role in OWN_MONEY:
        return and_(ProcessInstance.organization_id == held.organization_id, _is_about_money())
    if held.role == Role.STUDIO_HOST:
        return ProcessInstance.studio_id == held.studio_id
    if held.role in SUBTREE_ALL:
        return _is_below(held)
    if held.role in SUBTREE_MONEY:
        return and_(_is_below(held), _is_about_money())
    return false()


def _is_below(held: Holding) -> ColumnElement[bool]:
    return ProcessInstance.organization_id.in_(
        select(Organization.id).where(Organization.path.startswith(held.organization_path, autoescape=True))
    )


def _is_about_money() -> ColumnElement[bool]:
    return ProcessInstance.version_id.in_(select(ProcessVersion.id).where(ProcessVersion.category == MONEY))
