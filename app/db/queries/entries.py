"""Named queries over the live entries of teachers' files: one page of a register, how many, and what goes with a row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.queries.posts import works_below
from app.db.registers import IS_LIVE, DossierEntry, EntryEvidence
from app.domain.dossiers import EntryKind, Level
from app.domain.registers import Moment

_NEWEST_FIRST = DossierEntry.from_on.desc(), DossierEntry.id.desc()


@dataclass(frozen=True)
class Selection:
    """What of a register is asked for; `None` means all.

    `path` selects who works today in an organisation or below it; `day` is that of the answer.
    """

    kinds: tuple[EntryKind, ...]
    moment: Moment
    day: date
    path: str | None = None
    person_id: int | None = None
    category: str | None = None
    level: Level | None = None
    year: int | None = None
    as_of: date | None = None
    q: str | None = None


class Place(NamedTuple):
    """Where an entry stands in a register, and whose it is."""

    from_on: date
    id: int
    person_id: int


def page_of(
    session: Session, scope: ColumnElement[bool], wanted: Selection, *, after: tuple[date, int] | None, limit: int
) -> list[Place]:
    """Return the places of entries behind another, the newest first."""
    places: Any = select(DossierEntry.from_on, DossierEntry.id, DossierEntry.person_id)
    query = _selected(places, scope, wanted)
    if after is not None:
        query = query.where(tuple_(DossierEntry.from_on, DossierEntry.id) < tuple_(*after))
    rows: Iterable[Any] = session.execute(query.order_by(*_NEWEST_FIRST).limit(limit))
    return [Place(*row) for row in rows]


def load(session: Session, entry_ids: Sequence[int]) -> list[DossierEntry]:
    """Return entries with who they are about and who verified them, the newest first."""
    loading = (
        joinedload(DossierEntry.person),
        joinedload(DossierEntry.organization),
        joinedload(DossierEntry.verified_by),
        joinedload(DossierEntry.instance).joinedload(ProcessInstance.organization),
    )
    query = select(DossierEntry).where(DossierEntry.id.in_(entry_ids))
    return list(session.scalars(query.options(*loading).order_by(*_NEWEST_FIRST)))


def count(session: Session, scope: ColumnElement[bool], wanted: Selection) -> int:
    """Return how many entries there are."""
    found = _selected(select(DossierEntry.id), scope, wanted).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def years(session: Session, scope: ColumnElement[bool], kinds: Iterable[EntryKind]) -> list[int]:
    """Return the years in which entries of some kinds begin, the newest first."""
    year = extract("year", DossierEntry.from_on)
    query = select(year).where(scope, IS_LIVE, DossierEntry.kind.in_(list(kinds))).distinct()
    return [int(found) for found in session.scalars(query.order_by(year.desc()))]


def evidence(session: Session, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the attachments that prove each entry."""
    query = select(EntryEvidence.entry_id, EntryEvidence.attachment_id)
    rows = session.execute(query.where(EntryEvidence.entry_id.in_(entry_ids)).order_by(EntryEvidence.attachment_id))
    found: dict[int, list[str]] = {}
    for entry_id, attachment_id in rows:
        found.setdefault(entry_id, []).append(attachment_id)
    return found


def _selected(query: Select[Any], scope: ColumnElement[bool], wanted: Selection) -> Select[Any]:
    query = query.where(scope, IS_LIVE, DossierEntry.kind.in_(wanted.kinds), *_conditions(wanted))
    if wanted.as_of is not None:
        query = query.where(_AS_OF[wanted.moment](wanted.as_of))
    if wanted.year is not None:
        query = query.where(_in_year(wanted.moment, wanted.year))
    if wanted.path is not None:
        query = query.where(works_below(DossierEntry.person_id, wanted.path, wanted.day))
    return query


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    given = ((name, getattr(wanted, name)) for name in _NARROWING)
    return [_NARROWING[name](value) for name, value in given if value is not None]


def _in_year(moment: Moment, year: int) -> ColumnElement[bool]:
    """Return the condition of what begins in a calendar year, or of what runs touches it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if moment == Moment.RUNNING:
        return and_(DossierEntry.from_on <= last, _not_over(first))
    return DossierEntry.from_on.between(first, last)


def _not_over(day: date) -> ColumnElement[bool]:
    return or_(DossierEntry.until_on.is_(None), DossierEntry.until_on >= day)


def is_latest(day: date) -> ColumnElement[bool]:
    """Return the condition of what was given last to its person, of its kind, until a day."""
    later = aliased(DossierEntry)
    has_later = exists().where(
        later.person_id == DossierEntry.person_id,
        later.kind == DossierEntry.kind,
        later.replaced_at.is_(None),
        ~later.is_void,
        later.from_on <= day,
        tuple_(later.from_on, later.id) > tuple_(DossierEntry.from_on, DossierEntry.id),
    )
    return and_(DossierEntry.from_on <= day, ~has_later)


def _matches(text: str) -> ColumnElement[bool]:
    """Return the condition of a search: part of what it is called, of who gave it, or of the person's name."""
    columns = DossierEntry.title, DossierEntry.issuer, DossierEntry.class_name
    named = select(Person.id).where(Person.name.contains(text, autoescape=True))
    return or_(*(column.contains(text, autoescape=True) for column in columns), DossierEntry.person_id.in_(named))


_AS_OF: Mapping[Moment, Callable[[date], ColumnElement[bool]]] = {
    Moment.GIVEN: lambda day: DossierEntry.from_on <= day,
    Moment.RUNNING: lambda day: and_(DossierEntry.from_on <= day, _not_over(day)),
    Moment.LATEST: is_latest,
}
_NARROWING: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "person_id": lambda person_id: DossierEntry.person_id == person_id,
    "category": lambda category: DossierEntry.category == category,
    "level": lambda level: DossierEntry.level == level,
    "q": _matches,
}
