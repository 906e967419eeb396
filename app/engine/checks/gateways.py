"""Gateways always find a way on."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.model import Flow, Gateway, TimerEvent, UserTask
from app.engine.problems import Problem

_VERDICT = ".verdict"


def check_gateways(facts: Facts) -> Iterator[Problem]:
    """Find gateways that can match nothing, and conditions where none may stand or that never hold."""
    for gateway in facts.model.of_kind(Gateway):
        out = facts.outgoing(gateway.id)
        if gateway.kind == "exclusive" and len(out) > 1:
            yield from _exclusive(facts, gateway, out)
        elif gateway.kind == "event":
            yield from _event(facts, gateway, out)
    for flow in facts.model.flows:
        source = facts.model.elements[flow.source]
        is_choice = isinstance(source, Gateway) and source.kind == "exclusive" and len(facts.outgoing(source.id)) > 1
        if flow.condition and not is_choice:
            yield facts.problem(
                flow.id, "condition", N_("只有排他网关后面的连线可以带条件，请加排他网关或者去掉条件。")
            )


def _exclusive(facts: Facts, gateway: Gateway, out: list[Flow]) -> Iterator[Problem]:
    for flow in out:
        if flow.id == gateway.default and flow.condition:
            yield facts.problem(flow.id, "condition", N_("默认连线不能带条件，请去掉条件。"))
        elif flow.id != gateway.default and not flow.condition:
            yield facts.problem(flow.id, "condition", N_("这条连线要写条件，或者设为网关的默认连线。"))
        elif flow.condition and _never_holds(facts, flow):
            yield facts.problem(flow.id, "condition", N_("这个条件永远不成立，请核对前面任务的 shenpi:verdicts。"))
    if gateway.default not in {flow.id for flow in out} and not _is_exhaustive(facts, out):
        message = N_("可能一个条件都不成立，办件会停在这里，请设一条默认连线。")
        yield facts.problem(gateway.id, "no-match", message)


def _event(facts: Facts, gateway: Gateway, out: list[Flow]) -> Iterator[Problem]:
    targets = [facts.model.elements[flow.target] for flow in out]
    if any(not isinstance(target, TimerEvent) for target in targets):
        yield facts.problem(gateway.id, "event-gateway", N_("事件网关后面只能直接连定时事件。"))


def _never_holds(facts: Facts, flow: Flow) -> bool:
    judged = _judged(facts, [flow])
    return judged is not None and not _answered(judged, [flow])


def _is_exhaustive(facts: Facts, out: list[Flow]) -> bool:
    judged = _judged(facts, out)
    return judged is not None and _answered(judged, out) == set(judged.verdicts)


def _answered(task: UserTask, flows: list[Flow]) -> set[str]:
    """Return the verdicts for which one of the conditions holds."""
    conditions = [expression for flow in flows if (expression := _parsed(flow))]
    return {
        verdict
        for verdict in task.verdicts
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
