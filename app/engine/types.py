"""The types that expressions are checked against before anything runs; null is of every type."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.text import N_


class Kind(StrEnum):
    """What sort of value a name stands for."""

    ANY = "any"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"
    ROW = "row"
    WORKING_DAYS = "working_days"
    MOMENT = "moment"
    REPEAT = "repeat"


KIND_TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ANY: N_("任意"),
        Kind.NUMBER: N_("数字"),
        Kind.TEXT: N_("文字"),
        Kind.DATE: N_("日期"),
        Kind.BOOLEAN: N_("真假"),
        Kind.LIST: N_("列表"),
        Kind.ROW: N_("一组值"),
        Kind.WORKING_DAYS: N_("工作日期限"),
        Kind.MOMENT: N_("某一天的期限"),
        Kind.REPEAT: N_("重复的期限"),
    }
)


@dataclass(frozen=True)
class Type:
    """A kind; the values that a choice has, what a list is of, what a row's columns are; None where not known."""

    kind: Kind
    options: tuple[str, ...] | None = None
    item: "Type | None" = None
    columns: Mapping[str, "Type"] | None = None

    @property
    def title(self) -> str:
        """Return what people call it."""
        return KIND_TITLES[self.kind]

    def as_data(self) -> dict[str, Any]:
        """Return the type as JSON has it."""
        columns = None if self.columns is None else {name: one.as_data() for name, one in self.columns.items()}
        item = None if self.item is None else self.item.as_data()
        return {"kind": self.kind, "options": self.options, "item": item, "columns": columns}


def read_type(data: Mapping[str, Any]) -> Type:
    """Read what `as_data` gave."""
    columns = None if data["columns"] is None else {name: read_type(one) for name, one in data["columns"].items()}
    item = None if data["item"] is None else read_type(data["item"])
    options = None if data["options"] is None else tuple(data["options"])
    return Type(Kind(data["kind"]), options, item, columns)


ANY = Type(Kind.ANY)
NUMBER = Type(Kind.NUMBER)
TEXT = Type(Kind.TEXT)
DATE = Type(Kind.DATE)
BOOLEAN = Type(Kind.BOOLEAN)
WORKING_DAYS = Type(Kind.WORKING_DAYS)
MOMENT = Type(Kind.MOMENT)
REPEAT = Type(Kind.REPEAT)
# Dates are kept as text such as 2026-11-24.
_TEXTUAL = frozenset({Kind.TEXT, Kind.DATE})


def choice(options: tuple[str, ...]) -> Type:
    """Return the type of a text that is one of several."""
    return Type(Kind.TEXT, options=options)


def list_of(item: Type) -> Type:
    """Return the type of a list."""
    return Type(Kind.LIST, item=item)


def row_of(columns: Mapping[str, Type] | None = None) -> Type:
    """Return the type of named values; without columns any name may be asked for."""
    return Type(Kind.ROW, columns=MappingProxyType(dict(columns)) if columns is not None else None)


def is_one_of(found: Type, *kinds: Kind) -> bool:
    """Tell whether a value of a type may be of one of these kinds."""
    return found.kind is Kind.ANY or found.kind in kinds


def are_alike(left: Type, right: Type) -> bool:
    """Tell whether values of two types may be equal."""
    if Kind.ANY in {left.kind, right.kind} or left.kind is right.kind:
        return True
    return {left.kind, right.kind} == _TEXTUAL


def common(left: Type, right: Type) -> Type:
    """Return the type of a value that may come from either."""
    return left if left == right else Type(left.kind) if left.kind is right.kind else ANY
