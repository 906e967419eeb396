"""The closed registry of operations that a service task may name: their signatures, not their deeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.text import N_


@dataclass(frozen=True)
class Signature:
    """What an operation is called, which parameters it takes, which fields its result has.

    `rules` are the groups of rules by which it judges: a case that runs it must be pinned to them.
    """

    name: str
    title: str
    params: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


_MONEY = ("expense", "funding", "budget")
_SIGNATURES = (
    Signature("check_expense", N_("核对报销"), results=("amount", "year", "checks", "flags"), rules=_MONEY),
    Signature("reserve_funds", N_("占用预算"), results=("reserved", "budget_line"), rules=_MONEY),
    Signature("release_funds", N_("退还占用")),
    Signature("void_signatures", N_("作废签字")),
    Signature("book_expense", N_("记入台账"), results=("entry", "voucher", "booked_on"), rules=_MONEY),
    Signature(
        "check_budget", N_("核对预算"), results=("amount", "year", "studio_name", "checks", "flags"), rules=_MONEY
    ),
    Signature("confirm_budget", N_("确认预算"), results=("budget", "confirmed_on"), rules=_MONEY),
    Signature(
        "check_reversal",
        N_("核对冲销"),
        results=("amount", "available", "kind_name", "summary", "checks"),
        rules=_MONEY,
    ),
    Signature("book_reversal", N_("记入冲销"), results=("entry", "voucher", "booked_on"), rules=_MONEY),
)

OPERATIONS: Mapping[str, Signature] = MappingProxyType({signature.name: signature for signature in _SIGNATURES})
