"""Why a table decided as it did: every rule, every cell, as plain values that can be stored and shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_
from app.engine.decisions.evaluation import Truth
from app.engine.decisions.model import Decision, DecisionTable, Rule
from app.engine.decisions.values import to_json

# Of a larger table only the rules that matched are kept with a case.
MAX_KEPT_CELLS = 1_000
_NO_VALUE = N_("没有值：只有“-”和 null 对得上。")
_INCOMPARABLE = N_("种类不同，或者对照的值是空的，比不出来。")


@dataclass(frozen=True)
class Cell:
    """One condition of a rule, looked at with a value."""

    input: str
    value: Any
    test: str
    truth: Truth

    def as_json(self) -> dict[str, Any]:
        """Return the cell as JSON; `reason` is there where the answer was not plain yes or no."""
        found = {"input": self.input, "value": to_json(self.value), "test": self.test, "matched": self.truth is True}
        if self.truth is None:
            found["reason"] = _NO_VALUE if self.value is None else _INCOMPARABLE
        return found


@dataclass
class RuleTrace:
    """A rule after all its cells were looked at; outputs only where they counted."""

    rule: Rule
    cells: tuple[Cell, ...]
    outputs: dict[str, Any] | None = None

    @property
    def is_matched(self) -> bool:
        """Tell whether every condition holds."""
        return all(cell.truth is True for cell in self.cells)

    def as_json(self) -> dict[str, Any]:
        """Return the rule as JSON."""
        return {
            "rule": self.rule.number,
            "id": self.rule.id,
            "matched": self.is_matched,
            "inputs": [cell.as_json() for cell in self.cells],
            "outputs": None if self.outputs is None else to_json(self.outputs),
        }


@dataclass
class TableTrace:
    """A table after all its rules were looked at."""

    decision: Decision
    table: DecisionTable
    values: Sequence[Any]
    rules: list[RuleTrace]
    # The rules whose outputs make the result, in the order of the result.
    hits: Sequence[RuleTrace] = ()
    is_default: bool = False

    @property
    def matched(self) -> list[RuleTrace]:
        """Return the rules that match, in their order."""
        return [trace for trace in self.rules if trace.is_matched]

    def as_json(self) -> dict[str, Any]:
        """Return the table as JSON."""
        columns = zip(self.table.inputs, self.values, strict=True)
        return {
            "decision": self.decision.id,
            "name": self.decision.name,
            "hit_policy": self.table.hit_policy.value,
            "aggregation": self.table.aggregation.value if self.table.aggregation else None,
            "inputs": [{"input": column.label, "value": to_json(value)} for column, value in columns],
            "matched": [trace.rule.number for trace in self.matched],
            "hits": [trace.rule.number for trace in self.hits],
            "default": self.is_default,
            "rules": [trace.as_json() for trace in self.rules],
        }


def explain_literal(decision: Decision, text: str) -> dict[str, Any]:
    """Return what there is to say about a literal expression."""
    return {"decision": decision.id, "name": decision.name, "expression": text}


def for_keeping(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an explanation as it is kept with a case: each value once, at the head of its column."""
    kept = {**explanation, "required": [for_keeping(one) for one in explanation.get("required", ())]}
    if "rules" in explanation:
        is_small = len(explanation["rules"]) * len(explanation["inputs"]) <= MAX_KEPT_CELLS
        kept["rules"] = [_without_values(rule) for rule in explanation["rules"] if is_small or rule["matched"]]
        kept["rules_in_table"] = len(explanation["rules"])
    return kept


def _without_values(rule: Mapping[str, Any]) -> dict[str, Any]:
    cells = [{key: value for key, value in cell.items() if key != "value"} for cell in rule["inputs"]]
    return {**rule, "inputs": cells}
