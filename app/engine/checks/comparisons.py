"""What may be compared with what."""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from app.domain.text import N_, sentence
from app.engine.checks.findings import Finding
from app.engine.types import Kind, Type, are_alike, is_one_of

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Side(NamedTuple):
    """One side of a comparison."""

    node: ast.expr
    type: Type

    @property
    def text(self) -> str:
        """Return what is written there."""
        return ast.unparse(self.node)


def objections(symbol: ast.cmpop, left: Side, right: Side) -> Iterator[Finding]:
    """Yield why two sides cannot be compared so, or could never be equal."""
    if isinstance(symbol, ast.In | ast.NotIn):
        yield from _membership(left, right)
    elif isinstance(symbol, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
        yield from _equality(left, right)
    else:
        yield from _order(left, right)


def _equality(left: Side, right: Side) -> Iterator[Finding]:
    if not are_alike(left.type, right.type):
        yield _unlike(left, right)
    else:
        yield from _literals(left, right)
        yield from _literals(right, left)


def _order(left: Side, right: Side) -> Iterator[Finding]:
    for side in (left, right):
        if not is_one_of(side.type, Kind.NUMBER, Kind.TEXT, Kind.DATE):
            message = N_("“%(text)s”里的 %(part)s 是%(kind)s，不能比大小，请用 == 或者 in。")
            yield Finding("type", sentence(message, part=side.text, kind=side.type.title))
            return
    yield from _equality(left, right)


def _membership(left: Side, right: Side) -> Iterator[Finding]:
    if right.type.kind is Kind.TEXT:
        if not is_one_of(left.type, Kind.TEXT, Kind.DATE):
            yield _unlike(left, right)
        return
    if not is_one_of(right.type, Kind.LIST, Kind.ROW):
        message = N_("“%(text)s”里 in 后面的 %(part)s 是%(kind)s，要写列表，例如 [1, 2]。")
        yield Finding("type", sentence(message, part=right.text, kind=right.type.title))
    elif right.type.item is not None and not are_alike(left.type, right.type.item):
        yield _unlike(left, Side(right.node, right.type.item))
    else:
        yield from _members(left, right)


def _members(left: Side, right: Side) -> Iterator[Finding]:
    if isinstance(right.node, ast.List | ast.Tuple):
        for item in right.node.elts:
            yield from _literals(left, Side(item, left.type))
    elif right.type.item is not None:
        yield from _literals(Side(right.node, right.type.item), left)


def _literals(side: Side, other: Side) -> Iterator[Finding]:
    """Yield a literal that a value could never be: no choice that is offered, no date."""
    value = other.node.value if isinstance(other.node, ast.Constant) else None
    if not isinstance(value, str):
        return
    if side.type.options is not None and value not in side.type.options:
        message = N_("“%(text)s”里的 %(part)s 不会是“%(value)s”，请改成这些里的一个：%(known)s。")
        known = "、".join(side.type.options)
        yield Finding("option", sentence(message, part=side.text, value=value, known=known))
    if side.type.kind is Kind.DATE and not _DAY.fullmatch(value):
        message = N_("“%(text)s”里的 %(part)s 是日期，请和“2026-11-24”这样写的日期比。")
        yield Finding("type", sentence(message, part=side.text))


def _unlike(left: Side, right: Side) -> Finding:
    message = N_("“%(text)s”里 %(left)s 是%(left_kind)s，%(right)s 是%(right_kind)s，不能比，请改成同一种。")
    titles = {"left_kind": left.type.title, "right_kind": right.type.title}
    return Finding("type", sentence(message, left=left.text, right=right.text, **titles))
