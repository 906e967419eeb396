"""The syntax of conditions: the parts that are put together, and what they compare."""

import ast
from collections.abc import Iterator
from typing import Any

from app.engine.expressions import parse


def atoms(tree: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a condition that `and`, `or`, `not` and `if` put together."""
    if isinstance(tree, ast.BoolOp):
        for part in tree.values:
            yield from atoms(part)
    elif isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
        yield from atoms(tree.operand)
    elif isinstance(tree, ast.IfExp):
        for part in (tree.test, tree.body, tree.orelse):
            yield from atoms(part)
    else:
        yield tree


def sides(atom: ast.expr) -> tuple[str, str] | None:
    """Return both sides of a comparison of two, None for anything else."""
    if not isinstance(atom, ast.Compare) or len(atom.ops) > 1 or isinstance(atom.ops[0], ast.In | ast.NotIn):
        return None
    return ast.unparse(atom.left), ast.unparse(atom.comparators[0])


def is_equality(atom: ast.expr) -> bool:
    """Tell whether an atom asks for nothing but being equal or among some."""
    kinds = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
    return isinstance(atom, ast.Compare) and all(isinstance(symbol, kinds) for symbol in atom.ops)


def is_against_literals(atom: ast.expr) -> bool:
    """Tell whether an atom compares names with nothing but literals and lists of them."""
    if not isinstance(atom, ast.Compare):
        return False
    return all(isinstance(part, ast.Attribute) or _is_literal(part) for part in (atom.left, *atom.comparators))


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_literal(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _is_literal(node.operand)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in {"null", "true", "false"})


def literals(atom: ast.expr) -> Iterator[Any]:
    """Yield the literals that an atom compares with, null left out."""
    parts = (atom.left, *atom.comparators) if isinstance(atom, ast.Compare) else ()
    for part in parts:
        for node in part.elts if isinstance(part, ast.List | ast.Tuple) else (part,):
            value = parse(ast.unparse(node)).evaluate({}) if _is_literal(node) else None
            # A list within a list is like nothing that a field holds.
            if isinstance(value, str | int | float):
                yield value
