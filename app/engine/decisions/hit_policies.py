"""Strict hit policies: what the matching rules of a table amount to (DMN 8.2.8)."""

from collections.abc import Callable, Sequence
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import DecisionError, Fault
from app.engine.decisions.explanations import RuleTrace
from app.engine.decisions.model import Decision, DecisionTable, HitPolicy
from app.engine.decisions.values import shown

Traces = Sequence[RuleTrace]


def settle(decision: Decision, table: DecisionTable, matched: Traces) -> Traces:
    """Return the rules that speak, in the order of the result. Raises DecisionError on a violation."""
    return _POLICIES[table.hit_policy](decision, table, matched)


def speaks_alone(policy: HitPolicy) -> bool:
    """Tell whether only the first matching rule's outputs are looked at."""
    return policy is HitPolicy.FIRST


def _unique(decision: Decision, _table: DecisionTable, matched: Traces) -> Traces:
    if len(matched) > 1:
        message = N_("决策“%(decision)s”：规则 %(rules)s 同时对上了，命中策略 UNIQUE 只许一条，请修改决策表。")
        raise _violation(decision, matched, message)
    return matched


def _any(decision: Decision, _table: DecisionTable, matched: Traces) -> Traces:
    for trace in matched[1:]:
        if trace.outputs != matched[0].outputs:
            message = N_(
                "决策“%(decision)s”：规则 %(rules)s 同时对上了，结果却不一样，命中策略 ANY 要求一样，请修改决策表。"
            )
            raise _violation(decision, (matched[0], trace), message)
    return matched[:1]


def _first(_decision: Decision, _table: DecisionTable, matched: Traces) -> Traces:
    return matched[:1]


def _priority(decision: Decision, table: DecisionTable, matched: Traces) -> Traces:
    return _output_order(decision, table, matched)[:1]


def _rule_order(_decision: Decision, _table: DecisionTable, matched: Traces) -> Traces:
    return matched


def _output_order(_decision: Decision, table: DecisionTable, matched: Traces) -> Traces:
    return sorted(matched, key=lambda trace: _rank(table, trace))


def _rank(table: DecisionTable, trace: RuleTrace) -> list[int]:
    """Return how far down its list each output stands; one without a list, or not on it, comes last."""
    found = []
    for output in table.outputs:
        choices = output.type.choices or ()
        value = (trace.outputs or {}).get(output.name)
        found.append(next((at for at, choice in enumerate(choices) if choice == value), len(choices)))
    return found


def _violation(decision: Decision, traces: Traces, message: str) -> DecisionError:
    numbers = [trace.rule.number for trace in traces]
    details: dict[str, Any] = {"decision": decision.id, "rules": numbers}
    return DecisionError(Fault.VIOLATION, message, details, decision=decision.name, rules="、".join(map(str, numbers)))


def no_match(decision: Decision, table: DecisionTable, values: Sequence[Any]) -> DecisionError:
    """Return the error of a table that has no answer."""
    said = "，".join(f"{column.label} = {shown(value)}" for column, value in zip(table.inputs, values, strict=True))
    message = N_("决策“%(decision)s”：没有一条规则对得上（%(values)s），也没有默认结果，请补上规则或者默认结果。")
    return DecisionError(
        Fault.NO_MATCH, message, {"decision": decision.id, "rules": []}, decision=decision.name, values=said
    )


_POLICIES: dict[HitPolicy, Callable[[Decision, DecisionTable, Traces], Traces]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _rule_order,
}
