"""Which kind of value an expression has, as far as that is certain before any value is known."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.trees import Arithmetic, Choice, Comparison, Literal, Logic, Name, Negative, Not, Tree
from app.engine.decisions.values import WORDS, Kind, kind_of

# The kinds of names; whoever is not in it may be of any kind.
Kinds = Mapping[str, Kind]
# None: null, or not certain.
Inferred = Kind | None


def certain(kind: Kind) -> Inferred:
    """Return what a declared kind says about values: an integer is a number, and anything is not certain."""
    if kind is Kind.INTEGER:
        return Kind.NUMBER
    return None if kind is Kind.ANY else kind


def infer(tree: Tree, kinds: Kinds) -> Inferred:
    """Return the kind of an expression. Raises ValueRefused when it can never have a value."""
    return _RULES[type(tree)](tree, kinds)


def _literal(tree: Literal, _kinds: Kinds) -> Inferred:
    return kind_of(tree.value)


def _name(tree: Name, kinds: Kinds) -> Inferred:
    return certain(kinds.get(tree.dotted, Kind.ANY))


def _negative(tree: Negative, kinds: Kinds) -> Inferred:
    if infer(tree.operand, kinds) not in {None, Kind.NUMBER}:
        raise ValueRefused(N_("只有数字才有负号。"))
    return Kind.NUMBER


def _arithmetic(tree: Arithmetic, kinds: Kinds) -> Inferred:
    known = {infer(tree.left, kinds), infer(tree.right, kinds)} - {None}
    permitted = {Kind.NUMBER, Kind.STRING} if tree.symbol == "+" else {Kind.NUMBER}
    if len(known) > 1 or known - permitted:
        raise ValueRefused(N_("只有数字才能计算，文字只能和文字用加号连接。"))
    if known:
        return known.pop()
    return None if tree.symbol == "+" else Kind.NUMBER


def _comparison(tree: Comparison, kinds: Kinds) -> Inferred:
    check_comparable(tree.symbol, infer(tree.left, kinds), infer(tree.right, kinds))
    return Kind.BOOLEAN


def _logic(tree: Logic, kinds: Kinds) -> Inferred:
    _check_truth(tree.left, kinds)
    _check_truth(tree.right, kinds)
    return Kind.BOOLEAN


def _not(tree: Not, kinds: Kinds) -> Inferred:
    _check_truth(tree.operand, kinds)
    return Kind.BOOLEAN


def _choice(tree: Choice, kinds: Kinds) -> Inferred:
    _check_truth(tree.condition, kinds)
    then, otherwise = infer(tree.then, kinds), infer(tree.otherwise, kinds)
    return then if then is otherwise else None


def _check_truth(tree: Tree, kinds: Kinds) -> None:
    if infer(tree, kinds) not in {None, Kind.BOOLEAN}:
        raise ValueRefused(N_("and、or、not 和 if 的条件只能用真假。"))


def check_comparable(symbol: str, left: Inferred, right: Inferred) -> None:
    """Refuse a comparison that can never hold because of the kinds. Raises ValueRefused."""
    if left is not None and right is not None and left is not right:
        params = {"left": WORDS[left], "right": WORDS[right]}
        raise ValueRefused(N_("%(left)s和%(right)s不能比较。") % params)
    if symbol not in {"=", "!="} and Kind.BOOLEAN in {left, right}:
        raise ValueRefused(N_("真假不能比大小。"))


_RULES: dict[type[Tree], Callable[[Any, Kinds], Inferred]] = {
    Literal: _literal,
    Name: _name,
    Negative: _negative,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Logic: _logic,
    Not: _not,
    Choice: _choice,
}
