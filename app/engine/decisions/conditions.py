"""Tables of conditions: each rule is one condition that is met, is not met, or cannot be known.

The hit policy is RULE ORDER, and each rule tests one column; so the result is the list of what is met, and the
explanation tells of the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.decisions.deciding import decide
from app.engine.decisions.evaluation import Truth, evaluate
from app.engine.decisions.model import Decision, DecisionFile, DecisionTable, HitPolicy, Rule


@dataclass(frozen=True)
class Condition:
    """A condition that was looked at: the label of its column, what it refers to, and what its outputs say."""

    id: str
    title: str
    truth: Truth
    names: frozenset[str]
    outputs: Mapping[str, Any]


def has_conditions(decision: Decision) -> bool:
    """Tell whether a decision is a table of conditions."""
    table = decision.logic
    if not isinstance(table, DecisionTable) or table.hit_policy is not HitPolicy.RULE_ORDER:
        return False
    return all(len(_columns(rule)) == 1 for rule in table.rules)


def judge_conditions(file: DecisionFile, decision: str, values: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Look at every condition of a table with values by name. Raises DecisionError and KeyError."""
    table = file.decisions[decision].logic
    assert isinstance(table, DecisionTable)  # noqa: S101 - whoever loaded the file has asked has_conditions
    explained = decide(file, decision, values).explanation["rules"]
    return tuple(_condition(table, rule, told) for rule, told in zip(table.rules, explained, strict=True))


def _condition(table: DecisionTable, rule: Rule, told: Mapping[str, Any]) -> Condition:
    (at,) = _columns(rule)
    column, cell = table.inputs[at], told["inputs"][at]
    outputs = {output.name: evaluate(text.tree, {}) for output, text in zip(table.outputs, rule.outputs, strict=True)}
    # A reason is told where the answer is neither yes nor no.
    truth = None if "reason" in cell else cell["matched"]
    return Condition(rule.id, column.label, truth, column.expression.names | rule.tests[at].names, outputs)


def _columns(rule: Rule) -> list[int]:
    return [at for at, tests in enumerate(rule.tests) if not tests.is_any]
