"""Tables whose rules stand side by side: what each column alone lets through, and what all of them do.

The hit policy is RULE ORDER and the output is one; the result is what passes every column, the explanation tells of
the columns one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.decisions.deciding import decide
from app.engine.decisions.evaluation import evaluate
from app.engine.decisions.model import DecisionFile, DecisionTable


@dataclass(frozen=True)
class Column:
    """A column: its label, what it refers to, and the outputs of the rules that it lets through, in their order."""

    title: str
    names: frozenset[str]
    outputs: tuple[Any, ...]


@dataclass(frozen=True)
class Passed:
    """What passes each column, and what passes all."""

    columns: tuple[Column, ...]
    outputs: tuple[Any, ...]


def judge_columns(file: DecisionFile, decision: str, values: Mapping[str, Any]) -> Passed:
    """Look at every column of a table with values by name. Raises DecisionError and KeyError."""
    table = file.decisions[decision].logic
    assert isinstance(table, DecisionTable)  # noqa: S101 - our own files, read and checked in tests
    outcome = decide(file, decision, values)
    outputs = [evaluate(rule.outputs[0].tree, {}) for rule in table.rules]
    rules = list(zip(outcome.explanation["rules"], outputs, strict=True))
    columns = tuple(
        Column(
            column.label, column.expression.names, tuple(out for told, out in rules if told["inputs"][at]["matched"])
        )
        for at, column in enumerate(table.inputs)
    )
    return Passed(columns, tuple(outcome.result))
