"""Writing dated positions in an open transaction, without asking who does it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role


@dataclass(frozen=True)
class Term:
    """From when to when; both days count, no end means until further notice."""

    from_on: date
    until_on: date | None = None


def not_ended() -> ColumnElement[bool]:
    """Return the condition of a position that is held today or will be."""
    return or_(Position.until_on.is_(None), Position.until_on >= clock.today())


def place_person(
    session: Session, person_id: int, organization: Organization, role: Role, term: Term, studio_id: int | None = None
) -> Position:
    """Write a position in the open transaction without asking who does it; raises Invalid."""
    if term.until_on is not None and term.until_on < term.from_on:
        raise Invalid.field("until_on", N_("任职止不能早于任职起。"))
    _refuse_double(session, person_id, organization, role, term, studio_id)
    position = Position(
        person_id=person_id,
        organization_id=organization.id,
        role=role,
        studio_id=studio_id,
        from_on=term.from_on,
        until_on=term.until_on,
    )
    session.add(position)
    person = session.get_one(Person, person_id)
    person.is_active = True
    session.flush()
    return position


def finish(session: Session, position: Position, last_on: date | None) -> None:
    """End a position in the open transaction; at once means that yesterday was its last day.

    A position that began today leaves no day behind: its row goes, the journal keeps the act.
    """
    last = last_on or clock.today() - timedelta(days=1)
    if last_on is not None and last_on < position.from_on:
        raise Invalid.field("last_on", N_("最后一天不能早于任职起。"))
    if last < position.from_on:
        session.delete(position)
    else:
        position.until_on = last
    session.flush()


def described(position: Position) -> dict[str, object]:
    """Return what the journal keeps of a position."""
    return {
        "person": position.person_id,
        "role": str(position.role),
        "studio": position.studio_id,
        "from_on": position.from_on.isoformat(),
        "until_on": position.until_on.isoformat() if position.until_on else None,
    }


def _refuse_double(
    session: Session, person_id: int, organization: Organization, role: Role, term: Term, studio_id: int | None
) -> None:
    query = select(Position.id).where(
        Position.person_id == person_id,
        Position.organization_id == organization.id,
        Position.role == role,
        Position.studio_id.is_(None) if studio_id is None else Position.studio_id == studio_id,
        or_(Position.until_on.is_(None), Position.until_on >= term.from_on),
    )
    if term.until_on is not None:
        query = query.where(Position.from_on <= term.until_on)
    if session.scalar(query) is not None:
        raise Invalid.field("role", N_("这段时间里已经任%(title)s，不用再加。"), title=ROLE_TITLES[role])
