"""What functions take and give."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.domain.text import N_, sentence
from app.engine.checks.findings import Finding
from app.engine.types import ANY, MOMENT, NUMBER, REPEAT, WORKING_DAYS, Kind, Type, is_one_of, list_of


class Argument(NamedTuple):
    """One argument as it is written, and its type."""

    node: ast.expr
    type: Type


Result = tuple[Type, tuple[Finding, ...]]
_NUMERIC = (Kind.NUMBER,)
_COUNTED = (Kind.TEXT, Kind.LIST, Kind.ROW)
_DAYS = (Kind.DATE, Kind.TEXT)
_ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE)


def result_of(name: str, arguments: Sequence[Argument]) -> Result:
    """Return the type of a function's value, and what is wrong with its arguments."""
    found = _FUNCTIONS.get(name)
    return found(name, arguments) if found else (ANY, ())


def _takes(result: Type, *kinds: Kind) -> Callable[[str, Sequence[Argument]], Result]:
    def check(name: str, arguments: Sequence[Argument]) -> Result:
        return result, tuple(_wrong(name, one, kinds) for one in arguments if not is_one_of(one.type, *kinds))

    return check


def _takes_each(result: Type, *kinds: Sequence[Kind]) -> Callable[[str, Sequence[Argument]], Result]:
    """Check each argument against its own kinds."""

    def check(name: str, arguments: Sequence[Argument]) -> Result:
        pairs = zip(arguments, kinds, strict=True)
        return result, tuple(_wrong(name, one, able) for one, able in pairs if not is_one_of(one.type, *able))

    return check


def _wrong(name: str, argument: Argument, kinds: Sequence[Kind]) -> Finding:
    message = N_("“%(text)s”里函数 %(function)s 的参数 %(part)s 是%(kind)s，要给%(wanted)s。")
    words = {"part": ast.unparse(argument.node), "kind": argument.type.title}
    return Finding(
        "type", sentence(message, function=name, wanted="、".join(Type(kind).title for kind in kinds), **words)
    )


def _items(name: str, argument: Argument, kinds: Sequence[Kind]) -> Result:
    """Check a list's items, and return their type."""
    if not is_one_of(argument.type, Kind.LIST):
        return ANY, (_wrong(name, argument, (Kind.LIST,)),)
    item = argument.type.item or ANY
    return item, () if is_one_of(item, *kinds) else (_wrong(name, Argument(argument.node, item), kinds),)


def _total(name: str, arguments: Sequence[Argument]) -> Result:
    return NUMBER, _items(name, arguments[0], _NUMERIC)[1]


def _extreme(name: str, arguments: Sequence[Argument]) -> Result:
    if len(arguments) == 1:
        return _items(name, arguments[0], _ORDERED)
    wrong = tuple(_wrong(name, one, _ORDERED) for one in arguments if not is_one_of(one.type, *_ORDERED))
    kinds = {one.type.kind for one in arguments} - {Kind.ANY}
    if len(kinds) > 1 and not wrong and kinds != {Kind.TEXT, Kind.DATE}:
        other = next(one for one in arguments if one.type.kind not in {Kind.ANY, arguments[0].type.kind})
        wrong = (_wrong(name, other, (arguments[0].type.kind,)),)
    return Type(next(iter(kinds))) if len(kinds) == 1 else ANY, wrong


def _column(name: str, arguments: Sequence[Argument]) -> Result:
    rows, wanted = arguments
    item, wrong = _items(name, rows, (Kind.ROW,))
    if not is_one_of(wanted.type, Kind.TEXT):
        return list_of(ANY), (*wrong, _wrong(name, wanted, (Kind.TEXT,)))
    column = wanted.node.value if isinstance(wanted.node, ast.Constant) else None
    if wrong or item.columns is None or not isinstance(column, str):
        return list_of(ANY), wrong
    if column not in item.columns:
        message = N_("“%(text)s”里没有“%(name)s”这一列，请改成这些里的一个：%(known)s。")
        return list_of(ANY), (Finding("name", sentence(message, name=column, known="、".join(item.columns))),)
    return list_of(item.columns[column]), ()


# A function that is not here takes and gives anything.
_FUNCTIONS: Mapping[str, Callable[[str, Sequence[Argument]], Result]] = {
    "len": _takes(NUMBER, *_COUNTED),
    "sum": _total,
    "min": _extreme,
    "max": _extreme,
    "abs": _takes(NUMBER, *_NUMERIC),
    "round": _takes(NUMBER, *_NUMERIC),
    "pluck": _column,
    "working_days": _takes(WORKING_DAYS, *_NUMERIC),
    "working_days_before": _takes_each(MOMENT, _DAYS, _NUMERIC),
    "working_day_on_or_before": _takes(MOMENT, *_DAYS),
    "every": _takes_each(REPEAT, (Kind.WORKING_DAYS, Kind.TEXT), _NUMERIC),
}
