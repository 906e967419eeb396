"""The people whose files somebody may open by office, by name, each with what is in the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization, Person, Position
from app.db.registers import IS_LIVE, DossierEntry
from app.domain.identity import Actor
from app.services.accounts.actors import holds_today
from app.services.dossiers import scope
from app.services.pages import Page, decode, encode

PAGE = 50
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Filed:
    """A person with the positions held today and the number of entries in sight."""

    person: Person
    positions: Sequence[Position]
    entries: int


def people(
    session: Session, actor: Actor, *, q: str = "", organization_id: int | None = None, cursor: str | None = None
) -> Page[Filed]:
    """Return a page of the people at work whose files somebody may open, by name. Raises Invalid."""
    found = _page(session, [scope.visible_people(session, actor), *_narrowed(q, organization_id)], cursor)
    shown = found[:PAGE]
    ids = [person.id for person in shown]
    posts, counts = _posts(session, ids), _counts(session, actor, ids)
    rows = [Filed(person, posts.get(person.id, ()), counts.get(person.id, 0)) for person in shown]
    after = encode([shown[-1].name, shown[-1].id]) if len(found) > PAGE else None
    return Page(rows, after)


def _narrowed(q: str, organization_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a search; the organisation includes those below."""
    works = select(Position.id).join(Organization, Organization.id == Position.organization_id)
    works = works.where(Position.person_id == Person.id, holds_today()).correlate(Person)
    if organization_id is not None:
        path = select(Organization.path).where(Organization.id == organization_id).scalar_subquery()
        works = works.where(Organization.path.like(path.concat("%")))
    wanted = q.strip()[:LONGEST_SEARCH]
    return [exists(works), *([Person.name.contains(wanted, autoescape=True)] if wanted else [])]


def _page(session: Session, conditions: Sequence[ColumnElement[bool]], cursor: str | None) -> list[Person]:
    query: Any = select(Person).where(*conditions).order_by(Person.name, Person.id).limit(PAGE + 1)
    after = decode(cursor, 2)
    if after is not None:
        query = query.where(tuple_(Person.name, Person.id) > tuple_(*after))
    return list(session.scalars(query))


def _posts(session: Session, people_ids: Sequence[int]) -> dict[int, list[Position]]:
    query = (
        select(Position)
        .where(Position.person_id.in_(people_ids), holds_today())
        .options(joinedload(Position.organization))
        .order_by(Position.id)
    )
    found: dict[int, list[Position]] = {}
    for position in session.scalars(query):
        found.setdefault(position.person_id, []).append(position)
    return found


def _counts(session: Session, actor: Actor, people_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(DossierEntry.person_id, func.count())
        .where(DossierEntry.person_id.in_(people_ids), IS_LIVE, scope.visible_entries(session, actor))
        .group_by(DossierEntry.person_id)
    )
    return {person_id: count for person_id, count in rows}  # noqa: C416 - rows are no pairs to the type checker
