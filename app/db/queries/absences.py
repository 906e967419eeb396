"""Absences that hold at a moment, and the positions of those who are away."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Exists, and_, exists, select
from sqlalchemy.orm import Session

from app.db.absences import Absence
from app.db.people import Organization, Person, Position
from app.db.queries.offices import Day, is_held
from app.domain.absences import Link, Processes

# The instant is a value, or a parameter of a prebuilt statement.
Instant = datetime | BindParameter[datetime]


def holds(at: Instant) -> ColumnElement[bool]:
    """Return the condition of an absence that holds at an instant."""
    return and_(Absence.ended_at.is_(None), Absence.from_at <= at, Absence.until_at > at)


def is_standing_in(at: Instant) -> Exists:
    """Return whether the person of the query around stands in for anybody."""
    return exists().where(Absence.substitute_id == Person.id, holds(at)).correlate(Person)


def links(session: Session, organizations: Collection[int], at: datetime) -> list[tuple[Absence, Link]]:
    """Return the absences of some organisations that hold at an instant."""
    query = select(Absence).where(Absence.organization_id.in_(organizations), holds(at)).order_by(Absence.id)
    return [(found, link_of(found)) for found in session.scalars(query)]


def link_of(found: Absence) -> Link:
    """Return what an absence says of tasks."""
    return Link(found.principal_id, found.substitute_id, found.from_at, found.until_at, processes_of(found))


def processes_of(found: Absence) -> Processes:
    """Return for which processes an absence holds."""
    return None if found.processes is None else frozenset(found.processes)


def positions(
    session: Session, people: Collection[int], organizations: Collection[int], on: Day
) -> list[tuple[Position, Person, Organization]]:
    """Return the positions that active people hold in some organisations, with the people and the organisations."""
    query = (
        select(Position, Person, Organization)
        .join(Person, Person.id == Position.person_id)
        .join(Organization, Organization.id == Position.organization_id)
        .where(Position.person_id.in_(people), Position.organization_id.in_(organizations), is_held(on))
        .where(Person.is_active)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Position.id))]
