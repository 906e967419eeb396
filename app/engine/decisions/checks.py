"""Everything about a DMN file that can be told before it is used, as at publication."""

from collections.abc import Iterator
from itertools import islice

from app.domain.text import N_
from app.engine.decisions.cell_checks import Spot, check_cells, check_literal
from app.engine.decisions.coverage import Coverage, Example, are_independent, coverage_of
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.model import (
    Aggregation,
    Decision,
    DecisionFile,
    DecisionTable,
    HitPolicy,
    Rule,
    root_of,
)
from app.engine.decisions.reading import read_decisions
from app.engine.decisions.trees import Name
from app.engine.decisions.values import Kind, shown
from app.engine.decisions.work import TooMuch, Work
from app.engine.problems import PackageError, Problem

# Nobody reads more of one table.
MAX_OVERLAPS = 20


def check_decision_text(file: str, text: str) -> list[Problem]:
    """Return everything that is wrong with the text of a DMN file."""
    try:
        return check_decisions(read_decisions(file, text))
    except PackageError as error:
        return list(error.problems)


def check_decisions(file: DecisionFile) -> list[Problem]:
    """Return everything that keeps a file that could be read from being published."""
    work = Work()
    return [problem for decision in file.decisions.values() for problem in _check_decision(file, decision, work)]


def _check_decision(file: DecisionFile, decision: Decision, work: Work) -> Iterator[Problem]:
    spot = Spot(file.file, decision.id, N_("决策“%s”") % decision.name)
    kinds = _kinds(file, decision)
    yield from _check_names(spot, file, decision, kinds)
    table = decision.logic
    if not isinstance(table, DecisionTable):
        yield from check_literal(spot, decision, table, kinds)
        return
    yield from _check_outputs(spot, table)
    problems = list(check_cells(spot, table, {**_column_kinds(table), **kinds}))
    # Coverage takes kinds at their word.
    yield from problems or _check_coverage(spot, table, work)


def _kinds(file: DecisionFile, decision: Decision) -> dict[str, Kind]:
    """Return the kinds of the names that a decision may use."""
    kinds = {variable.name: variable.type.kind for variable in file.variables.values()}
    for name in decision.requires:
        kinds |= _result_kinds(file.decisions[name])
    return kinds


def _column_kinds(table: DecisionTable) -> dict[str, Kind]:
    """Return what the columns say about names that nothing else declares."""
    return {
        column.expression.tree.dotted: column.type.kind
        for column in table.inputs
        if isinstance(column.expression.tree, Name)
    }


def _result_kinds(decision: Decision) -> dict[str, Kind]:
    table = decision.logic
    if not isinstance(table, DecisionTable):
        return {decision.variable: decision.type.kind}
    if table.aggregation is Aggregation.COUNT:
        return {decision.variable: Kind.NUMBER}
    if len(table.outputs) > 1:
        return {f"{decision.variable}.{output.name}": output.type.kind for output in table.outputs}
    declared = table.outputs[0].type.kind
    return {decision.variable: decision.type.kind if declared is Kind.ANY else declared}


def _check_names(spot: Spot, file: DecisionFile, decision: Decision, kinds: dict[str, Kind]) -> Iterator[Problem]:
    """Find names that are not there; a drawing without input data names what it needs in its tables only."""
    roots = {root_of(name) for name in kinds}
    results = {root_of(name) for one in decision.requires for name in _result_kinds(file.decisions[one])}
    for name in sorted(decision.logic.names):
        root = root_of(name)
        is_unknown = bool(file.variables) and root not in roots
        is_no_part = root in results and name not in kinds
        if is_unknown or is_no_part:
            yield spot.problem(
                "dmn-name", N_("“%s”不存在，请改正名称，或者添上这个输入；要写的是文字，请加英文引号。") % name
            )


def _check_outputs(spot: Spot, table: DecisionTable) -> Iterator[Problem]:
    defaults = [output.default is not None for output in table.outputs]
    if any(defaults) and not all(defaults):
        yield spot.problem("dmn-output", N_("默认结果要么每个输出都写，要么都不写。"))
    is_ranked = table.hit_policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}
    if is_ranked and not any(output.type.choices for output in table.outputs):
        message = N_("命中策略 %s 按输出的先后排，请在输出的允许值里从先到后列出来。")
        yield spot.problem("dmn-hit-policy", message % table.hit_policy.value)
    if table.aggregation in {Aggregation.SUM, Aggregation.MIN, Aggregation.MAX}:
        kind = table.outputs[0].type.kind
        if kind not in {Kind.NUMBER, Kind.INTEGER, Kind.ANY}:
            yield spot.problem("dmn-hit-policy", N_("只有数字才能合计、取最小、取最大，请改输出的类型。"))


def _check_coverage(spot: Spot, table: DecisionTable, work: Work) -> Iterator[Problem]:
    """Find what can be told of the rules together; what takes too much work is left alone."""
    try:
        coverage = coverage_of(table, work)
        if coverage is not None:
            yield from _impossible(spot, table, coverage)
            if are_independent(table):
                yield from islice(_overlaps(spot, table, coverage), MAX_OVERLAPS)
                yield from _gaps(spot, table, coverage)
            yield from _masked(spot, table, coverage)
    except TooMuch:
        return


def _of_rule(spot: Spot, rule: Rule) -> Spot:
    return spot.part(N_("第 %d 条规则") % rule.number, rule.id)


def _impossible(spot: Spot, table: DecisionTable, coverage: Coverage) -> Iterator[Problem]:
    for at in coverage.impossible():
        message = N_("没有一个值对得上，请改正，或者删去这条规则。")
        yield _of_rule(spot, table.rules[at]).problem("dmn-dead-rule", message)


def _masked(spot: Spot, table: DecisionTable, coverage: Coverage) -> Iterator[Problem]:
    for at in coverage.masked() if table.hit_policy is HitPolicy.FIRST else ():
        message = N_("前面的规则把它的情况全占了，轮不到它，请调整顺序，或者删去。")
        yield _of_rule(spot, table.rules[at]).problem("dmn-dead-rule", message)


def _overlaps(spot: Spot, table: DecisionTable, coverage: Coverage) -> Iterator[Problem]:
    if table.hit_policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    is_unique = table.hit_policy is HitPolicy.UNIQUE
    for overlap in coverage.overlaps():
        first, second = table.rules[overlap.first], table.rules[overlap.second]
        if is_unique or _differ(first, second):
            params = {"other": first.number, "example": _said(table, overlap.example)}
            message = (
                N_("和第 %(other)d 条同时对得上，例如 %(example)s；命中策略 UNIQUE 只许一条，请把条件错开。")
                if is_unique
                else N_("和第 %(other)d 条同时对得上，例如 %(example)s；命中策略 ANY 要求结果一样，请改成一样。")
            )
            yield _of_rule(spot, second).problem("dmn-overlap", message % params)


def _differ(first: Rule, second: Rule) -> bool:
    """Tell whether two rules are sure to say different things."""
    try:
        return any(
            not (one.names or other.names) and evaluate(one.tree, {}) != evaluate(other.tree, {})
            for one, other in zip(first.outputs, second.outputs, strict=True)
        )
    except ValueRefused:
        return False


def _gaps(spot: Spot, table: DecisionTable, coverage: Coverage) -> Iterator[Problem]:
    is_complete = not table.hit_policy.is_single or table.has_default
    example = None if is_complete else coverage.gap()
    if example is not None:
        message = N_("有的情况没有规则管，例如 %s，请补上规则，或者写默认结果。")
        yield spot.problem("dmn-gap", message % _said(table, example))


def _said(table: DecisionTable, example: Example) -> str:
    pairs = zip(table.inputs, example, strict=True)
    return N_("，").join(f"{column.label} = {shown(value)}" for column, value in pairs)
