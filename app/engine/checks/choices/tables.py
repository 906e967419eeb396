"""For each exclusive gateway, which way is taken for which combination of values."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from app.engine.checks.choices.atoms import atoms
from app.engine.checks.choices.certainty import surely_done
from app.engine.checks.choices.judging import Assignment, Case, Judge, context_of, judge
from app.engine.checks.choices.variables import Variable, Variables
from app.engine.checks.facts import Facts
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.model import Flow, Gateway

MAX_ROWS = 4_096
# Parts of conditions that are looked at for all tables of a diagram together: beyond it the later ones are left out.
MAX_WORK = 1_000_000


@dataclass(frozen=True)
class Row:
    """A combination of values: the flows whose conditions hold, the first of which is taken."""

    values: Assignment
    holding: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """All rows of a gateway, and the variables that they are about."""

    gateway: Gateway
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]

    def taken(self, row: Row) -> str | None:
        """Return the flow that is taken, if any is."""
        return row.holding[0] if row.holding else self.gateway.default


def tables_of(facts: Facts) -> dict[str, Table]:
    """Return the table of each exclusive gateway that chooses, where it is not too large."""
    read = {flow.id: expression for flow in facts.model.flows if (expression := _read(flow)) is not None}
    variables, done = Variables(facts, read.values()), surely_done(facts)
    found: dict[str, Table] = {}
    left = MAX_WORK
    for gateway in facts.model.of_kind(Gateway):
        out = [flow for flow in facts.outgoing(gateway.id) if flow.id in read]
        if gateway.kind == "exclusive" and out:
            conditions = [(flow.id, read[flow.id]) for flow in out]
            size = sum(1 for _, condition in conditions for _ in ast.walk(condition.tree))
            table = _table(gateway, conditions, variables, done[gateway.id], min(left // size, MAX_ROWS))
            if table is not None:
                found[gateway.id] = table
                left -= len(table.rows) * size
    return found


def _read(flow: Flow) -> Expression | None:
    try:
        return parse(flow.condition) if flow.condition else None
    except ExpressionError:
        return None


def _table(
    gateway: Gateway,
    conditions: Sequence[tuple[str, Expression]],
    variables: Variables,
    done: frozenset[str],
    most: int,
) -> Table | None:
    found = [one for _, condition in conditions for atom in atoms(condition.tree) for one in variables.of(atom)]
    distinct = {one.key: one for one in found}
    domains = [(*one.values, *((None,) if variables.may_be_null(one, done) else ())) for one in distinct.values()]
    if prod(map(len, domains)) > most:
        return None
    judges = [(flow, judge(condition.tree)) for flow, condition in conditions]
    rows = (_row(dict(zip(distinct, values, strict=True)), distinct, judges) for values in product(*domains))
    return Table(gateway, tuple(distinct.values()), tuple(rows))


def _row(values: Assignment, variables: Mapping[str, Variable], judges: Sequence[tuple[str, Judge]]) -> Row:
    named = {key: value for key, value in values.items() if variables[key].is_name}
    case = Case(values, context_of(named))
    return Row(values, tuple(flow for flow, holds in judges if holds(case)))
