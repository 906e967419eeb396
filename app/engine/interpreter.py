"""Evaluate a permitted expression tree: null is contagious, sizes are bounded, nothing is called by attribute."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.text import N_
from app.engine.functions import FUNCTIONS, is_number

MAX_TEXT = 10_000
MAX_ITEMS = 5_000
MAX_BITS = 128
LITERAL_NAMES: Mapping[str, Any] = MappingProxyType({"true": True, "false": False, "null": None})

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SIGNS: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}


class ValueRefused(Exception):
    """Say in Chinese why an expression has no value."""


def evaluate(node: ast.expr, context: Mapping[str, Any]) -> Any:
    """Return the value of a tree that `expressions.parse` accepted. Raises ValueRefused."""
    return _EVALUATORS[type(node)](node, context)


def _constant(node: ast.Constant, _context: Mapping[str, Any]) -> Any:
    return _bounded(node.value)


def _name(node: ast.Name, context: Mapping[str, Any]) -> Any:
    return context[node.id] if node.id in context else LITERAL_NAMES.get(node.id)


def _attribute(node: ast.Attribute, context: Mapping[str, Any]) -> Any:
    return _item(evaluate(node.value, context), node.attr)


def _subscript(node: ast.Subscript, context: Mapping[str, Any]) -> Any:
    return _item(evaluate(node.value, context), evaluate(node.slice, context))


def _item(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(key, str):
        return value.get(key)
    if isinstance(value, list | tuple) and isinstance(key, int) and -len(value) <= key < len(value):
        return value[key]
    return None


def _list(node: ast.List | ast.Tuple, context: Mapping[str, Any]) -> list[Any]:
    return [evaluate(item, context) for item in node.elts]


def _bool_op(node: ast.BoolOp, context: Mapping[str, Any]) -> Any:
    stops_at = isinstance(node.op, ast.Or)
    value: Any = None
    for part in node.values:
        value = evaluate(part, context)
        if bool(value) is stops_at:
            break
    return value


def _unary_op(node: ast.UnaryOp, context: Mapping[str, Any]) -> Any:
    value = evaluate(node.operand, context)
    if isinstance(node.op, ast.Not):
        return not value
    if value is None:
        return None
    if not is_number(value):
        raise ValueRefused(N_("只有数字才有正负号。"))
    return _SIGNS[type(node.op)](value)


def _bin_op(node: ast.BinOp, context: Mapping[str, Any]) -> Any:
    left, right = evaluate(node.left, context), evaluate(node.right, context)
    if left is None or right is None:
        return None
    if not (is_number(left) and is_number(right)) and not _can_join(node.op, left, right):
        raise ValueRefused(N_("只有数字才能计算，文字和列表只能用加号连接。"))
    try:
        return _bounded(_ARITHMETIC[type(node.op)](left, right))
    except ZeroDivisionError:
        raise ValueRefused(N_("除数是 0。")) from None
    except OverflowError:
        raise ValueRefused(N_("数字太大。")) from None


def _can_join(symbol: ast.operator, left: Any, right: Any) -> bool:
    return isinstance(symbol, ast.Add) and any(
        isinstance(left, kind) and isinstance(right, kind) for kind in (str, list)
    )


def _compare(node: ast.Compare, context: Mapping[str, Any]) -> bool:
    left = evaluate(node.left, context)
    for symbol, part in zip(node.ops, node.comparators, strict=True):
        right = evaluate(part, context)
        if not _holds(symbol, left, right):
            return False
        left = right
    return True


def _holds(symbol: ast.cmpop, left: Any, right: Any) -> bool:
    if isinstance(symbol, ast.Eq | ast.Is):
        return bool(left == right)
    if isinstance(symbol, ast.NotEq | ast.IsNot):
        return bool(left != right)
    if isinstance(symbol, ast.In | ast.NotIn):
        return _contains(right, left) is isinstance(symbol, ast.In)
    return _is_ordered(symbol, left, right)


def _contains(container: Any, value: Any) -> bool:
    if isinstance(container, str):
        return isinstance(value, str) and value in container
    if isinstance(container, Mapping):
        return isinstance(value, str) and value in container
    return isinstance(container, list | tuple) and value in container


def _is_ordered(symbol: ast.cmpop, left: Any, right: Any) -> bool:
    # Nothing is more or less than what is not known.
    if left is None or right is None:
        return False
    if not (is_number(left) and is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        raise ValueRefused(N_("数字只能和数字比大小，文字只能和文字比先后。"))
    return bool(_ORDER[type(symbol)](left, right))


def _if_exp(node: ast.IfExp, context: Mapping[str, Any]) -> Any:
    return evaluate(node.body if evaluate(node.test, context) else node.orelse, context)


def _call(node: ast.Call, context: Mapping[str, Any]) -> Any:
    # parse() lets nothing but names of functions be called.
    function = FUNCTIONS[ast.unparse(node.func)]
    try:
        return _bounded(function.call(*(evaluate(argument, context) for argument in node.args)))
    except (TypeError, ValueError, OverflowError):
        raise ValueRefused(N_("函数得到的值不对。")) from None


def is_within_bounds(value: Any) -> bool:
    """Tell whether a value is no number, or one of bounded size."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value.bit_length() <= MAX_BITS


def _bounded(value: Any) -> Any:
    if not is_within_bounds(value):
        raise ValueRefused(N_("数字太大。"))
    if (isinstance(value, str) and len(value) > MAX_TEXT) or (isinstance(value, list) and len(value) > MAX_ITEMS):
        raise ValueRefused(N_("值太大。"))
    return value


_EVALUATORS: dict[type[ast.expr], Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.List: _list,
    ast.Tuple: _list,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary_op,
    ast.BinOp: _bin_op,
    ast.Compare: _compare,
    ast.IfExp: _if_exp,
    ast.Call: _call,
}
