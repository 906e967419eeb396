"""Named queries over the ledger: one page of entries, and totals of the same selection."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.db.money import LedgerAllocation, LedgerEntry, Studio
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.domain.vocabulary import Category, FundingSource, LedgerKind


@dataclass(frozen=True)
class Selection:
    """What of the ledger is asked for; `None` means all. `path` selects an organisation and all below it."""

    year: int | None = None
    studio_id: int | None = None
    path: str | None = None
    category: Category | None = None
    source: FundingSource | None = None
    kind: LedgerKind | None = None
    from_on: date | None = None
    until_on: date | None = None


def entries(
    session: Session, scope: ColumnElement[bool], wanted: Selection, *, before: int | None, limit: int | None
) -> list[tuple[LedgerEntry, str]]:
    """Return entries with their cases' serials, the newest first."""
    query = _selected(select(LedgerEntry, ProcessInstance.serial), scope, wanted)
    query = query.join(ProcessInstance, ProcessInstance.id == LedgerEntry.instance_id)
    if before is not None:
        query = query.where(LedgerEntry.id < before)
    loading = (
        joinedload(LedgerEntry.studio),
        joinedload(LedgerEntry.organization),
        joinedload(LedgerEntry.booked_by),
    )
    rows: Iterable[Any] = session.execute(query.options(*loading).order_by(LedgerEntry.id.desc()).limit(limit))
    return [(entry, serial) for entry, serial in rows]


def totals_by(
    session: Session,
    scope: ColumnElement[bool],
    wanted: Selection,
    key: InstrumentedAttribute[int] | InstrumentedAttribute[Category],
) -> dict[int | str, tuple[int, int]]:
    """Return sum in fen and number of entries for each value of a column; a source counts its own part."""
    amount = LedgerEntry.amount if wanted.source is None else LedgerAllocation.amount
    query = _selected(select(key, func.sum(amount), func.count()), scope, wanted).group_by(key)
    if wanted.source is not None:
        is_part = (LedgerAllocation.entry_id == LedgerEntry.id) & (LedgerAllocation.source == wanted.source)
        query = query.join(LedgerAllocation, is_part)
    rows: Iterable[Any] = session.execute(query)
    return {found: (int(total), int(count)) for found, total, count in rows}


def totals_by_source(session: Session, scope: ColumnElement[bool], wanted: Selection) -> dict[str, tuple[int, int]]:
    """Return sum in fen and number of entries for each source."""
    parts = select(LedgerAllocation.source, func.sum(LedgerAllocation.amount), func.count())
    query = _selected(parts.join(LedgerEntry, LedgerEntry.id == LedgerAllocation.entry_id), scope, wanted)
    if wanted.source is not None:
        query = query.where(LedgerAllocation.source == wanted.source)
    rows: Iterable[Any] = session.execute(query.group_by(LedgerAllocation.source))
    return {found: (int(total), int(count)) for found, total, count in rows}


def totals_across(
    session: Session, scope: ColumnElement[bool], wanted: Selection
) -> dict[tuple[str, str], tuple[int, int]]:
    """Return sum in fen and number of entries for each category and source."""
    keys = LedgerEntry.category, LedgerAllocation.source
    parts = select(*keys, func.sum(LedgerAllocation.amount), func.count())
    query = _selected(parts.join(LedgerEntry, LedgerEntry.id == LedgerAllocation.entry_id), scope, wanted)
    if wanted.source is not None:
        query = query.where(LedgerAllocation.source == wanted.source)
    rows: Any = session.execute(query.group_by(*keys))
    return {(category, source): (int(total), int(count)) for category, source, total, count in rows}


def years(session: Session, scope: ColumnElement[bool]) -> list[int]:
    """Return the budget years that have entries, the newest first."""
    query = select(LedgerEntry.year).join(Studio, Studio.id == LedgerEntry.studio_id).where(scope)
    return list(session.scalars(query.distinct().order_by(LedgerEntry.year.desc())))


def allocations(session: Session, entry_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return each entry's parts by source, in fen."""
    rows = session.execute(
        select(LedgerAllocation.entry_id, LedgerAllocation.source, LedgerAllocation.amount).where(
            LedgerAllocation.entry_id.in_(entry_ids)
        )
    )
    found: dict[int, dict[str, int]] = {}
    for entry_id, source, amount in rows:
        found.setdefault(entry_id, {})[source] = amount
    return found


def _selected(query: Any, scope: ColumnElement[bool], wanted: Selection) -> Any:
    query = query.join(Studio, Studio.id == LedgerEntry.studio_id).where(scope, *_conditions(wanted))
    if wanted.path is not None:
        query = query.join(Organization, Organization.id == LedgerEntry.organization_id).where(
            Organization.path.startswith(wanted.path, autoescape=True)
        )
    return query


def _conditions(wanted: Selection) -> list[ColumnElement[bool]]:
    given = ((name, getattr(wanted, name)) for name in _NARROWING)
    return [_NARROWING[name](value) for name, value in given if value is not None]


_NARROWING: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "year": lambda year: LedgerEntry.year == year,
    "studio_id": lambda studio_id: LedgerEntry.studio_id == studio_id,
    "category": lambda category: LedgerEntry.category == category,
    "kind": lambda kind: LedgerEntry.kind == kind,
    "from_on": lambda day: LedgerEntry.paid_on >= day,
    "until_on": lambda day: LedgerEntry.paid_on <= day,
    "source": lambda source: LedgerEntry.id.in_(
        select(LedgerAllocation.entry_id).where(LedgerAllocation.source == source)
    ),
}
