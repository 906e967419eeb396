"""The values of decisions: texts, exact numbers, truth values, days and null, and the kinds that columns declare."""

from collections.abc import Mapping
from datetime import date
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from enum import StrEnum
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.parsing import date_of
from app.engine.decisions.strings import quote

# DMN's 34 digits, and whole numbers that any store of JSON can hold.
ARITHMETIC = Context(prec=34, Emin=-6143, Emax=6144, traps=[DivisionByZero, InvalidOperation, Overflow])
MOST = Decimal(10**18)
MAX_TEXT = 10_000
_SHOWN_TEXT = 60


class Kind(StrEnum):
    """What a column or variable declares itself to hold; an integer is a number without a fraction."""

    STRING = "string"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    ANY = "Any"


WORDS: dict[Kind, str] = {
    Kind.STRING: N_("文字"),
    Kind.NUMBER: N_("数字"),
    Kind.INTEGER: N_("整数"),
    Kind.BOOLEAN: N_("真假"),
    Kind.DATE: N_("日期"),
    Kind.ANY: N_("任何值"),
}


def kind_of(value: Any) -> Kind | None:
    """Return the kind of a value; null, lists and contexts have none. An integer is a number here."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, str):
        return Kind.STRING
    if isinstance(value, Decimal):
        return Kind.NUMBER
    return Kind.DATE if isinstance(value, date) else None


def from_json(value: Any) -> Any:
    """Turn a case's value into a decision's: numbers become exact. Raises ValueRefused."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueRefused(N_("文字太长。"))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    # The shortest decimal that stands for the float is what a person typed.
    return bounded(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))


def to_json(value: Any) -> Any:
    """Turn a decision's value into JSON: whole numbers stay whole, days become texts."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: to_json(item) for name, item in value.items()}
    return [to_json(item) for item in value] if isinstance(value, list | tuple) else value


def typed(value: Any, kind: Kind) -> Any:
    """Return a value as the kind that is declared; null is of every kind. Raises ValueRefused."""
    if value is None or kind is Kind.ANY:
        return value
    if kind is Kind.DATE and isinstance(value, str) and (day := date_of(value)):
        return day
    wanted = Kind.NUMBER if kind is Kind.INTEGER else kind
    if kind_of(value) is not wanted or (kind is Kind.INTEGER and value != value.to_integral_value()):
        raise ValueRefused(N_("要的是%(kind)s，给的是 %(value)s。") % {"kind": WORDS[kind], "value": shown(value)})
    return value


def bounded(value: Decimal) -> Decimal:
    """Return a number that is finite and not too large. Raises ValueRefused."""
    if not value.is_finite() or abs(value) >= MOST:
        raise ValueRefused(N_("数字太大。"))
    return value


def shown(value: Any) -> str:
    """Write a value for a sentence, as a cell would hold it."""
    if isinstance(value, str):
        return quote(value if len(value) <= _SHOWN_TEXT else value[:_SHOWN_TEXT] + "…")
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return str(to_json(value))
    return value.isoformat() if isinstance(value, date) else N_("一组值")
