"""The closed registry of operations that a service task may name: their signatures, not their deeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.text import N_


@dataclass(frozen=True)
class Signature:
    """What an operation is called, which parameters it takes and which fields its result has."""

    name: str
    title: str
    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


_SIGNATURES = (
    Signature("check_expense", N_("核对报销"), results=("amount", "year", "checks", "flags")),
    Signature("reserve_funds", N_("占用预算"), results=("reserved", "budget_line")),
    Signature("release_funds", N_("退还占用")),
    Signature("void_signatures", N_("作废签字")),
    Signature("book_expense", N_("记入台账"), results=("entry", "voucher", "booked_on")),
    Signature("check_budget", N_("核对预算"), results=("amount", "year", "studio_name", "checks", "flags")),
    Signature("confirm_budget", N_("确认预算"), results=("budget", "confirmed_on")),
    Signature("check_reversal", N_("核对冲销"), results=("amount", "available", "kind_name", "summary", "checks")),
    Signature("book_reversal", N_("记入冲销"), results=("entry", "voucher", "booked_on")),
)

OPERATIONS: Mapping[str, Signature] = MappingProxyType({signature.name: signature for signature in _SIGNATURES})
