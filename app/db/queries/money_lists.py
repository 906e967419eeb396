"""Named queries for what people choose from: budget lines with money left, bookings not taken back."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.orm import Session, aliased

from app.db.money import Budget, BudgetLine, LedgerEntry, Studio
from app.domain.vocabulary import Category, LedgerKind

MOST_BOOKINGS = 500


@dataclass(frozen=True)
class LineRow:
    """A budget line to choose, in fen."""

    id: int
    studio_name: str
    year: int
    category: Category
    available: int


@dataclass(frozen=True)
class BookingRow:
    """A booking with what was not reversed or refunded yet, in fen."""

    id: int
    voucher_number: str
    summary: str
    amount: int
    left: int


def lines_to_spend(session: Session, studio_ids: Iterable[int], years: Iterable[int]) -> list[LineRow]:
    """Return the studios' lines of some years, the newest year first."""
    available = BudgetLine.amount - BudgetLine.reserved - BudgetLine.booked
    rows = session.execute(
        select(BudgetLine.id, Studio.name, Budget.year, BudgetLine.category, available)
        .join(Budget, Budget.id == BudgetLine.budget_id)
        .join(Studio, Studio.id == Budget.studio_id)
        .where(Studio.id.in_(list(studio_ids)), Budget.year.in_(list(years)), BudgetLine.amount > 0)
        .order_by(Budget.year.desc(), Studio.id, BudgetLine.id)
    )
    return [LineRow(*row) for row in rows]


def bookings_to_take_back(session: Session, organization_id: int) -> list[BookingRow]:
    """Return a school's latest bookings of which something is left."""
    left = LedgerEntry.amount + taken_back()
    rows = session.execute(
        select(LedgerEntry.id, LedgerEntry.voucher_number, LedgerEntry.summary, LedgerEntry.amount, left)
        .where(LedgerEntry.organization_id == organization_id, LedgerEntry.kind == LedgerKind.BOOKING, left > 0)
        .order_by(LedgerEntry.id.desc())
        .limit(MOST_BOOKINGS)
    )
    return [BookingRow(*row) for row in rows]


def taken_back() -> ColumnElement[int]:
    """Return the sum, below zero, of what reverses or refunds the entry of the outer query."""
    back = aliased(LedgerEntry)
    return (
        select(cast(func.coalesce(func.sum(back.amount), 0), BigInteger))
        .where(back.reverses_id == LedgerEntry.id)
        .correlate(LedgerEntry)
        .scalar_subquery()
    )
