"""Expressions in diagrams: a small part of Python, read once, interpreted, never executed as code."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain.errors import ShenpiError
from app.domain.text import N_
from app.engine.functions import FUNCTIONS
from app.engine.interpreter import LITERAL_NAMES, ValueRefused, evaluate, is_within_bounds

MAX_LENGTH = 2_000
MAX_NODES = 200
# A backslash could hide a sign that no database keeps.
_WRITABLE = re.compile(r"[^\\\x00-\x08\x0b-\x1f\ud800-\udfff]*")
_SHAPES = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.List, ast.Tuple, ast.BoolOp, ast.UnaryOp, ast.BinOp,
    ast.Compare, ast.IfExp, ast.Call,
    ast.Load, ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
)  # fmt: skip


class ExpressionError(ShenpiError):
    """An expression is not allowed, or cannot be evaluated with the values at hand."""

    message = N_("算式“%(text)s”有错：%(reason)s")


@dataclass(frozen=True)
class Expression:
    """A permitted expression: its text, its tree, and what it refers to."""

    text: str
    tree: ast.expr
    # Values, as `draft.amount` or `params.limit`.
    names: frozenset[str]
    # Keys of rules, as `expense.sign_working_days`.
    rules: frozenset[str]

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """Return the value in a context of names; what is missing is null. Raises ExpressionError."""
        try:
            return evaluate(self.tree, context)
        except ValueRefused as refusal:
            raise ExpressionError(text=self.text, reason=str(refusal)) from None
        except RecursionError:
            raise ExpressionError(text=self.text, reason=N_("比较的内容一层套一层太深。")) from None


@lru_cache(maxsize=2_000)
def parse(text: str) -> Expression:
    """Read an expression. Raises ExpressionError when it is not of the permitted kind."""
    if len(text) > MAX_LENGTH or not _WRITABLE.fullmatch(text):
        raise ExpressionError(text=text[:20] + "…", reason=N_("太长，或者有反斜杠和控制字符，请改写。"))
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(text=text, reason=N_("写法不对，请检查括号、引号和运算符。")) from None
    reason = _objection(tree)
    if reason:
        raise ExpressionError(text=text, reason=reason)
    return Expression(text, tree, frozenset(_names(tree)), frozenset(_rules(tree)))


def _objection(tree: ast.expr) -> str | None:
    for count, node in enumerate(ast.walk(tree), start=1):
        if count > MAX_NODES:
            return N_("太复杂了，请分成几步写。")
        reason = _objection_to(node)
        if reason:
            return reason
    return None


def _objection_to(node: ast.AST) -> str | None:
    if not isinstance(node, _SHAPES):
        return N_("不能用 %s 这种写法，只能比较、计算和调用列出的函数。") % type(node).__name__
    if isinstance(node, ast.Constant):
        return _objection_to_constant(node.value)
    if isinstance(node, ast.Name) and node.id.startswith("_"):
        return N_("名称不能以下划线开头。")
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        return N_("名称不能以下划线开头。")
    return _objection_to_call(node) if isinstance(node, ast.Call) else None


def _objection_to_constant(value: Any) -> str | None:
    if not isinstance(value, str | int | float | None):
        return N_("常量只能是文字、数字、真假和空。")
    return None if is_within_bounds(value) else N_("数字太大。")


def _objection_to_call(node: ast.Call) -> str | None:
    function = FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if function is None:
        return N_("只能调用这些函数：%s。") % "、".join(FUNCTIONS)
    if node.keywords or not function.least <= len(node.args) <= function.most:
        return N_("函数 %s 的参数不对。") % ast.unparse(node.func)
    return None


def _names(tree: ast.expr) -> Iterator[str]:
    """Yield the longest dotted name of each reference, without function names, literals and rules."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        dotted = _dotted(node)
        if dotted is None:
            waiting.extend(ast.iter_child_nodes(node))
        elif id(node) not in called and dotted not in LITERAL_NAMES and dotted != "rules":
            yield dotted


def _dotted(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else None
    return None


def _rules(tree: ast.expr) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id == "rules"
            and isinstance(node.slice, ast.Constant)
        ):
            yield str(node.slice.value)
