"""Deadlines as a diagram writes them: written out, or an expression that gives one."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from app.domain.text import N_
from app.engine.due_values import DueValue, Repeat, read_due_text
from app.engine.expressions import Expression, ExpressionError, parse


@dataclass(frozen=True)
class Due:
    """A deadline still to be evaluated."""

    text: str
    fixed: DueValue | None
    expression: Expression | None

    @property
    def is_repeated(self) -> bool:
        """Tell whether it may fall due again and again."""
        tree = self.expression.tree if self.expression else None
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
        return isinstance(self.fixed, Repeat) or any(ast.unparse(call.func) == "every" for call in calls)

    def evaluate(self, context: Mapping[str, Any]) -> DueValue | None:
        """Return what the deadline comes to, or None where the values give none. Raises ExpressionError."""
        if self.expression is None:
            return self.fixed
        value = self.expression.evaluate(context)
        if isinstance(value, str):
            value = read_due_text(value)
        # A form's text may spell a repetition where nothing can be repeated.
        is_unexpected = isinstance(value, Repeat) and not self.is_repeated
        if value is None or (isinstance(value, get_args(DueValue)) and not is_unexpected):
            return value
        message = N_("期限“%(text)s”要写成 P3D 这样的时长、2026-09-30 这样的日期，或者 working_days(3)。")
        raise ExpressionError(message, text=self.text)


def parse_due(text: str) -> Due:
    """Read a deadline. Raises ExpressionError."""
    fixed = read_due_text(text)
    return Due(text, fixed, None if fixed else parse(text))


def is_constant(due: Due) -> bool:
    """Tell whether a deadline comes to the same whatever the values and the rules."""
    return due.expression is None or not (due.expression.names or _names_rules(due.expression.tree))


def constant_due(text: str) -> DueValue | None:
    """Return what a constant deadline comes to; None where it is not constant or gives none.

    Raises ExpressionError.
    """
    due = parse_due(text)
    return due.evaluate({}) if is_constant(due) else None


def _names_rules(tree: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "rules" for node in ast.walk(tree))
