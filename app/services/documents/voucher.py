"""The voucher 凭证 of a booked expense, reversal or refund, and what its printed code stands for."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.money import LedgerEntry
from app.db.processes import ProcessInstance
from app.db.queries import ledger as queries
from app.db.queries import money
from app.db.work import Signature
from app.domain import clock
from app.domain.canonical import fingerprint
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Actor
from app.domain.money import capitals, yuan
from app.domain.serial import grouped_code
from app.domain.text import N_, sentence
from app.domain.vocabulary import (
    FUNDING_SOURCE_TITLES,
    LEDGER_KIND_TITLES,
    PAYMENT_METHOD_TITLES,
    FundingSource,
    LedgerKind,
    PaymentMethod,
)
from app.services import signatures, visibility
from app.services.documents import voucher_facts
from app.services.documents.printing import Press, pdf, qr_svg
from app.services.operations.expense import DRAFT
from app.services.operations.reversals import PROPOSAL

TEMPLATE = "voucher.typ"
TITLES = {
    LedgerKind.BOOKING: N_("经费报销凭证"),
    LedgerKind.REVERSAL: N_("经费冲销凭证"),
    LedgerKind.REFUND: N_("经费退款凭证"),
}
SEALS = {
    LedgerKind.BOOKING: N_("已核销入账"),
    LedgerKind.REVERSAL: N_("已冲销记账"),
    LedgerKind.REFUND: N_("已退款记账"),
}
SIGNED_FOR = {"host_sign": N_("主持人签字"), "legal_sign": N_("法定代表人签字")}


def voucher(session: Session, actor: Actor | None, instance_id: int, press: Press) -> bytes:
    """Return the voucher of a booked case as PDF/A-2b; a job asks without an actor.

    Raises NotFound for what the person may not see, Conflict before booking.
    """
    return pdf(press, TEMPLATE, voucher_data(session, actor, instance_id, press))


def voucher_data(session: Session, actor: Actor | None, instance_id: int, press: Press) -> dict[str, Any]:
    """Return what the voucher says. Raises as `voucher` does."""
    if actor is not None and not visibility.may_see_id(session, actor, instance_id):
        raise NotFound
    case = session.get(ProcessInstance, instance_id)
    if case is None:
        raise NotFound
    entry = _entry(session, instance_id)
    if entry is None:
        raise Conflict(N_("还没有入账，入账后才有凭证。"))
    url = press.verify_url(case.verification_code)
    kind = LedgerKind(entry.kind)
    return {
        "title": TITLES[kind],
        "seal": SEALS[kind],
        "organization": case.organization.name,
        "serial": case.serial,
        "day": clock.shanghai(entry.booked_at).date().isoformat(),
        "amount": yuan(entry.amount),
        "capitals": capitals(entry.amount),
        **voucher_facts.content(session, case, entry),
        "signatures": [_signature(found) for found in signatures.live(session, case.id)],
        "booking": _booking(session, entry),
        "notes": _notes(session, entry),
        "qr": qr_svg(url),
        "url": url,
        "code": grouped_code(case.verification_code),
    }


def is_booked(session: Session, instance_id: int) -> bool:
    """Tell whether a case has a voucher."""
    return _entry(session, instance_id) is not None


def verification(session: Session, code: str) -> dict[str, Any]:
    """Return what a voucher's code stands for; names no person. Raises NotFound."""
    case = session.scalar(select(ProcessInstance).where(ProcessInstance.verification_code == code))
    entry = _entry(session, case.id) if case else None
    if case is None or entry is None:
        raise NotFound
    kind = LedgerKind(entry.kind)
    signed = signatures.content_hash(case.values, _signed_elements(kind))
    return {
        "kind": TITLES[kind],
        "serial": case.serial,
        "organization": case.organization.name,
        "date": clock.shanghai(entry.booked_at).date().isoformat(),
        "hash": signed,
        "fingerprint": fingerprint(signed),
        "is_valid": _rest(session, entry) != 0,
    }


def _entry(session: Session, instance_id: int) -> LedgerEntry | None:
    return session.scalar(select(LedgerEntry).where(LedgerEntry.instance_id == instance_id))


def _signed_elements(kind: LedgerKind) -> tuple[str, ...]:
    return (DRAFT,) if kind == LedgerKind.BOOKING else (PROPOSAL,)


def _rest(session: Session, entry: LedgerEntry) -> int:
    """Return what is left of an entry after those that take it back, in fen."""
    return entry.amount - sum(money.taken_back(session, entry.id).values())


def _signature(found: Signature) -> dict[str, str]:
    return {
        "role": SIGNED_FOR.get(found.element, N_("签字")),
        "name": found.person.name,
        "organization": found.organization_name,
        "position": found.position_title,
        "at": _instant(found.signed_at),
        "statement": found.statement,
        "fingerprint": fingerprint(found.content_hash),
    }


def _booking(session: Session, entry: LedgerEntry) -> dict[str, str]:
    is_booking = entry.kind == LedgerKind.BOOKING
    parts = queries.allocations(session, [entry.id]).get(entry.id, {})
    return {
        "title": N_("入账核销") if is_booking else N_("记账"),
        "voucher": entry.voucher_number,
        "on": chinese_day(clock.shanghai(entry.booked_at).date()),
        "paid_on": chinese_day(entry.paid_on),
        "method": PAYMENT_METHOD_TITLES[PaymentMethod(entry.payment_method)],
        "by": f"{entry.booked_by.name} · {_instant(entry.booked_at)}",
        "sources": _sources([(source, parts[source]) for source in FundingSource if source in parts]),
    }


def _sources(parts: Sequence[tuple[FundingSource, int]]) -> str:
    return "；".join(f"{FUNDING_SOURCE_TITLES[source]} {yuan(amount)} 元" for source, amount in parts)


def _notes(session: Session, entry: LedgerEntry) -> list[str]:
    """Return what later took money of this entry back."""
    later = session.scalars(select(LedgerEntry).where(LedgerEntry.reverses_id == entry.id).order_by(LedgerEntry.id))
    message = N_("本单已于%(on)s%(kind)s %(amount)s 元，凭证号 %(voucher)s。")
    return [
        sentence(
            message,
            on=chinese_day(clock.shanghai(back.booked_at).date()),
            kind=LEDGER_KIND_TITLES[LedgerKind(back.kind)],
            amount=yuan(-back.amount),
            voucher=back.voucher_number,
        ).chinese()
        for back in later
    ]


def _instant(at: datetime) -> str:
    there = clock.shanghai(at)
    return f"{chinese_day(there.date())} {there:%H:%M}"


def chinese_day(day: date) -> str:
    """Write a date as documents do: 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"
