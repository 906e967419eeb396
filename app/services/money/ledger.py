"""The ledger to look at, each person in the own scope, and as a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.money import LedgerEntry, Studio
from app.db.people import Organization
from app.db.queries import ledger as queries
from app.db.queries.ledger import Selection
from app.domain import clock
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.vocabulary import CATEGORY_TITLES, FUNDING_SOURCE_TITLES
from app.services import pages
from app.services.money import ledger_export, money_scope
from app.services.money.ledger_views import Choices, Filters, Ledger, Line, Total
from app.services.pages import Page

PAGE = 50


def ledger(
    session: Session, actor: Actor, filters: Filters, *, cursor: str | None = None, limit: int | None = None
) -> Ledger:
    """Return what a person may read of the ledger. Raises Forbidden without a fitting position, NotFound, Invalid."""
    scope, wanted = money_scope.ledger_studios(actor), _selection(session, filters)
    by_category = _totals(CATEGORY_TITLES, queries.totals_by(session, scope, wanted, LedgerEntry.category))
    return Ledger(
        amount=sum(total.amount for total in by_category),
        count=sum(total.count for total in by_category),
        by_category=by_category,
        by_source=_totals(FUNDING_SOURCE_TITLES, queries.totals_by_source(session, scope, wanted)),
        across=queries.totals_across(session, scope, wanted),
        by_studio=_by_studio(session, queries.totals_by(session, scope, wanted, LedgerEntry.studio_id)),
        page=_page(session, scope, wanted, cursor, pages.limit_of(limit, PAGE)),
    )


def choices(session: Session, actor: Actor) -> Choices:
    """Return the years and studios of the ledger that a person may read. Raises Forbidden."""
    scope = money_scope.ledger_studios(actor)
    studios = session.scalars(select(Studio).where(scope).order_by(Studio.id))
    return Choices(queries.years(session, scope), [(studio.id, studio.name) for studio in studios])


def export_ledger(session: Session, actor: Actor, filters: Filters) -> bytes:
    """Return what a person may read of the ledger as an xlsx file, amounts in yuan. Raises as `ledger` does."""
    scope, wanted = money_scope.ledger_studios(actor), _selection(session, filters)
    rows = queries.entries(session, scope, wanted, before=None, limit=None)
    return ledger_export.workbook_of(_lines(session, rows))


def register(
    session: Session, actor: Actor, filters: Filters, *, cursor: str | None = None, limit: int | None = None
) -> Page[dict[str, Any]]:
    """Return ledger entries in JSON for the API; money in fen."""
    scope, wanted = money_scope.ledger_studios(actor), _selection(session, filters)
    page = _page(session, scope, wanted, cursor, pages.limit_of(limit))
    return Page([_json(line) for line in page.items], page.next)


def _selection(session: Session, filters: Filters) -> Selection:
    path = None
    if filters.organization_id is not None:
        path = session.scalar(select(Organization.path).where(Organization.id == filters.organization_id))
        if path is None:
            raise NotFound
    chosen = {name: value for name, value in vars(filters).items() if name != "organization_id"}
    return Selection(path=path, **chosen)


def _page(
    session: Session, scope: ColumnElement[bool], wanted: Selection, cursor: str | None, limit: int
) -> Page[Line]:
    last = pages.decode(cursor, 1)
    rows = queries.entries(session, scope, wanted, before=last[0] if last else None, limit=limit + 1)
    following = pages.encode([rows[limit - 1][0].id]) if len(rows) > limit else None
    return Page(_lines(session, rows[:limit]), following)


def _lines(session: Session, rows: Sequence[tuple[LedgerEntry, str]]) -> list[Line]:
    parts = queries.allocations(session, [entry.id for entry, _serial in rows])
    return [Line(entry, serial, parts.get(entry.id, {})) for entry, serial in rows]


def _totals(titles: Mapping[Any, str], found: Mapping[Any, tuple[int, int]]) -> list[Total]:
    return [Total(str(key), title, *found[key]) for key, title in titles.items() if key in found]


def _by_studio(session: Session, found: Mapping[Any, tuple[int, int]]) -> list[Total]:
    names = session.execute(select(Studio.id, Studio.name).where(Studio.id.in_(found)).order_by(Studio.id))
    return [Total(str(id_), name, *found[id_]) for id_, name in names]


def _json(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "id": entry.id,
        "kind": entry.kind,
        "instance": entry.instance_id,
        "serial": line.serial,
        "organization": {"id": entry.organization_id, "name": entry.organization.name},
        "studio": {"id": entry.studio_id, "name": entry.studio.name},
        "year": entry.year,
        "category": entry.category,
        "amount": entry.amount,
        "sources": dict(line.sources),
        "reverses": entry.reverses_id,
        "summary": entry.summary,
        "voucher_number": entry.voucher_number,
        "paid_on": entry.paid_on.isoformat(),
        "payment_method": entry.payment_method,
        "booked_at": clock.shanghai(entry.booked_at).isoformat(timespec="seconds"),
    }
