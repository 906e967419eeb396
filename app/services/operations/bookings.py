"""Booking an expense: the control point, the ledger, the line's counters and the asset register."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert

from app.db.money import Asset, LedgerAllocation, LedgerEntry
from app.db.queries import money
from app.db.queries.money import LineState
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.text import N_
from app.domain.vocabulary import LedgerKind, PaymentMethod, Role
from app.services.control_points import Office, require_signatures
from app.services.operations.allocation import allocate
from app.services.operations.call import Call
from app.services.operations.expense import DRAFT, Expense, expense_in
from app.services.texts import full_day

BOOKING = "finance_book"
SUMMARY_LENGTH = 200


def book_expense(call: Call) -> dict[str, Any]:
    """Write a signed expense into the ledger (S1 经费 第四条: 双方签字后，方可入账核销).

    Raises Forbidden without two live signatures of two people over the present content, Invalid for
    finance's own fields, Conflict when the case holds no matching reservation.
    """
    expense = expense_in(call.values)
    _require_two_signatures(call, expense)
    line = _turn_reserve_into_booked(call, expense)
    entry = _write_entry(call, expense, line)
    money.lock_budget(call.session, line.budget_id)
    write_allocation(call, entry.id, allocate(expense.total, money.sources_left(call.session, line.budget_id)))
    if expense.fixed_assets:
        call.session.add_all(_assets(call, expense))
    call.session.flush()
    return {"entry": entry.id, "voucher": entry.voucher_number, "booked_on": clock.today().isoformat()}


def write_allocation(call: Call, entry_id: int, parts: Mapping[str, int]) -> None:
    """Write which source bears which part of an entry, in fen."""
    rows = [{"entry_id": entry_id, "source": source, "amount": amount} for source, amount in parts.items()]
    call.session.execute(insert(LedgerAllocation), rows)


def paid_on(values: Mapping[str, Any], earliest: date) -> date:
    """Read a payment date between the earliest and today; raises Invalid."""
    day = date.fromisoformat(values["paid_on"])
    if day > clock.today():
        raise Invalid.field("paid_on", N_("日期不能晚于今天。"))
    if day < earliest:
        raise Invalid.field("paid_on", N_("日期不能早于 %(earliest)s。"), earliest=full_day(earliest))
    return day


def _require_two_signatures(call: Call, expense: Expense) -> None:
    offices = (
        Office(Role.STUDIO_HOST, call.organization_id, expense.studio),
        Office(Role.LEGAL_REPRESENTATIVE, call.organization_id),
    )
    require_signatures(call.session, call.instance_id, offices, call.values, (DRAFT,))


def _turn_reserve_into_booked(call: Call, expense: Expense) -> LineState:
    held = money.reservation_of(call.session, call.instance_id)
    line = money.line_state(call.session, expense.budget_line)
    is_held = held == (expense.budget_line, expense.total)
    if line is None or not is_held or not money.shift_to_booked(call.session, line.id, expense.total):
        raise Conflict(N_("本单占用的预算与金额不一致，不能入账；请退回后重新提交。"))
    money.drop_reservation(call.session, call.instance_id)
    return line


def _write_entry(call: Call, expense: Expense, line: LineState) -> LedgerEntry:
    if call.actor is None:
        raise Forbidden
    booking = call.values.get(BOOKING) or {}
    entry = LedgerEntry(
        kind=LedgerKind.BOOKING,
        organization_id=call.organization_id,
        studio_id=line.studio_id,
        line_id=line.id,
        year=line.year,
        category=line.category,
        instance_id=call.instance_id,
        amount=expense.total,
        summary=expense.purpose[:SUMMARY_LENGTH],
        voucher_number=booking["voucher_number"],
        paid_on=paid_on(booking, date(line.year, 1, 1)),
        payment_method=PaymentMethod(booking["payment_method"]),
        booked_by_id=call.actor.person_id,
    )
    call.session.add(entry)
    call.session.flush()
    return entry


def _assets(call: Call, expense: Expense) -> list[Asset]:
    return [
        Asset(
            organization_id=call.organization_id,
            studio_id=expense.studio,
            instance_id=call.instance_id,
            name=item.name,
            quantity=item.quantity,
            amount=item.amount,
            place=expense.asset_place,
            acquired_on=clock.today(),
        )
        for item in expense.items
    ]
