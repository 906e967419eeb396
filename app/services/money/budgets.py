"""Budgets to look at: what is granted, booked, reserved and left, each shown apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db.money import Budget, Studio
from app.db.queries import money
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.vocabulary import CATEGORY_TITLES, FUNDING_SOURCE_TITLES, Category, FundingSource
from app.services import pages
from app.services.money import money_scope
from app.services.pages import Page


@dataclass(frozen=True)
class LineView:
    """A category's part of a budget, in fen."""

    id: int
    category: Category
    title: str
    amount: int
    booked: int
    reserved: int

    @property
    def available(self) -> int:
        """Return what may still be spent, in fen."""
        return self.amount - self.booked - self.reserved


@dataclass(frozen=True)
class GrantView:
    """A source's money in a budget and what it paid already, in fen."""

    source: FundingSource
    title: str
    amount: int
    paid: int

    @property
    def left(self) -> int:
        """Return what the source has not paid yet, in fen."""
        return self.amount - self.paid


@dataclass(frozen=True)
class BudgetView:
    """A studio's budget of a year; sums in fen."""

    id: int
    instance_id: int
    studio_id: int
    studio_name: str
    organization_id: int
    organization_name: str
    year: int
    lines: Sequence[LineView]
    grants: Sequence[GrantView]

    @property
    def amount(self) -> int:
        """Return the lines' sum in fen."""
        return sum(line.amount for line in self.lines)

    @property
    def booked(self) -> int:
        """Return what is booked in fen."""
        return sum(line.booked for line in self.lines)

    @property
    def reserved(self) -> int:
        """Return what open cases hold in fen."""
        return sum(line.reserved for line in self.lines)

    @property
    def available(self) -> int:
        """Return what may still be spent in fen."""
        return self.amount - self.booked - self.reserved

    @property
    def granted(self) -> int:
        """Return the grants' sum in fen."""
        return sum(grant.amount for grant in self.grants)


def budgets(
    session: Session, actor: Actor, *, year: int | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[BudgetView]:
    """Return the budgets that a person may read, the newest first. Raises Forbidden, Invalid."""
    query = select(Budget).join(Studio).where(money_scope.budget_studios(actor)).order_by(Budget.id.desc())
    size, last = pages.limit_of(limit), pages.decode(cursor, 1)
    if year is not None:
        query = query.where(Budget.year == year)
    if last is not None:
        query = query.where(Budget.id < last[0])
    found = _loaded(session, query.limit(size + 1))
    return Page(
        [_view(session, row) for row in found[:size]], pages.encode([found[size - 1].id]) if len(found) > size else None
    )


def budget(session: Session, actor: Actor, budget_id: int) -> BudgetView:
    """Return one budget. Raises NotFound for what the person may not see."""
    scope = money_scope.budget_studios(actor)
    found = _loaded(session, select(Budget).join(Studio).where(Budget.id == budget_id, scope))
    if not found:
        raise NotFound
    return _view(session, found[0])


def budget_of(session: Session, actor: Actor, studio_id: int, year: int) -> BudgetView:
    """Return a studio's budget of a year. Raises NotFound for what the person may not see."""
    wanted = (Budget.studio_id == studio_id, Budget.year == year, money_scope.budget_studios(actor))
    found = _loaded(session, select(Budget).join(Studio).where(*wanted))
    if not found:
        raise NotFound
    return _view(session, found[0])


def years(session: Session, actor: Actor) -> list[int]:
    """Return the years of the budgets that a person may read, the newest first. Raises Forbidden."""
    scope = money_scope.budget_studios(actor)
    return list(session.scalars(select(Budget.year).join(Studio).where(scope).distinct().order_by(Budget.year.desc())))


def balance(session: Session, line_id: int | None) -> LineView | None:
    """Return a line's counters for the page of a case, whose viewer may see them."""
    line = money.line_state(session, line_id)
    if line is None:
        return None
    title = CATEGORY_TITLES[Category(line.category)]
    return LineView(line.id, line.category, title, line.amount, line.booked, line.reserved)


def register(
    session: Session, actor: Actor, *, year: int | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[dict[str, Any]]:
    """Return budgets in JSON for the API; money in fen."""
    page = budgets(session, actor, year=year, cursor=cursor, limit=limit)
    return Page([_json(view) for view in page.items], page.next)


def _loaded(session: Session, query: Any) -> list[Budget]:
    loading = (
        joinedload(Budget.studio).joinedload(Studio.organization),
        selectinload(Budget.lines),
        selectinload(Budget.grants),
    )
    return list(session.scalars(query.options(*loading).execution_options(populate_existing=True)))


def _view(session: Session, found: Budget) -> BudgetView:
    paid = money.sources_paid(session, found.id)
    studio = found.studio
    return BudgetView(
        id=found.id,
        instance_id=found.instance_id,
        studio_id=studio.id,
        studio_name=studio.name,
        organization_id=studio.organization_id,
        organization_name=studio.organization.name,
        year=found.year,
        lines=[
            LineView(
                line.id,
                line.category,
                CATEGORY_TITLES[Category(line.category)],
                line.amount,
                line.booked,
                line.reserved,
            )
            for line in found.lines
        ],
        grants=[
            GrantView(
                grant.source,
                FUNDING_SOURCE_TITLES[FundingSource(grant.source)],
                grant.amount,
                paid.get(grant.source, 0),
            )
            for grant in found.grants
        ],
    )


def _json(view: BudgetView) -> dict[str, Any]:
    sums = {name: getattr(view, name) for name in ("granted", "amount", "booked", "reserved", "available")}
    return {
        "id": view.id,
        "instance": view.instance_id,
        "organization": {"id": view.organization_id, "name": view.organization_name},
        "studio": {"id": view.studio_id, "name": view.studio_name},
        "year": view.year,
        **sums,
        "grants": [
            {"source": grant.source, "amount": grant.amount, "paid": grant.paid, "left": grant.left}
            for grant in view.grants
        ],
        "lines": [
            {
                "id": line.id,
                "category": line.category,
                "amount": line.amount,
                "booked": line.booked,
                "reserved": line.reserved,
                "available": line.available,
            }
            for line in view.lines
        ],
    }
