"""Registers: lists that integrations read, each within the caller's scope."""

from typing import Any

from flask import Response, jsonify
from pydantic import Field

from app.domain.vocabulary import Category, FundingSource, LedgerKind
from app.services.money import budgets, ledger
from app.services.money.ledger_views import Filters
from app.services.pages import Page
from app.services.studios import studio_register
from app.views.api.answering import OK
from app.views.api.family import Family
from app.views.api.fields import Answer, MaybeId, MaybeYear, Paging
from app.views.database import get_session
from app.views.session import current_actor

family = Family("registers", "台账")


class OfYear(Paging):
    year: MaybeYear = Field(None, description="年度")


class Entries(OfYear):
    organization: MaybeId = Field(None, description="单位，含下级")
    studio: MaybeId = None
    category: Category | None = None
    source: FundingSource | None = None
    kind: LedgerKind | None = None


class Rows(Answer):
    items: list[dict[str, Any]]
    next: str | None


@family.get("/registers/studios", summary="工作室", responses={OK: Rows})
def studios(query: Paging) -> Response:
    """Return the studios of the organisations in sight."""
    return _rows(studio_register.register(get_session(), current_actor(), cursor=query.cursor, limit=query.limit))


@family.get("/registers/budgets", summary="预算：核定、占用、已入账、可用，单位分", responses={OK: Rows})
def of_budgets(query: OfYear) -> Response:
    """Return budgets."""
    page = budgets.register(get_session(), current_actor(), year=query.year, cursor=query.cursor, limit=query.limit)
    return _rows(page)


@family.get("/registers/ledger", summary="入账、冲销和退款，单位分", responses={OK: Rows})
def of_ledger(query: Entries) -> Response:
    """Return ledger entries."""
    wanted = Filters(
        year=query.year,
        studio_id=query.studio,
        organization_id=query.organization,
        category=query.category,
        source=query.source,
        kind=query.kind,
    )
    return _rows(ledger.register(get_session(), current_actor(), wanted, cursor=query.cursor, limit=query.limit))


def _rows(page: Page[dict[str, Any]]) -> Response:
    return jsonify({"items": list(page.items), "next": page.next})
