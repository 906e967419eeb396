"""Whether a condition holds for one combination of values; read once, asked for thousands."""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from app.engine.checks.choices.atoms import sides
from app.engine.checks.choices.variables import EQUAL, LESS, MORE, opaque
from app.engine.expressions import ExpressionError, parse

Assignment = Mapping[str, Any]


class Case(NamedTuple):
    """A combination of values: by variable, and the named ones as expressions see them."""

    values: Assignment
    context: Mapping[str, Mapping[str, Any]]


Judge = Callable[[Case], bool]
_HOLDS: Mapping[type[ast.cmpop], frozenset[str | None]] = {
    ast.Lt: frozenset({LESS}),
    ast.LtE: frozenset({LESS, EQUAL}),
    ast.Gt: frozenset({MORE}),
    ast.GtE: frozenset({MORE, EQUAL}),
    ast.Eq: frozenset({EQUAL}),
    ast.Is: frozenset({EQUAL}),
    ast.NotEq: frozenset({LESS, MORE, None}),
    ast.IsNot: frozenset({LESS, MORE, None}),
}
_TURNED = {LESS: MORE, MORE: LESS}


def context_of(named: Assignment) -> dict[str, dict[str, Any]]:
    """Return values by name as expressions see them, by element and field."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in named.items():
        element, field = name.split(".")[:2]
        found.setdefault(element, {})[field] = value
    return found


def judge(tree: ast.expr) -> Judge:
    """Return the question whether a condition holds."""
    if isinstance(tree, ast.BoolOp):
        parts = [judge(part) for part in tree.values]
        together = all if isinstance(tree.op, ast.And) else any
        return lambda case: together(part(case) for part in parts)
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        denied = judge(tree.operand)
        return lambda case: not denied(case)
    if isinstance(tree, ast.IfExp):
        test, body, otherwise = judge(tree.test), judge(tree.body), judge(tree.orelse)
        return lambda case: body(case) if test(case) else otherwise(case)
    return _judge_atom(tree)


def _judge_atom(atom: ast.expr) -> Judge:
    expression, key, stands = parse(ast.unparse(atom)), opaque(atom).key, _standing(atom)

    def holds(case: Case) -> bool:
        if key in case.values:
            return stands(case.values[key])
        try:
            return bool(expression.evaluate(case.context))
        except ExpressionError:
            return False

    return holds


def _standing(atom: ast.expr) -> Callable[[Any], bool]:
    """Return whether an atom holds, given how its two sides compare or its own value."""
    pair = sides(atom)
    if pair is None or not isinstance(atom, ast.Compare):
        return bool
    wanted = _HOLDS[type(atom.ops[0])]
    is_turned = tuple(sorted(pair)) != pair
    return lambda value: (_TURNED.get(value, value) if is_turned else value) in wanted
