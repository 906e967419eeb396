"""Gateways always find a way on."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.model import Flow, Gateway, UserTask
from app.engine.problems import Problem

_VERDICT = ".verdict"


def check_gateways(facts: Facts) -> Iterator[Problem]:
    """Find exclusive gateways that can match nothing, and conditions that never hold."""
    for gateway in facts.model.of_kind(Gateway):
        out = facts.outgoing(gateway.id)
        if gateway.kind != "exclusive" or len(out) == 1:
            continue
        for flow in out:
            if flow.condition and _never_holds(facts, flow):
                yield facts.problem(flow.id, "condition", N_("这个条件永远不成立，请核对前面任务的 shenpi:verdicts。"))
        if gateway.default is None and not _is_exhaustive(facts, out):
            yield facts.problem(gateway.id, "no-match", N_("可能一个条件都不成立，办件会停在这里，请设一条默认连线。"))


def _never_holds(facts: Facts, flow: Flow) -> bool:
    judged = _judged(facts, [flow])
    return judged is not None and not _answered(judged, [flow])


def _is_exhaustive(facts: Facts, out: list[Flow]) -> bool:
    judged = _judged(facts, out)
    return judged is not None and _answered(judged, out) == judged.outcomes


def _answered(task: UserTask, flows: list[Flow]) -> set[str]:
    """Return the verdicts for which one of the conditions holds."""
    conditions = [expression for flow in flows if (expression := _parsed(flow))]
    return {
        verdict
        for verdict in task.outcomes
        if any(_holds(expression, {task.id: {"verdict": verdict}}) for expression in conditions)
    }


def _holds(expression: Expression, values: Mapping[str, Any]) -> bool:
    try:
        return bool(expression.evaluate(values))
    except ExpressionError:
        return False


def _judged(facts: Facts, flows: list[Flow]) -> UserTask | None:
    """Return the one task whose verdict is all that the conditions look at."""
    parsed = [_parsed(flow) for flow in flows]
    names = {name for expression in parsed if expression for name in expression.names}
    rules = {rule for expression in parsed if expression for rule in expression.rules}
    if len(names) != 1 or rules or not next(iter(names)).endswith(_VERDICT):
        return None
    found = facts.model.elements.get(next(iter(names)).removesuffix(_VERDICT))
    return found if isinstance(found, UserTask) else None


def _parsed(flow: Flow) -> Expression | None:
    try:
        return parse(flow.condition) if flow.condition else None
    except ExpressionError:
        return None
