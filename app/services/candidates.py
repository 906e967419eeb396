"""Who may take a work item: its assignee, or the holders of its position, or a confirmed deputy."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Person, SigningAuthorization
from app.db.queries.offices import is_authorized
from app.db.work import WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.identity import Actor, Holding
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.transactions import memo


@dataclass(frozen=True)
class Capacity:
    """In which position a person acts on a work item; `authorization` where it is as a deputy."""

    title: str
    organization_name: str
    authorization: SigningAuthorization | None = None


def may_take(actor: Actor, deputies: list[SigningAuthorization]) -> ColumnElement[bool]:
    """Return the condition that selects the work items which a person may take."""
    return and_(
        or_(
            WorkItem.assignee_id == actor.person_id,
            and_(WorkItem.assignee_id.is_(None), or_(false(), *map(_held, actor.holdings))),
            and_(WorkItem.is_signature, or_(false(), *map(_deputised, deputies))),
        ),
        ~exists().where(
            WorkItemExclusion.work_item_id == WorkItem.id,
            WorkItemExclusion.person_id == actor.person_id,
        ),
    )


def capacity(session: Session, actor: Actor, item: Any) -> Capacity | None:
    """Return in which position the person may take a work item now, or None."""
    return None if _is_excluded(session, actor, item.id) else capacity_unless_excluded(session, actor, item)


def capacity_unless_excluded(session: Session, actor: Actor, item: Any) -> Capacity | None:
    """Return the same for a work item that the person is known not to be excluded from."""
    if item.assignee_id is not None:
        return _as_assignee(actor, item) if item.assignee_id == actor.person_id else None
    for held in actor.holdings:
        if _matches(held, item):
            return Capacity(ROLE_TITLES[held.role], held.organization_name)
    if not item.is_signature:
        return None
    return next((_as_deputy(found) for found in deputies_of(session, actor) if _covers(found, item)), None)


def in_position(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that selects the work items of a person's positions, whoever has claimed them."""
    return or_(false(), *map(_held, actor.holdings))


def holds_position(actor: Actor, item: Any) -> bool:
    """Tell whether a work item waits, or waited until it was claimed, in the queue of a person's position."""
    return item.role is not None and any(_matches(held, item) for held in actor.holdings)


def name_of(session: Session, person_id: int) -> str:
    """Return the name of who has a work item."""
    return session.get_one(Person, person_id).name


def deputies_of(session: Session, actor: Actor) -> list[SigningAuthorization]:
    """Return the confirmed authorisations under which a person may sign today; read once outside a write."""
    kept, key = memo(session), ("deputies", actor.person_id, clock.today())
    if key not in kept:
        found = select(SigningAuthorization).where(
            SigningAuthorization.deputy_id == actor.person_id, authorization_holds()
        )
        who = (joinedload(SigningAuthorization.principal), joinedload(SigningAuthorization.organization))
        kept[key] = list(session.scalars(found.options(*who)))
    return list(kept[key])


def authorization_holds() -> ColumnElement[bool]:
    """Return the condition of an authorisation under which a deputy may sign today."""
    return is_authorized(clock.today())


def _held(held: Holding) -> ColumnElement[bool]:
    return and_(
        WorkItem.organization_id == held.organization_id,
        WorkItem.role == held.role,
        or_(WorkItem.studio_id.is_(None), WorkItem.studio_id == held.studio_id),
    )


def _deputised(found: SigningAuthorization) -> ColumnElement[bool]:
    return and_(WorkItem.organization_id == found.organization_id, WorkItem.role == found.role)


def _matches(held: Holding, item: Any) -> bool:
    return (
        held.organization_id == item.organization_id
        and held.role == item.role
        and item.studio_id in {None, held.studio_id}
    )


def _covers(found: SigningAuthorization, item: Any) -> bool:
    return bool(found.organization_id == item.organization_id and found.role == item.role)


def _is_excluded(session: Session, actor: Actor, item_id: int) -> bool:
    return session.get(WorkItemExclusion, (item_id, actor.person_id)) is not None


def _as_assignee(actor: Actor, item: Any) -> Capacity:
    here = actor.positions_in(item.organization_id) or actor.holdings
    title = "、".join(dict.fromkeys(ROLE_TITLES[held.role] for held in here)) or actor.name
    return Capacity(title, here[0].organization_name if here else "")


def _as_deputy(found: SigningAuthorization) -> Capacity:
    title = f"{ROLE_TITLES[Role(found.role)]}（代{found.principal.name}）"
    return Capacity(title, found.organization.name, found)
