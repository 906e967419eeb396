"""Reversals and refunds: entries of their own, never more than what is left of the booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.db.money import LedgerEntry
from app.db.queries import money
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.money import yuan
from app.domain.text import N_
from app.domain.vocabulary import LEDGER_KIND_TITLES, LedgerKind, Role
from app.services.control_points import Office, require_signatures
from app.services.operations import parameters
from app.services.operations.allocation import allocate
from app.services.operations.bookings import SUMMARY_LENGTH, paid_on, write_allocation
from app.services.operations.call import Call
from app.services.operations.findings import Findings

PROPOSAL = "propose_reversal"
KINDS = frozenset({LedgerKind.REVERSAL, LedgerKind.REFUND})


@dataclass(frozen=True)
class _Booking:
    """A booked entry, held until the commit, with what was not taken back yet, in fen."""

    entry: LedgerEntry
    reversed: int
    refunded: int

    @property
    def left(self) -> int:
        return self.entry.amount - self.reversed - self.refunded


def check_reversal(call: Call) -> dict[str, Any]:
    """Check a proposed reversal or refund; amounts in fen. Raises Refused."""
    proposal = _proposal(call)
    booking = _checked(call, proposal)
    return {
        "amount": proposal["amount"],
        "available": booking.left,
        "kind_name": LEDGER_KIND_TITLES[LedgerKind(proposal["kind"])],
        "summary": booking.entry.summary,
        "checks": [{"text": _summary_of_rest(booking, proposal["amount"]), "is_ok": True, "parameter": None}],
    }


def book_reversal(call: Call) -> dict[str, Any]:
    """Write a signed reversal or refund as an entry of its own, below zero.

    Raises Forbidden without the legal representative's live signature by another person than the
    proposer's, Refused when meanwhile less is left.
    """
    proposal = _proposal(call)
    offices = (Office(Role.LEGAL_REPRESENTATIVE, call.organization_id),)
    others = frozenset({call.required_initiator()})
    require_signatures(call.session, call.instance_id, offices, call.values, (PROPOSAL,), others)
    booking = _checked(call, proposal)
    amount = proposal["amount"]
    entry = _write_entry(call, booking.entry, proposal)
    shares = allocate(amount, money.allocation_left(call.session, booking.entry.id))
    if not money.shift_booked_back(call.session, booking.entry.line_id, amount):
        raise Conflict(N_("这项预算已入账的钱少于要冲销的金额，不能记账。"))
    write_allocation(call, entry.id, {source: -part for source, part in shares.items()})
    if entry.kind == LedgerKind.REVERSAL and booking.reversed + amount == booking.entry.amount:
        money.release_invoices(call.session, booking.entry.instance_id)
    return {"entry": entry.id, "voucher": entry.voucher_number, "booked_on": clock.today().isoformat()}


def _proposal(call: Call) -> Mapping[str, Any]:
    return {"amount": 0, **(call.values.get(PROPOSAL) or {})}


def _checked(call: Call, proposal: Mapping[str, Any]) -> _Booking:
    findings = Findings(call.rules)
    booking = _locked(call, proposal.get("booking"))
    if booking is None:
        findings.fault("booking", N_("请选本单位已经入账的一笔报销。"), parameters.TWO_SIGNATURES)
    elif proposal["amount"] <= 0:
        findings.fault("amount", N_("金额要大于 0。"))
    elif proposal["amount"] > booking.left:
        message = N_("这一笔入账 %(booked)s 元，还可冲销或退款 %(left)s 元，您填了 %(amount)s 元。")
        numbers = {"booked": yuan(booking.entry.amount), "left": yuan(booking.left)}
        findings.fault("amount", message, amount=yuan(proposal["amount"]), **numbers)
    if proposal.get("kind") not in KINDS:
        findings.fault("kind", N_("请选冲销或者退款。"))
    findings.conclude()
    if booking is None:
        raise Conflict
    paid_on(proposal, booking.entry.paid_on)
    return booking


def _locked(call: Call, entry_id: int | None) -> _Booking | None:
    entry = money.lock_entry(call.session, entry_id)
    if entry is None or entry.kind != LedgerKind.BOOKING or entry.organization_id != call.organization_id:
        return None
    back = money.taken_back(call.session, entry.id)
    return _Booking(entry, back.get(LedgerKind.REVERSAL, 0), back.get(LedgerKind.REFUND, 0))


def _summary_of_rest(booking: _Booking, amount: int) -> str:
    return N_("这一笔入账 %(booked)s 元，办理后还余 %(left)s 元") % {
        "booked": yuan(booking.entry.amount),
        "left": yuan(booking.left - amount),
    }


def _write_entry(call: Call, booked: LedgerEntry, proposal: Mapping[str, Any]) -> LedgerEntry:
    entry = LedgerEntry(
        kind=LedgerKind(proposal["kind"]),
        organization_id=booked.organization_id,
        studio_id=booked.studio_id,
        line_id=booked.line_id,
        year=booked.year,
        category=booked.category,
        instance_id=call.instance_id,
        reverses_id=booked.id,
        amount=-proposal["amount"],
        summary=(proposal.get("reason") or "")[:SUMMARY_LENGTH],
        voucher_number=proposal["voucher_number"],
        paid_on=paid_on(proposal, booked.paid_on),
        payment_method=booked.payment_method,
        booked_by_id=call.required_initiator(),
    )
    call.session.add(entry)
    call.session.flush()
    return entry
