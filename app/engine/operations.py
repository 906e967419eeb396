"""The closed registry of operations that a service task may name: their signatures, not their deeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.text import N_
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, Type, list_of, row_of

_CHECKS = list_of(row_of({"text": TEXT, "is_ok": BOOLEAN, "parameter": TEXT}))
_FLAGS = list_of(row_of())


@dataclass(frozen=True)
class Signature:
    """What an operation is called, which parameters it takes and which fields its result has, each with its type.

    `rules` are the groups of rules by which it judges: a case that runs it must be pinned to them.
    """

    name: str
    title: str
    params: Mapping[str, Type] = field(default_factory=dict)
    results: Mapping[str, Type] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


_MONEY = ("expense", "funding", "budget")
_BOOKED = MappingProxyType({"entry": NUMBER, "voucher": TEXT, "booked_on": DATE})
_SIGNATURES = (
    Signature(
        "check_expense",
        N_("核对报销"),
        results={"amount": NUMBER, "year": NUMBER, "checks": _CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("reserve_funds", N_("占用预算"), results={"reserved": NUMBER, "budget_line": ANY}, rules=_MONEY),
    Signature("release_funds", N_("退还占用")),
    Signature("void_signatures", N_("作废签字")),
    Signature("book_expense", N_("记入台账"), results=_BOOKED, rules=_MONEY),
    Signature(
        "check_budget",
        N_("核对预算"),
        results={"amount": NUMBER, "year": NUMBER, "studio_name": TEXT, "checks": _CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("confirm_budget", N_("确认预算"), results={"budget": NUMBER, "confirmed_on": DATE}, rules=_MONEY),
    Signature(
        "check_reversal",
        N_("核对冲销"),
        results={"amount": NUMBER, "available": NUMBER, "kind_name": TEXT, "summary": TEXT, "checks": _CHECKS},
        rules=_MONEY,
    ),
    Signature("book_reversal", N_("记入冲销"), results=_BOOKED, rules=_MONEY),
)

OPERATIONS: Mapping[str, Signature] = MappingProxyType({signature.name: signature for signature in _SIGNATURES})
