"""The register of studios, for everybody who may see their organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager

from app.db.money import Studio
from app.db.people import Organization, Person, Position
from app.db.queries.offices import is_held
from app.db.queries.posts import has_post, of_studios
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.vocabulary import Role, StudioLevel
from app.services.accounts.organizations import in_scope
from app.services.pages import Page, limit_of
from app.services.registers.filters import Filters, Place, dated_page, path_of


@dataclass(frozen=True)
class StudioFilters(Filters):
    """What is asked of the studios; the person is one of its people, `as_of` a day of its term."""

    level: StudioLevel | None = None
    q: str | None = None


@dataclass(frozen=True)
class StudioRow:
    """A studio with those who are its people on a day, or were at its end."""

    studio: Studio
    posts: Sequence[Position]

    def people(self, role: Role) -> list[Person]:
        """Return those in a post."""
        return [post.person for post in self.posts if post.role == role]


def studios(
    session: Session, actor: Actor, filters: StudioFilters, *, cursor: str | None = None, limit: int | None = None
) -> Page[StudioRow]:
    """Return studios, those whose term began last first. Raises NotFound, Invalid."""
    query = _selected(session, actor, filters)
    page = dated_page(
        cursor,
        limit_of(limit),
        lambda after, size: _read(session, query, after, size),
        lambda studio: (studio.from_on, studio.id),
    )
    return Page(_rows(session, page.items, filters.as_of or clock.today()), page.next)


def count(session: Session, actor: Actor, filters: StudioFilters) -> int:
    """Return how many studios there are. Raises NotFound."""
    found = _selected(session, actor, filters).with_only_columns(func.count(Studio.id))
    return session.scalar(found) or 0


def get_studio(session: Session, actor: Actor, studio_id: int) -> Studio:
    """Return a studio of an organisation in sight; raises NotFound."""
    query = select(Studio).join(Studio.organization).options(contains_eager(Studio.organization))
    in_sight = in_scope(actor, Action.SEE_ORGANIZATION)
    found = session.scalar(query.where(Studio.id == studio_id, in_sight))
    if found is None:
        raise NotFound
    return found


def is_at_work(day: date) -> ColumnElement[bool]:
    """Return the condition of a studio that is at work on a day: in its term, and not ended."""
    return (Studio.from_on <= day) & (Studio.until_on >= day) & or_(Studio.ended_on.is_(None), Studio.ended_on > day)


def is_over(studio: Studio, day: date) -> bool:
    """Tell whether a studio was ended, or its term is over on a day."""
    return studio.ended_on is not None or studio.until_on < day


def last_day(studio: Studio) -> date:
    """Return the last day of a studio: who ends it today ends its posts yesterday."""
    if studio.ended_on is None:
        return studio.until_on
    return max(studio.from_on, min(studio.ended_on - timedelta(days=1), studio.until_on))


def held_on(studio: Studio, posts: Sequence[Position], day: date) -> list[Position]:
    """Return the posts held on a day, or on the nearest day of the studio."""
    when = max(studio.from_on, min(day, last_day(studio)))
    return [post for post in posts if post.from_on <= when and (post.until_on is None or post.until_on >= when)]


def _read(session: Session, query: Select[Any], after: Place | None, size: int) -> list[Studio]:
    if after is not None:
        query = query.where(tuple_(Studio.from_on, Studio.id) < tuple_(*after))
    query = query.options(contains_eager(Studio.organization))
    return list(session.scalars(query.order_by(Studio.from_on.desc(), Studio.id.desc()).limit(size)))


def _rows(session: Session, found: Sequence[Studio], day: date) -> list[StudioRow]:
    posts: Mapping[int, list[Position]] = of_studios(session, [studio.id for studio in found])
    return [StudioRow(studio, held_on(studio, posts.get(studio.id, []), day)) for studio in found]


def _selected(session: Session, actor: Actor, filters: StudioFilters) -> Select[Any]:
    query = select(Studio).join(Studio.organization).where(in_scope(actor, Action.SEE_ORGANIZATION))
    path = path_of(session, actor, filters.organization_id)
    if path is not None:
        query = query.where(Organization.path.startswith(path, autoescape=True))
    return query.where(*_conditions(filters))


def _conditions(filters: StudioFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.level is not None:
        found.append(Studio.level == filters.level)
    if filters.person_id is not None:
        found.append(has_post(Position.person_id == filters.person_id))
    if filters.year is not None:
        first, last = date(filters.year, 1, 1), date(filters.year, 12, 31)
        found.append((Studio.from_on <= last) & (Studio.until_on >= first))
    if filters.as_of is not None:
        found.append(is_at_work(filters.as_of))
    if filters.q is not None:
        found.append(_matches(filters.q))
    return found


def _matches(text: str) -> ColumnElement[bool]:
    """Return the condition of a search: part of the studio's name, or of its host's."""
    named = Position.person_id.in_(select(Person.id).where(Person.name.contains(text, autoescape=True)))
    is_host = has_post((Position.role == Role.STUDIO_HOST) & named & is_held(clock.today()))
    return or_(Studio.name.contains(text, autoescape=True), is_host)
