"""Who acts: a person with the positions held today, read in one statement."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.queries.absences import is_standing_in
from app.db.queries.offices import is_held
from app.domain import clock
from app.domain.errors import Unauthenticated
from app.domain.identity import Actor, Holding
from app.domain.vocabulary import Role
from app.services.absence import stand_ins
from app.services.absence.stand_ins import holding_of

# Positions that many hold beside the one in which they act here.
GENERAL = frozenset({Role.TEACHER, Role.HOMEROOM_TEACHER, Role.ASSISTANT_HOMEROOM_TEACHER})

# Asked at the beginning of each request: built once.
_SIGNED_IN = (
    select(Person, Position, Organization, is_standing_in(bindparam("now")))
    .outerjoin(Position, and_(Position.person_id == Person.id, is_held(bindparam("today"))))
    .outerjoin(Organization, Organization.id == Position.organization_id)
    .where(Person.id == bindparam("person"))
    .order_by(Position.id)
    .execution_options(populate_existing=True)
)


class Habits(NamedTuple):
    """How a person likes pages: compact lists, and single keys that act."""

    is_compact: bool = False
    has_shortcuts: bool = False


@dataclass(frozen=True)
class SignedIn:
    """A person whose session still holds, with what every page needs."""

    actor: Actor
    epoch: int
    habits: Habits


def holds_today() -> ColumnElement[bool]:
    """Return the condition of a position that is held today."""
    return is_held(clock.today())


def load_actor(session: Session, person_id: int, position_id: int | None = None) -> Actor:
    """Return the person with the positions held today, acting in the given one or the most particular.

    Raises Unauthenticated when the account does not exist or is closed.
    """
    return load_signed_in(session, person_id, position_id).actor


def load_signed_in(session: Session, person_id: int, position_id: int | None = None) -> SignedIn:
    """Return the actor with the session's epoch and habits; raises Unauthenticated."""
    rows = session.execute(_SIGNED_IN, {"person": person_id, "now": clock.now(), "today": clock.today()}).all()
    if not rows or not rows[0][0].is_active:
        raise Unauthenticated
    person, *_, is_standing = rows[0]
    held: list[tuple[Position | None, Organization]] = [(row[1], row[2]) for row in rows]
    holdings = tuple(holding_of(position, place) for position, place in held if position is not None)
    found = _actor(person, holdings, position_id)
    if is_standing:
        found = replace(found, stand_ins=stand_ins.of_person(session, person.id, holdings))
    return SignedIn(found, person.session_epoch, Habits(person.is_compact, person.has_shortcuts))


def _actor(person: Person, holdings: tuple[Holding, ...], position_id: int | None) -> Actor:
    chosen = next((held for held in holdings if held.position_id == position_id), None)
    return Actor(
        person_id=person.id,
        name=person.name,
        username=person.username,
        holdings=holdings,
        acting=chosen or min(holdings, key=lambda held: held.role in GENERAL, default=None),
        must_change_password=person.must_change_password,
    )
