"""Cells against the kinds and allowed values of their columns, before any case is decided."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_, sentence
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.evaluation import evaluate, holds
from app.engine.decisions.kinds import Inferred, Kinds, certain, check_comparable, infer
from app.engine.decisions.model import Decision, DecisionTable, Input, Rule, ValueType
from app.engine.decisions.trees import Compared, Expression, Test, Tree, UnaryTests, operands_of
from app.engine.decisions.values import WORDS, Kind, shown, typed
from app.engine.problems import Problem


@dataclass(frozen=True)
class Spot:
    """A place in a DMN file that a problem can be noted at."""

    file: str
    element: str
    text: str

    def part(self, text: str, element: str = "") -> "Spot":
        """Return a place within this one."""
        return Spot(self.file, element or self.element, self.text + text)

    def problem(self, rule: str, reason: str) -> Problem:
        """Return a problem here."""
        return Problem(
            self.file, self.element, rule, sentence(N_("%(place)s：%(reason)s"), place=self.text, reason=reason)
        )

    def guard(self, rule: str, check: Callable[[], object]) -> Iterator[Problem]:
        """Yield a problem when a check refuses."""
        try:
            check()
        except ValueRefused as refusal:
            yield self.problem(rule, str(refusal))


def check_literal(spot: Spot, decision: Decision, logic: Expression, kinds: Kinds) -> Iterator[Problem]:
    """Find a literal expression that can have no value, or one of another kind than is declared."""
    yield from _check_result(spot, logic, decision.type, kinds)


def check_cells(spot: Spot, table: DecisionTable, kinds: Kinds) -> Iterator[Problem]:
    """Find cells that do not fit their column."""
    columns = [_column_kind(column, kinds) for column in table.inputs]
    for column in table.inputs:
        here = spot.part(N_("的输入“%s”") % column.label)
        yield from here.guard("dmn-type", lambda column=column: _check_input(column, kinds))  # type: ignore[misc]
        yield from _check_tests(here.part(N_("的允许值")), column.type.allowed, ValueType(column.type.kind), {})
    for output in table.outputs:
        here = spot.part(N_("的输出“%s”") % output.name)
        yield from _check_tests(here.part(N_("的允许值")), output.type.allowed, ValueType(output.type.kind), {})
        if output.default is not None:
            yield from _check_result(here.part(N_("的默认结果")), output.default, output.type, kinds)
    for rule in table.rules:
        yield from _check_rule(spot, table, rule, columns, kinds)


def _check_rule(
    spot: Spot, table: DecisionTable, rule: Rule, columns: list[Inferred], kinds: Kinds
) -> Iterator[Problem]:
    here = spot.part(N_("第 %d 条规则") % rule.number, rule.id)
    for column, cell, kind in zip(table.inputs, rule.tests, columns, strict=True):
        place = here.part(f"“{column.label}”")
        type_ = (
            column.type if column.type.kind is not Kind.ANY or kind is None else ValueType(kind, column.type.allowed)
        )
        yield from _check_tests(place, cell, type_, kinds)
    for at, (output, result) in enumerate(zip(table.outputs, rule.outputs, strict=True)):
        place = here.part(f"“{output.name}”")
        if at in rule.missing:
            yield place.problem("dmn-output", N_("是空的，请填写结果；真的没有结果，请写 null。"))
        else:
            yield from _check_result(place, result, output.type, kinds)


def _column_kind(column: Input, kinds: Kinds) -> Inferred:
    try:
        return certain(column.type.kind) or infer(column.expression.tree, kinds)
    except ValueRefused:
        return None


def _check_input(column: Input, kinds: Kinds) -> None:
    found, wanted = infer(column.expression.tree, kinds), certain(column.type.kind)
    if found is not None and wanted is not None and found is not wanted:
        params = {"found": WORDS[found], "wanted": WORDS[wanted]}
        raise ValueRefused(N_("算出来的是%(found)s，声明的却是%(wanted)s。") % params)


def _check_tests(spot: Spot, cell: UnaryTests | None, type_: ValueType, kinds: Kinds) -> Iterator[Problem]:
    for test in cell.tests if cell else ():
        problems = list(spot.guard("dmn-type", lambda test=test: _check_kind(test, certain(type_.kind), kinds)))  # type: ignore[misc]
        yield from problems or _check_mentioned(spot, test, type_)


def _check_kind(test: Test, wanted: Inferred, kinds: Kinds) -> None:
    if isinstance(test, Compared):
        check_comparable(test.symbol, wanted, infer(test.operand, kinds))
        return
    low, high = infer(test.low, kinds), infer(test.high, kinds)
    for kind in (low, high):
        check_comparable("<", wanted, kind)
    check_comparable("<", low, high)


def _check_mentioned(spot: Spot, test: Test, type_: ValueType) -> Iterator[Problem]:
    """Find constants without a value, and one that the column can never have."""
    for operand in operands_of(test):
        if _is_constant(operand):
            is_value = isinstance(test, Compared) and test.symbol == "="
            wanted = type_ if is_value else ValueType()
            yield from spot.guard(
                "dmn-allowed",
                lambda operand=operand, wanted=wanted: _check_allowed(evaluate(operand, {}), wanted),  # type: ignore[misc]
            )


def _check_result(spot: Spot, result: Expression, type_: ValueType, kinds: Kinds) -> Iterator[Problem]:
    problems = list(spot.guard("dmn-type", lambda: _check_result_kind(result, type_.kind, kinds)))
    if problems or not _is_constant(result.tree):
        yield from problems
        return
    yield from spot.guard("dmn-allowed", lambda: _check_allowed(evaluate(result.tree, {}), type_))


def _check_result_kind(result: Expression, wanted: Kind, kinds: Kinds) -> None:
    found = infer(result.tree, kinds)
    if _is_constant(result.tree):
        typed(evaluate(result.tree, {}), wanted)
    elif found is not None and certain(wanted) not in {None, found, *_AS_TEXT.get(found, ())}:
        params = {"found": WORDS[found], "wanted": WORDS[wanted]}
        raise ValueRefused(N_("算出来的是%(found)s，声明的却是%(wanted)s。") % params)


def _check_allowed(value: Any, type_: ValueType) -> None:
    found = typed(value, type_.kind)
    tests = type_.allowed
    if found is not None and tests is not None and not tests.names and not holds(tests, found, {}):
        params = {"value": shown(found), "allowed": tests.text}
        raise ValueRefused(N_("%(value)s 不在允许的值 %(allowed)s 里。") % params)


def _is_constant(tree: Tree) -> bool:
    return not Expression("", tree).names


# A day may be given as a text, as forms do.
_AS_TEXT: Mapping[Kind, tuple[Kind, ...]] = {Kind.STRING: (Kind.DATE,)}
