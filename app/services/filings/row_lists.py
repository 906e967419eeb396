"""The rows of filings with filters: a page of a bureau's year, the rows of a list, and what they may be narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.people import Organization
from app.db.queries.entries import is_latest
from app.db.registers import IS_LIVE, DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind, Rank
from app.domain.filings import BatchKind, Difference, RowStatus, VerdictWanted
from app.domain.ranks import RankApplicationKind
from app.services.filings import auditing
from app.services.pages import Page, decode, encode, limit_of

_PLACES = {rank: place for place, rank in enumerate(Rank) if rank is not Rank.ASSISTANT}
# How many ranks a person climbs from what the register has, or from what is corrected; nothing for a first placement,
# from an assistant's too.
_FROM = case((FilingRow.corrects_id.is_(None), DossierEntry.category), else_=FilingRow.held)
_STEPS = case(_PLACES, value=FilingRow.rank) - case(_PLACES, value=_FROM)
_NOT_YET = FilingRow.status != RowStatus.EFFECTIVE
# What corrects the register differs from it in its own way.
_IS_NEW = and_(_NOT_YET, FilingRow.corrects_id.is_(None))
# Came back from above, or could not be effective, and nobody has corrected it since.
_CAME_BACK = (FilingRow.particulars[name].as_boolean().is_(True) for name in ("is_back", "is_set_back"))
IS_BACK = and_(FilingRow.status == RowStatus.PENDING, or_(*_CAME_BACK))
DIFFERS: dict[Difference, ColumnElement[bool]] = {
    Difference.REGISTER: and_(_IS_NEW, FilingRow.held.is_distinct_from(DossierEntry.category)),
    Difference.SAME: and_(_IS_NEW, _STEPS == 0),
    Difference.LOWER: and_(_IS_NEW, _STEPS < 0),
    Difference.LEAP: and_(_NOT_YET, _STEPS > 1),
    Difference.CORRECTION: and_(_NOT_YET, FilingRow.corrects_id.is_not(None)),
    Difference.RETURNED: IS_BACK,
}
_IS_EVEN = and_(
    ~IS_BACK,
    FilingRow.corrects_id.is_(None),
    FilingRow.held.is_not_distinct_from(DossierEntry.category),
    or_(_STEPS.is_(None), _STEPS == 1),
)
_WANTED = {**DIFFERS, Difference.ANY: or_(*DIFFERS.values()), Difference.NONE: or_(~_NOT_YET, _IS_EVEN)}


@dataclass(frozen=True)
class Wanted:
    """Which rows are looked at; none means all."""

    is_pending: bool = False
    status: RowStatus | None = None
    kind: RankApplicationKind | None = None
    batch_kind: BatchKind | None = None
    school_id: int | None = None
    district_id: int | None = None
    verdict: VerdictWanted | None = None
    difference: Difference | None = None


@dataclass(frozen=True)
class RowView:
    """A row with the rank that the register has of the person, and how the two differ."""

    row: FilingRow
    registered: Rank | None
    steps: int | None
    differences: frozenset[Difference]


@dataclass(frozen=True)
class Place:
    """A school that filed with a bureau, and the organisation above it."""

    id: int
    name: str
    above_id: int
    above: str


def rows(
    session: Session, run: FilingRun, wanted: Wanted, *, cursor: str | None = None, limit: int | None = None
) -> Page[RowView]:
    """Return rows that lie with a year's bureau, in the order in which they came. Raises Invalid for a wrong cursor."""
    query = _viewed(narrowed(auditing.rows_of(run), wanted))
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(FilingRow.id > after[0])
    found = [_view(one) for one in session.execute(query.order_by(FilingRow.id).limit(size + 1))]
    return Page(found[:size], encode([found[size - 1].row.id]) if len(found) > size else None)


def rows_of_batch(session: Session, batch: FilingBatch, wanted: Wanted) -> list[RowView]:
    """Return the rows of a school's list."""
    query = select(FilingRow).join(FilingRow.batch).where(FilingBatch.id == batch.id)
    return [_view(one) for one in session.execute(_viewed(narrowed(query, wanted)).order_by(FilingRow.id))]


def schools_of(session: Session, run: FilingRun) -> list[Place]:
    """Return the schools whose lists lie with a year's bureau, or did."""
    above = aliased(Organization)
    query = (
        select(Organization.id, Organization.name, above.id, above.name)
        .join(above, above.id == Organization.parent_id)
        .where(Organization.id.in_(select(FilingBatch.organization_id).where(auditing.link_of(run) == run.id)))
    )
    return [Place(*one) for one in session.execute(query.order_by(Organization.path))]


def narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """Narrow a query of rows, joined with their batches, to those that are wanted."""
    entry = and_(
        DossierEntry.person_id == FilingRow.person_id,
        DossierEntry.kind == EntryKind.RANK,
        IS_LIVE,
        is_latest(clock.today()),
    )
    query = query.join(FilingBatch.organization).outerjoin(DossierEntry, entry)
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    given = (
        (wanted.is_pending or None, FilingRow.status == RowStatus.PENDING),
        (wanted.status, FilingRow.status == wanted.status),
        (wanted.kind, FilingRow.kind == wanted.kind),
        (wanted.batch_kind, FilingBatch.kind == wanted.batch_kind),
        (wanted.school_id, Organization.id == wanted.school_id),
        (wanted.district_id, Organization.parent_id == wanted.district_id),
        (wanted.verdict, _of_verdict(wanted.verdict)),
        (wanted.difference, _WANTED.get(wanted.difference or Difference.ANY)),
    )
    return [condition for value, condition in given if value is not None and condition is not None]


def _of_verdict(wanted: VerdictWanted | None) -> ColumnElement[bool]:
    if wanted == VerdictWanted.OPEN:
        return and_(FilingRow.status == RowStatus.PENDING, FilingRow.verdict.is_(None))
    return FilingRow.verdict == wanted


def _viewed(query: Select[Any]) -> Select[Any]:
    """Have a query return what a view of a row needs."""
    school = contains_eager(FilingRow.batch).contains_eager(FilingBatch.organization)
    return query.options(school, joinedload(FilingRow.corrects)).add_columns(
        DossierEntry.category, _STEPS, *DIFFERS.values()
    )


def _view(found: Sequence[Any]) -> RowView:
    row, category, steps, *differs = found
    told = frozenset(one for one, does in zip(DIFFERS, differs, strict=True) if does)
    return RowView(row, Rank(category) if category else None, steps, told)


def districts_among(found: Sequence[Place], run: FilingRun) -> dict[int, str]:
    """Return the districts of the schools that filed with a city; none in a district."""
    return {one.above_id: one.above for one in found if one.above_id != run.organization_id}
