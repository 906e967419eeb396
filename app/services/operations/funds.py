"""Holding a budget line's money and invoice numbers for an open case, and letting them go."""

from collections import Counter
from typing import Any

from sqlalchemy.exc import IntegrityError

from app.db.money import InvoiceUse
from app.db.queries import money
from app.domain.errors import Refused
from app.domain.money import yuan
from app.domain.text import N_
from app.services import signatures
from app.services.operations import parameters
from app.services.operations.call import Call
from app.services.operations.expense import Expense, Invoice, expense_in
from app.services.operations.findings import refuse

RETURNED = N_("财务退回")
USED = N_("这个发票号码已经报销或者正在报销，不能再用；请核对号码。")


def reserve_funds(call: Call) -> dict[str, Any]:
    """Hold the case's total on its line and its invoice numbers; a second run replaces the first.

    Raises Refused when the line has too little left, or another case holds an invoice number.
    """
    expense = expense_in(call.values)
    _hold_money(call, expense)
    _hold_invoices(call, expense)
    return {"reserved": expense.total, "budget_line": expense.budget_line}


def release_funds(call: Call) -> None:
    """Give the case's money and invoice numbers back; nothing happens where none are held."""
    held = money.reservation_of(call.session, call.instance_id)
    if held is not None:
        line_id, amount = held
        money.shift_reserved(call.session, line_id, -amount)
        money.drop_reservation(call.session, call.instance_id)
        money.release_invoices(call.session, call.instance_id)


def void_signatures(call: Call) -> None:
    """Void every live signature of the case because finance returned it."""
    for signature in signatures.live(call.session, call.instance_id):
        signatures.void(call.session, signature, RETURNED)


def _hold_money(call: Call, expense: Expense) -> None:
    held = money.reservation_of(call.session, call.instance_id)
    changes: Counter[int] = Counter({expense.budget_line or 0: expense.total})
    if held is not None:
        changes.subtract({held[0]: held[1]})
    # One order for all cases, so that two that swap lines do not wait for each other.
    for line_id in sorted(changes):
        if not money.shift_reserved(call.session, line_id, changes[line_id]):
            raise _too_little(call, expense, changes[line_id])
    money.keep_reservation(call.session, call.instance_id, expense.budget_line or 0, expense.total)


def _too_little(call: Call, expense: Expense, wanted: int) -> Refused:
    line = money.line_state(call.session, expense.budget_line)
    left = line.available + (expense.total - wanted) if line else 0
    return refuse(
        call.rules,
        "budget_line",
        N_("这项预算还可用 %(left)s 元，本单 %(total)s 元，差 %(short)s 元。"),
        parameters.EARMARKED,
        left=yuan(left),
        total=yuan(expense.total),
        short=yuan(expense.total - left),
    )


def _hold_invoices(call: Call, expense: Expense) -> None:
    held = money.live_invoices(call.session, call.instance_id)
    listed = {invoice.number: (place, invoice) for place, invoice in enumerate(expense.invoices)}
    money.release_invoices(call.session, call.instance_id, held.keys() - listed.keys())
    # In the numbers' order, so that two cases with the same invoices do not wait for each other.
    for number in sorted(listed):
        place, invoice = listed[number]
        if number in held:
            held[number].amount = invoice.amount
        else:
            _hold_invoice(call, place, invoice)


def _hold_invoice(call: Call, place: int, invoice: Invoice) -> None:
    try:
        with call.session.begin_nested():
            call.session.add(InvoiceUse(number=invoice.number, amount=invoice.amount, instance_id=call.instance_id))
    except IntegrityError as taken:
        raise refuse(call.rules, f"invoices.{place}.number", USED, parameters.GENUINE) from taken
