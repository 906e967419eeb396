"""Named queries over budgets, reservations, invoices and the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.db.money import Budget, BudgetLine, Grant, InvoiceUse, LedgerAllocation, LedgerEntry, Reservation
from app.domain import clock
from app.domain.vocabulary import Category, FundingSource, LedgerKind

SOURCE_ORDER = tuple(FundingSource)


@dataclass(frozen=True)
class LineState:
    """A budget line as the database holds it now, in fen."""

    id: int
    budget_id: int
    studio_id: int
    year: int
    category: Category
    amount: int
    reserved: int
    booked: int

    @property
    def available(self) -> int:
        """Return what may still be spent, in fen."""
        return self.amount - self.reserved - self.booked


@dataclass(frozen=True)
class YearSums:
    """What a studio's budget of a year holds in all, in fen."""

    year: int
    amount: int
    booked: int
    reserved: int

    @property
    def available(self) -> int:
        """Return what may still be spent, in fen."""
        return self.amount - self.booked - self.reserved


def sums_by_year(session: Session, studio_id: int) -> list[YearSums]:
    """Return the sums of each budget of a studio, the newest first."""
    sums = (
        func.coalesce(func.sum(column), 0) for column in (BudgetLine.amount, BudgetLine.booked, BudgetLine.reserved)
    )
    query = select(Budget.year, *sums).outerjoin(BudgetLine).where(Budget.studio_id == studio_id)
    rows: Iterable[Any] = session.execute(query.group_by(Budget.year).order_by(Budget.year.desc()))
    return [YearSums(*map(int, row)) for row in rows]


def line_state(session: Session, line_id: int | None) -> LineState | None:
    """Return a line's counters past any copy that the session keeps."""
    row: Any = session.execute(_line_states().where(BudgetLine.id == line_id)).first()
    return LineState(*row) if row else None


def lines_of(session: Session, studio_id: int, year: int) -> list[LineState]:
    """Return the lines of a studio's budget of a year."""
    rows: Iterable[Any] = session.execute(
        _line_states().where(Budget.studio_id == studio_id, Budget.year == year).order_by(BudgetLine.id)
    )
    return [LineState(*row) for row in rows]


def set_line_amount(session: Session, line_id: int, amount: int) -> bool:
    """Change a line's amount in fen; False when more than that is reserved or booked."""
    return _changed(
        session,
        update(BudgetLine)
        .where(BudgetLine.id == line_id, BudgetLine.reserved + BudgetLine.booked <= amount)
        .values(amount=amount),
    )


def reservation_of(session: Session, instance_id: int) -> tuple[int, int] | None:
    """Return the line and the amount in fen that a case holds."""
    row = session.execute(
        select(Reservation.line_id, Reservation.amount).where(Reservation.instance_id == instance_id)
    ).first()
    return (row[0], row[1]) if row else None


def shift_reserved(session: Session, line_id: int, delta: int) -> bool:
    """Change what a line holds in reserve by fen; False when it has not that much left."""
    left = BudgetLine.amount - BudgetLine.reserved - BudgetLine.booked
    return _changed(
        session,
        update(BudgetLine).where(BudgetLine.id == line_id, left >= delta).values(reserved=BudgetLine.reserved + delta),
    )


def shift_to_booked(session: Session, line_id: int, amount: int) -> bool:
    """Turn a line's reserve into booked money, in fen; False when it does not hold that much."""
    return _changed(
        session,
        update(BudgetLine)
        .where(BudgetLine.id == line_id, BudgetLine.reserved >= amount)
        .values(reserved=BudgetLine.reserved - amount, booked=BudgetLine.booked + amount),
    )


def shift_booked_back(session: Session, line_id: int, amount: int) -> bool:
    """Take reversed money off a line's booked sum, in fen."""
    return _changed(
        session,
        update(BudgetLine)
        .where(BudgetLine.id == line_id, BudgetLine.booked >= amount)
        .values(booked=BudgetLine.booked - amount),
    )


def keep_reservation(session: Session, instance_id: int, line_id: int, amount: int) -> None:
    """Write what a case holds now in place of what it held, in fen."""
    drop_reservation(session, instance_id)
    session.execute(insert(Reservation).values(instance_id=instance_id, line_id=line_id, amount=amount))


def drop_reservation(session: Session, instance_id: int) -> None:
    """Delete a case's reservation row."""
    session.execute(delete(Reservation).where(Reservation.instance_id == instance_id))


def lock_budget(session: Session, budget_id: int) -> None:
    """Hold a budget so that its sources are shared out by one booking at a time."""
    session.execute(select(Budget.id).where(Budget.id == budget_id).with_for_update(key_share=True))


def sources_left(session: Session, budget_id: int) -> dict[str, int]:
    """Return what each source of a budget has not paid yet, in fen, the city's money first."""
    granted = session.execute(select(Grant.source, Grant.amount).where(Grant.budget_id == budget_id)).all()
    paid = sources_paid(session, budget_id)
    order = sorted(granted, key=lambda row: SOURCE_ORDER.index(FundingSource(row[0])))
    return {source: max(amount - paid.get(source, 0), 0) for source, amount in order}


def sources_paid(session: Session, budget_id: int) -> dict[str, int]:
    """Return what each source has paid of a budget, net of reversals, in fen."""
    rows = session.execute(
        select(LedgerAllocation.source, func.sum(LedgerAllocation.amount))
        .join(LedgerEntry, LedgerEntry.id == LedgerAllocation.entry_id)
        .join(BudgetLine, BudgetLine.id == LedgerEntry.line_id)
        .where(BudgetLine.budget_id == budget_id)
        .group_by(LedgerAllocation.source)
    )
    return {source: int(amount) for source, amount in rows}


def live_invoices(session: Session, instance_id: int) -> dict[str, InvoiceUse]:
    """Return the invoice numbers that a case holds."""
    rows = session.scalars(
        select(InvoiceUse)
        .where(InvoiceUse.instance_id == instance_id, InvoiceUse.released_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {row.number: row for row in rows}


def invoices_used_elsewhere(session: Session, instance_id: int, numbers: Iterable[str]) -> frozenset[str]:
    """Return which numbers another case holds, whoever's it is."""
    return frozenset(
        session.scalars(
            select(InvoiceUse.number).where(
                InvoiceUse.number.in_(list(numbers)),
                InvoiceUse.instance_id != instance_id,
                InvoiceUse.released_at.is_(None),
            )
        )
    )


def release_invoices(session: Session, instance_id: int, numbers: Iterable[str] | None = None) -> None:
    """Free invoice numbers that a case holds: all of them, or those named."""
    held = update(InvoiceUse).where(InvoiceUse.instance_id == instance_id, InvoiceUse.released_at.is_(None))
    if numbers is not None:
        held = held.where(InvoiceUse.number.in_(list(numbers)))
    session.execute(held.values(released_at=clock.now()).execution_options(synchronize_session="fetch"))


def lock_entry(session: Session, entry_id: int | None) -> LedgerEntry | None:
    """Return a ledger entry and hold it until the commit."""
    return session.scalar(select(LedgerEntry).where(LedgerEntry.id == entry_id).with_for_update(key_share=True))


def taken_back(session: Session, entry_id: int) -> dict[LedgerKind, int]:
    """Return how much of a booking was reversed and how much refunded, in fen above zero."""
    rows = session.execute(
        select(LedgerEntry.kind, -func.sum(LedgerEntry.amount))
        .where(LedgerEntry.reverses_id == entry_id)
        .group_by(LedgerEntry.kind)
    )
    return {LedgerKind(kind): int(amount) for kind, amount in rows}


def allocation_left(session: Session, entry_id: int) -> dict[str, int]:
    """Return what each source still bears of a booking after reversals and refunds, in fen."""
    is_part = (LedgerEntry.id == entry_id) | (LedgerEntry.reverses_id == entry_id)
    rows = session.execute(
        select(LedgerAllocation.source, func.sum(LedgerAllocation.amount))
        .join(LedgerEntry, LedgerEntry.id == LedgerAllocation.entry_id)
        .where(is_part)
        .group_by(LedgerAllocation.source)
        .order_by(case({source: place for place, source in enumerate(SOURCE_ORDER)}, value=LedgerAllocation.source))
    )
    return {source: int(amount) for source, amount in rows}


def _line_states() -> Any:
    columns = (BudgetLine.id, BudgetLine.budget_id, Budget.studio_id, Budget.year, BudgetLine.category)
    counters = (BudgetLine.amount, BudgetLine.reserved, BudgetLine.booked)
    return select(*columns, *counters).join(Budget, Budget.id == BudgetLine.budget_id)


def _changed(session: Session, statement: Update) -> bool:
    answer = session.execute(statement.returning(BudgetLine.id).execution_options(synchronize_session="fetch"))
    return answer.first() is not None
