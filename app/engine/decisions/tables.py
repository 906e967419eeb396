"""Evaluate a decision table: look at every rule, let the hit policy judge, check what comes out."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import DecisionError, Fault, ValueRefused
from app.engine.decisions.evaluation import Names, evaluate, holds
from app.engine.decisions.explanations import Cell, RuleTrace, TableTrace
from app.engine.decisions.hit_policies import no_match, settle
from app.engine.decisions.model import Aggregation, Decision, DecisionTable, HitPolicy, Input, Output, Rule
from app.engine.decisions.places import Place, place_of
from app.engine.decisions.trees import Expression
from app.engine.decisions.values import ARITHMETIC, Kind, bounded, kind_of


def evaluate_table(decision: Decision, table: DecisionTable, names: Names) -> tuple[Any, TableTrace]:
    """Return the result and how it came about. Raises DecisionError."""
    place = place_of(decision)
    values = [_value(place, column, names) for column in table.inputs]
    rules = [RuleTrace(rule, _cells(place, table, rule, values, names)) for rule in table.rules]
    trace = TableTrace(decision, table, values, rules)
    try:
        return _result(place, trace, names), trace
    except DecisionError as error:
        error.explanation = trace.as_json()
        raise


def _value(place: Place, column: Input, names: Names) -> Any:
    here = place.part(N_("的输入“%s”") % column.label, input=column.label)
    value = here.guard(Fault.EXPRESSION, lambda: evaluate(column.expression.tree, names))
    return here.checked(value, column.type, names)


def _cells(place: Place, table: DecisionTable, rule: Rule, values: Sequence[Any], names: Names) -> tuple[Cell, ...]:
    found = []
    for column, tests, value in zip(table.inputs, rule.tests, values, strict=True):
        params = {"rule": rule.number, "input": column.label}
        here = place.part(N_("第 %(rule)d 条规则“%(input)s”一格") % params, rules=[rule.number], input=column.label)
        truth = here.guard(Fault.EXPRESSION, lambda tests=tests, value=value: holds(tests, value, names))  # type: ignore[misc]
        found.append(Cell(column.label, value, tests.text, truth))
    return tuple(found)


def _result(place: Place, trace: TableTrace, names: Names) -> Any:
    table = trace.table
    # Only the first rule of FIRST speaks: what the others would say is not looked at.
    speaking = trace.matched[:1] if table.hit_policy is HitPolicy.FIRST else trace.matched
    for found in speaking:
        found.outputs = _outputs(place, table, found.rule, names)
    trace.hits = settle(trace.decision, table, speaking)
    rows = [found.outputs or {} for found in trace.hits]
    if not rows and table.has_default:
        trace.is_default = True
        rows = [_defaults(place, table, names)]
    return _shaped(place, trace, [_alone(table, row) for row in rows])


def _outputs(place: Place, table: DecisionTable, rule: Rule, names: Names) -> dict[str, Any]:
    here = place.part(N_("第 %d 条规则") % rule.number, rules=[rule.number])
    return {
        column.name: _output(here, column, cell, names)
        for column, cell in zip(table.outputs, rule.outputs, strict=True)
    }


def _defaults(place: Place, table: DecisionTable, names: Names) -> dict[str, Any]:
    here = place.part(N_("默认结果"))
    return {
        column.name: _output(here, column, column.default, names) if column.default else None
        for column in table.outputs
    }


def _output(place: Place, column: Output, cell: Expression, names: Names) -> Any:
    here = place.part(N_("的输出“%s”") % column.name, output=column.name)
    value = here.guard(Fault.EXPRESSION, lambda: evaluate(cell.tree, names))
    return here.checked(value, column.type, names)


def _alone(table: DecisionTable, row: Mapping[str, Any]) -> Any:
    """Return the value itself where there is one output only."""
    return row if len(table.outputs) > 1 else row[table.outputs[0].name]


def _shaped(place: Place, trace: TableTrace, rows: list[Any]) -> Any:
    table = trace.table
    if table.hit_policy.is_single:
        if not rows:
            raise no_match(trace.decision, table, trace.values)
        return rows[0]
    if table.aggregation is None:
        return rows
    if trace.is_default:
        return rows[0]
    here = place.part(N_("的汇总"), output=table.outputs[0].name)
    return here.guard(Fault.TYPE, lambda: _aggregated(table.aggregation, rows))


def _aggregated(aggregation: Aggregation | None, values: list[Any]) -> Any:
    """Return what COLLECT makes of the outputs; of nothing there is a count, but no sum, least or most."""
    if aggregation is Aggregation.COUNT:
        return ARITHMETIC.create_decimal(len(values))
    if any(kind_of(value) is not Kind.NUMBER for value in values):
        raise ValueRefused(N_("只有数字才能合计、取最小、取最大。"))
    if not values:
        return None
    combine = _COMBINED[aggregation or Aggregation.SUM]
    return bounded(reduce(combine, values))


_COMBINED: dict[Aggregation, Callable[[Any, Any], Any]] = {
    Aggregation.SUM: ARITHMETIC.add,
    Aggregation.MIN: min,
    Aggregation.MAX: max,
}
