"""Who may take a work item: its assignee, or the holders of its position, or a confirmed deputy.

Whoever stands in for somebody away takes that person's tasks too, never signatures, opinions that were asked
of the person by name, places on rolls, or what opens the seal of an objection; nobody in whose place one would act may be excluded, and no substitute decides in an own case.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Person, SigningAuthorization
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_authorized
from app.db.work import OPENS_SEAL, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.identity import Actor, Holding, StandIn
from app.domain.objections import NAMED_TASKS, PROCESS
from app.domain.vocabulary import ROLE_TITLES, Role, WorkItemKind
from app.services.transactions import memo

# Asked by every list and every case: built once.
_AUTHORIZATIONS = (
    select(SigningAuthorization)
    .where(SigningAuthorization.deputy_id == bindparam("deputy"), is_authorized(bindparam("today")))
    .options(joinedload(SigningAuthorization.principal), joinedload(SigningAuthorization.organization))
)


class Capacity(NamedTuple):
    """In which position a person acts on a work item; `authorization` where it is as a deputy.

    `for_person` is who is away, where the person stands in.
    """

    title: str
    organization_name: str
    authorization: SigningAuthorization | None = None
    for_person: StandIn | None = None

    @property
    def for_person_id(self) -> int | None:
        """Return for whom the person stands in."""
        return self.for_person.principal_id if self.for_person else None

    def seated(self, actor: Actor) -> Actor:
        """Return the person with the positions from which the task is done: those of who is away."""
        return replace(actor, holdings=self.for_person.holdings) if self.for_person else actor


class SignedFor(NamedTuple):
    """A position in whose place a person may sign."""

    organization_id: int
    role: str


def may_take(actor: Actor, signed_for: Iterable[SignedFor]) -> ColumnElement[bool]:
    """Return the condition that selects the work items which a person may take."""
    return and_(
        or_(
            and_(WorkItem.assignee_id == actor.person_id, _is_still_here(actor)),
            and_(WorkItem.assignee_id.is_(None), or_(false(), *map(_held, actor.holdings))),
            or_(false(), *map(_is_over, actor.holdings)),
            and_(WorkItem.is_signature, or_(false(), *map(_deputised, signed_for))),
            *(_stood_in_for(actor, one) for one in actor.stand_ins),
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
    found = _own_capacity(actor.person_id, actor.name, actor.holdings, item) or _capacity_above(actor, item)
    if found is not None:
        return found
    if item.is_signature:
        return _deputy_capacity(session, actor, item)
    is_personal = item.collective_id is not None or item.kind != WorkItemKind.TASK
    return None if is_personal else _stand_in_capacity(session, actor, item)


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
        kept[key] = list(session.scalars(_AUTHORIZATIONS, {"deputy": actor.person_id, "today": clock.today()}))
    return list(kept[key])


def signed_for(session: Session, actor: Actor) -> tuple[SignedFor, ...]:
    """Return the positions in whose place a person may sign today."""
    return tuple(SignedFor(one.organization_id, one.role) for one in deputies_of(session, actor))


def authorization_holds() -> ColumnElement[bool]:
    """Return the condition of an authorisation under which a deputy may sign today."""
    return is_authorized(clock.today())


def _own_capacity(person_id: int, name: str, holdings: tuple[Holding, ...], item: Any) -> Capacity | None:
    """Return in which position a person with these holdings may take a work item."""
    if item.assignee_id is not None:
        return _as_assignee(name, holdings, item) if item.assignee_id == person_id else None
    held = None if _waits_for_a_name(item) else next((one for one in holdings if _matches(one, item)), None)
    return Capacity(ROLE_TITLES[held.role], held.organization_name) if held else None


def _waits_for_a_name(item: Any) -> bool:
    """Tell whether a task is the administrators' to give to somebody, not to do: it opens a seal, or judges their colleagues."""
    is_named = item.process_key == PROCESS and item.element in NAMED_TASKS
    return is_named and item.role == Role.PROCESS_ADMIN


def _capacity_above(actor: Actor, item: Any) -> Capacity | None:
    """Return in which position a person may take a late task that was put before it."""
    held = next((one for one in actor.holdings if _stands_over(one, item)), None)
    return Capacity(ROLE_TITLES[held.role], held.organization_name) if held else None


def _deputy_capacity(session: Session, actor: Actor, item: Any) -> Capacity | None:
    if item.assignee_id is not None:
        return None
    return next((_as_deputy(found) for found in deputies_of(session, actor) if _covers(found, item)), None)


def _stand_in_capacity(session: Session, actor: Actor, item: Any) -> Capacity | None:
    for one in actor.stand_ins:
        is_meant = one.organization_id == item.organization_id and one.concerns(item.process_key)
        found = _own_capacity(one.principal_id, one.name, one.holdings, item) if is_meant else None
        if found is not None and _may_stand_in(session, actor, one, item.id):
            return found._replace(title=f"{found.title}（代{one.name}）", for_person=one)
    return None


def _may_stand_in(session: Session, actor: Actor, one: StandIn, item_id: int) -> bool:
    query = select(WorkItem.id).where(WorkItem.id == item_id, _is_unbarred(actor, one))
    return session.scalar(query) is not None


def _stood_in_for(actor: Actor, one: StandIn) -> ColumnElement[bool]:
    is_meant = [WorkItem.process_key.in_(one.processes)] if one.processes is not None else []
    return and_(
        WorkItem.organization_id == one.organization_id,
        ~WorkItem.is_signature,
        WorkItem.collective_id.is_(None),
        WorkItem.kind == WorkItemKind.TASK,
        *is_meant,
        or_(
            WorkItem.assignee_id == one.principal_id,
            and_(WorkItem.assignee_id.is_(None), or_(false(), *map(_held, one.holdings))),
        ),
        _is_unbarred(actor, one),
    )


def _is_unbarred(actor: Actor, one: StandIn) -> ColumnElement[bool]:
    """Return the condition of a task without seal from which none in whose place one acts is excluded, in no own case."""
    is_barred = exists().where(
        WorkItemExclusion.work_item_id == WorkItem.id, WorkItemExclusion.person_id.in_(one.people)
    )
    is_own = exists().where(
        ProcessInstance.id == WorkItem.instance_id,
        ProcessInstance.initiator_id.in_((actor.person_id, *one.through)),
    )
    return and_(~is_barred, ~is_own, ~OPENS_SEAL)


def _held(held: Holding) -> ColumnElement[bool]:
    return and_(
        WorkItem.organization_id == held.organization_id,
        WorkItem.role == held.role,
        or_(WorkItem.studio_id.is_(None), WorkItem.studio_id == held.studio_id),
    )


def _is_still_here(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of no place on a roll that reads a file: who has left, answers and reads no more."""
    places = {held.organization_id for held in actor.holdings}
    return or_(WorkItem.collective_id.is_(None), WorkItem.reads.is_(None), WorkItem.organization_id.in_(places))


def _is_over(held: Holding) -> ColumnElement[bool]:
    """Return the condition of a late task that was put before a position; a signature stays its own position's."""
    is_here = WorkItem.organization_id == held.organization_id
    return and_(WorkItem.escalated_to == held.role, is_here, ~WorkItem.is_signature)


def _stands_over(held: Holding, item: Any) -> bool:
    is_here = held.organization_id == item.organization_id and held.role == item.escalated_to
    return bool(is_here and not item.is_signature)


def _deputised(found: SignedFor) -> ColumnElement[bool]:
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


def _as_assignee(name: str, holdings: tuple[Holding, ...], item: Any) -> Capacity:
    here = [held for held in holdings if held.organization_id == item.organization_id] or holdings
    title = "、".join(dict.fromkeys(ROLE_TITLES[held.role] for held in here)) or name
    return Capacity(title, here[0].organization_name if here else "")


def _as_deputy(found: SigningAuthorization) -> Capacity:
    title = f"{ROLE_TITLES[Role(found.role)]}（代{found.principal.name}）"
    return Capacity(title, found.organization.name, found)
