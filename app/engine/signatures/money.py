"""Signatures of operations on budgets, expenses and the ledger."""

from types import MappingProxyType

from app.domain.text import N_
from app.engine.signatures.signature import CHECKS, Signature
from app.engine.types import ANY, DATE, NUMBER, TEXT, list_of, row_of

_FLAGS = list_of(row_of())

_MONEY = ("expense", "funding", "budget")

_BOOKED = MappingProxyType({"entry": NUMBER, "voucher": TEXT, "booked_on": DATE})

SIGNATURES = (
    Signature(
        "check_expense",
        N_("核对报销"),
        results={"amount": NUMBER, "year": NUMBER, "checks": CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("reserve_funds", N_("占用预算"), results={"reserved": NUMBER, "budget_line": ANY}, rules=_MONEY),
    Signature("release_funds", N_("退还占用")),
    Signature("void_signatures", N_("作废签字")),
    Signature("book_expense", N_("记入台账"), results=_BOOKED, rules=_MONEY),
    Signature(
        "check_budget",
        N_("核对预算"),
        results={"amount": NUMBER, "year": NUMBER, "studio_name": TEXT, "checks": CHECKS, "flags": _FLAGS},
        rules=_MONEY,
    ),
    Signature("confirm_budget", N_("确认预算"), results={"budget": NUMBER, "confirmed_on": DATE}, rules=_MONEY),
    Signature(
        "check_reversal",
        N_("核对冲销"),
        results={"amount": NUMBER, "available": NUMBER, "kind_name": TEXT, "summary": TEXT, "checks": CHECKS},
        rules=_MONEY,
    ),
    Signature("book_reversal", N_("记入冲销"), results=_BOOKED, rules=_MONEY),
)
