"""Evaluate expressions and tests with three values of truth: true, false, and null for what is not known."""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.trees import (
    Arithmetic,
    Choice,
    Comparison,
    Interval,
    Literal,
    Logic,
    Name,
    Negative,
    Not,
    Test,
    Tree,
    UnaryTests,
)
from app.engine.decisions.values import ARITHMETIC, MAX_TEXT, Kind, bounded, from_json, kind_of

Names = Mapping[str, Any]
Truth = bool | None
MAX_EXPONENT = 1_000
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": ARITHMETIC.add,
    "-": ARITHMETIC.subtract,
    "*": ARITHMETIC.multiply,
    "/": ARITHMETIC.divide,
    "**": ARITHMETIC.power,
}
_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(tree: Tree, names: Names) -> Any:
    """Return the value of an expression; a name that is missing is null. Raises ValueRefused."""
    return _EVALUATORS[type(tree)](tree, names)


def holds(tests: UnaryTests, value: Any, names: Names) -> Truth:
    """Tell whether a value passes an input cell; null where that cannot be known. Raises ValueRefused."""
    if tests.is_any:
        return True
    found = _any_of(_passes(test, value, names) for test in tests.tests)
    return negated(found) if tests.is_negated else found


def negated(truth: Truth) -> Truth:
    """Return the opposite; the opposite of what is not known is not known."""
    return None if truth is None else not truth


def compare(symbol: str, left: Any, right: Any) -> Truth:
    """Compare two values; what is of two kinds, or null, has no order."""
    if symbol in {"=", "!="}:
        is_equal = _is_equal(left, right)
        return is_equal if symbol == "=" else negated(is_equal)
    kind = kind_of(left)
    if kind is None or kind is Kind.BOOLEAN or kind is not kind_of(right):
        return None
    return _ORDERINGS[symbol](left, right)


def _is_equal(left: Any, right: Any) -> Truth:
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    return left == right if kind is not None and kind is kind_of(right) else None


def _passes(test: Test, value: Any, names: Names) -> Truth:
    if isinstance(test, Interval):
        return _lies_in(test, value, names)
    operand = evaluate(test.operand, names)
    if test.symbol == "=" and value is None:
        # Nothing but null itself is known to be null.
        return True if operand is None else None
    return compare(test.symbol, value, operand)


def _lies_in(test: Interval, value: Any, names: Names) -> Truth:
    low = compare(">=" if test.has_low else ">", value, evaluate(test.low, names))
    high = compare("<=" if test.has_high else "<", value, evaluate(test.high, names))
    return _both(low, high)


def _any_of(truths: Any) -> Truth:
    found: Truth = False
    for truth in truths:
        found = _either(found, truth)
    return found


def _either(left: Truth, right: Truth) -> Truth:
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _both(left: Truth, right: Truth) -> Truth:
    return negated(_either(negated(left), negated(right)))


def _literal(tree: Literal, _names: Names) -> Any:
    return tree.value


def _name(tree: Name, names: Names) -> Any:
    value: Any = names
    for part in tree.parts:
        value = value.get(part) if isinstance(value, Mapping) else None
    return from_json(value)


def _negative(tree: Negative, names: Names) -> Any:
    value = evaluate(tree.operand, names)
    if value is None:
        return None
    if not isinstance(value, Decimal):
        raise ValueRefused(N_("只有数字才有负号。"))
    return ARITHMETIC.minus(value)


def _arithmetic(tree: Arithmetic, names: Names) -> Any:
    left, right = evaluate(tree.left, names), evaluate(tree.right, names)
    if left is None or right is None:
        return None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _calculated(tree.symbol, left, right)
    if tree.symbol == "+" and isinstance(left, str) and isinstance(right, str):
        return _joined(left, right)
    raise ValueRefused(N_("只有数字才能计算，文字只能和文字用加号连接。"))


def _joined(left: str, right: str) -> str:
    if len(left) + len(right) > MAX_TEXT:
        raise ValueRefused(N_("文字太长。"))
    return left + right


def _calculated(symbol: str, left: Decimal, right: Decimal) -> Decimal:
    if symbol == "**" and (right != right.to_integral_value() or abs(right) > MAX_EXPONENT):
        raise ValueRefused(N_("乘方的次数要是整数，最多 %d。") % MAX_EXPONENT)
    if (symbol == "/" and right == 0) or (symbol == "**" and left == 0 > right):
        raise ValueRefused(N_("除数是 0。"))
    try:
        return bounded(_ARITHMETIC[symbol](left, right))
    except DecimalException:
        raise ValueRefused(N_("数字太大，或者算不出来。")) from None


def _comparison(tree: Comparison, names: Names) -> Truth:
    return compare(tree.symbol, evaluate(tree.left, names), evaluate(tree.right, names))


def _logic(tree: Logic, names: Names) -> Truth:
    join = _both if tree.symbol == "and" else _either
    return join(_truth(tree.left, names), _truth(tree.right, names))


def _not(tree: Not, names: Names) -> Truth:
    return negated(_truth(tree.operand, names))


def _truth(tree: Tree, names: Names) -> Truth:
    value = evaluate(tree, names)
    if value is None or isinstance(value, bool):
        return value
    raise ValueRefused(N_("and、or、not 只能用在真假上。"))


def _choice(tree: Choice, names: Names) -> Any:
    return evaluate(tree.then if _truth(tree.condition, names) else tree.otherwise, names)


_EVALUATORS: dict[type[Tree], Callable[[Any, Names], Any]] = {
    Literal: _literal,
    Name: _name,
    Negative: _negative,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Logic: _logic,
    Not: _not,
    Choice: _choice,
}
