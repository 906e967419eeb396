"""Named queries over positions as registers list them: appointments, a studio's people, where people work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, joinedload

from app.db.money import Studio
from app.db.people import Organization, Position
from app.db.queries.offices import is_held, is_work
from app.domain.vocabulary import Role


@dataclass(frozen=True)
class Wanted:
    """Which appointments are asked for; `None` means all."""

    path: str | None = None
    person_id: int | None = None
    studio_id: int | None = None
    role: Role | None = None
    year: int | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Workplace:
    """An organisation in which somebody works."""

    id: int
    name: str


def appointments(
    session: Session, scope: ColumnElement[bool], wanted: Wanted, *, after: tuple[date, int] | None, limit: int
) -> list[tuple[Position, str | None]]:
    """Return posts with the names of their studios, those begun last first; `scope` may name the organisation."""
    query = (
        select(Position, Studio.name)
        .join(Position.organization)
        .outerjoin(Studio, Studio.id == Position.studio_id)
        .where(scope, *_conditions(wanted))
        .options(joinedload(Position.person), contains_eager(Position.organization))
        .order_by(Position.from_on.desc(), Position.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Position.from_on, Position.id) < tuple_(*after))
    return [(position, name) for position, name in session.execute(query)]


def of_studios(session: Session, studio_ids: Sequence[int]) -> dict[int, list[Position]]:
    """Return all posts that studios ever had, with their people, the oldest first."""
    query = select(Position).where(Position.studio_id.in_(studio_ids)).options(joinedload(Position.person))
    found: dict[int, list[Position]] = {}
    for post in session.scalars(query.order_by(Position.from_on, Position.id)):
        found.setdefault(post.studio_id or 0, []).append(post)
    return found


def workplaces(session: Session, person_ids: Iterable[int], day: date) -> dict[int, list[Workplace]]:
    """Return the organisations in which people work on a day."""
    rows = session.execute(
        select(Position.person_id, Organization.id, Organization.name)
        .join(Organization, Organization.id == Position.organization_id)
        .where(Position.person_id.in_(list(person_ids)), is_work(day))
        .distinct()
        .order_by(Organization.id)
    )
    found: dict[int, list[Workplace]] = {}
    for person_id, organization_id, name in rows:
        found.setdefault(person_id, []).append(Workplace(organization_id, name))
    return found


def works_below(person: InstrumentedAttribute[int], path: str, day: date) -> ColumnElement[bool]:
    """Return the condition of somebody who works on a day in an organisation or below it."""
    below = select(Organization.id).where(Organization.path.startswith(path, autoescape=True))
    return person.in_(select(Position.person_id).where(Position.organization_id.in_(below), is_work(day)))


def has_post(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition of a studio with a post, held today or not, that meets a condition."""
    return exists().where(Position.studio_id == Studio.id, condition)


def touches(year: int) -> ColumnElement[bool]:
    """Return the condition of a position that was held for some day of a calendar year."""
    is_over = Position.until_on < date(year, 1, 1)
    return and_(Position.from_on <= date(year, 12, 31), or_(Position.until_on.is_(None), ~is_over))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    equal = {
        Position.person_id: wanted.person_id,
        Position.studio_id: wanted.studio_id,
        Position.role: wanted.role,
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if wanted.path is not None:
        found.append(Organization.path.startswith(wanted.path, autoescape=True))
    if wanted.year is not None:
        found.append(touches(wanted.year))
    if wanted.as_of is not None:
        found.append(is_held(wanted.as_of))
    return found
