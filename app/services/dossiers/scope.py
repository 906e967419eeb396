"""Whose file a person may see: the own one, others' by office today, and of whom an open task is to be judged."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, literal, or_, select, union
from sqlalchemy.orm import Session, aliased

from app.db.base import BigKey
from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_work
from app.db.registers import DossierEntry
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action, may_anywhere
from app.services import candidates
from app.services.accounts.organizations import in_scope

SANCTIONS = "sanctions"


@dataclass(frozen=True)
class Sight:
    """What of a person's file somebody sees."""

    is_own: bool
    has_entries: bool
    has_sanctions: bool
    has_numbers: bool


def visible_entries(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the entries that a person may see, to be used on `DossierEntry`."""
    is_sanction = DossierEntry.kind == EntryKind.SANCTION
    return or_(
        and_(~is_sanction, DossierEntry.person_id.in_(people_in_sight(session, actor, Action.SEE_DOSSIERS))),
        and_(is_sanction, DossierEntry.person_id.in_(people_in_sight(session, actor, Action.SEE_SANCTIONS))),
    )


def visible_people(session: Session, actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the people whose file, or part of it, a person may see, to be used on `Person`."""
    seen = (people_in_sight(session, actor, action) for action in (Action.SEE_DOSSIERS, Action.SEE_SANCTIONS))
    return or_(*map(Person.id.in_, seen))


def people_in_sight(session: Session, actor: Actor, action: Action) -> CompoundSelect[Any]:
    """Return the ids of those whose entries, or sanctions, somebody sees: a set that a whole list looks into."""
    oneself = select(literal(actor.person_id, BigKey))
    return union(oneself, _in_office(actor, action), _judged(session, actor, action))


def get_person(session: Session, actor: Actor, person_id: int) -> Person:
    """Return a person whose file, or part of it, somebody may see. Raises NotFound."""
    found = session.scalar(select(Person).where(Person.id == person_id, visible_people(session, actor)))
    if found is None:
        raise NotFound
    return found


def sight_of(session: Session, actor: Actor, person_id: int) -> Sight:
    """Return what somebody sees of the file of a person who exists."""
    if person_id == actor.person_id:
        return Sight(is_own=True, has_entries=True, has_sanctions=True, has_numbers=True)
    entries, sanctions = (
        people_in_sight(session, actor, action) for action in (Action.SEE_DOSSIERS, Action.SEE_SANCTIONS)
    )
    # Numbers come with an office only.
    columns = map(Person.id.in_, (entries, sanctions, _in_office(actor, Action.SEE_NUMBERS)))
    seen = session.execute(select(*columns).where(Person.id == person_id)).one()
    return Sight(is_own=False, has_entries=seen[0], has_sanctions=seen[1], has_numbers=seen[2])


def may_see_others(actor: Actor) -> bool:
    """Tell whether some position lets a person see others' files."""
    return any(may_anywhere(actor, action) for action in (Action.SEE_DOSSIERS, Action.SEE_SANCTIONS))


def _in_office(actor: Actor, action: Action) -> Select[Any]:
    """Return the ids of people who work today where the actor's office reaches."""
    places = select(Organization.id).where(in_scope(actor, action))
    return select(Position.person_id).where(Position.organization_id.in_(places), is_work(clock.today()))


def _judged(session: Session, actor: Actor, action: Action) -> Select[Any]:
    """Return the ids of people who started a case in which the actor may take an open task that reads their file."""
    read = WorkItem.reads.contains(SANCTIONS) if action == Action.SEE_SANCTIONS else WorkItem.reads.is_not(None)
    # Under a name of its own: whose tasks the actor does in somebody's place is asked of the case once more.
    case = aliased(ProcessInstance)
    may_take = candidates.may_take(actor, candidates.signed_for(session, actor))
    started = select(case.initiator_id).join(WorkItem, WorkItem.instance_id == case.id)
    return started.where(case.initiator_id.is_not(None), IS_OPEN, read, may_take)
