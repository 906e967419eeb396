"""What a DMN file says, read once and never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.engine.decisions.trees import Compared, Expression, Literal, Scalar, UnaryTests
from app.engine.decisions.values import Kind


class HitPolicy(StrEnum):
    """How many rules may match, and which of them speak (DMN 8.2.8)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def is_single(self) -> bool:
        """Tell whether the result is that of one rule, not a list."""
        return self in {HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY}


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs: C+ C< C> C#."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True)
class ValueType:
    """What a column or variable may hold; `allowed` in the order that priority goes by."""

    kind: Kind = Kind.ANY
    allowed: UnaryTests | None = None

    @property
    def choices(self) -> tuple[Scalar, ...] | None:
        """Return the allowed values, None where they are not simply listed."""
        tests = self.allowed
        if tests is None or tests.is_any or tests.is_negated:
            return None
        found = [test.operand for test in tests.tests if isinstance(test, Compared) and test.symbol == "="]
        values = tuple(operand.value for operand in found if isinstance(operand, Literal))
        return values if len(values) == len(tests.tests) else None


@dataclass(frozen=True)
class Variable:
    """What the caller hands in."""

    id: str
    name: str
    type: ValueType


@dataclass(frozen=True)
class Input:
    """A column of conditions."""

    label: str
    expression: Expression
    type: ValueType


@dataclass(frozen=True)
class Output:
    """A column of results."""

    name: str
    type: ValueType
    default: Expression | None = None


@dataclass(frozen=True)
class Rule:
    """A row; `number` counts from 1 as in every editor."""

    number: int
    id: str
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Expression, ...]
    # Columns whose cell is empty.
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class DecisionTable:
    """Rules over inputs and outputs."""

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    hit_policy: HitPolicy = HitPolicy.UNIQUE
    aggregation: Aggregation | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Return every qualified name that the table refers to."""
        return frozenset(name for cell in self._cells() for name in cell.names)

    @property
    def has_default(self) -> bool:
        """Tell whether the table speaks when no rule matches."""
        return any(output.default is not None for output in self.outputs)

    def _cells(self) -> Iterator[Expression | UnaryTests]:
        yield from (column.expression for column in self.inputs)
        yield from (output.default for output in self.outputs if output.default is not None)
        for rule in self.rules:
            yield from rule.tests
            yield from rule.outputs


@dataclass(frozen=True)
class Decision:
    """A decision: a table or a literal expression, and the ids of the decisions that it requires."""

    id: str
    name: str
    # Under which name other decisions see the result.
    variable: str
    type: ValueType
    logic: DecisionTable | Expression
    requires: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """Return the names under which a diagram finds the results."""
        if isinstance(self.logic, Expression):
            return (self.variable,)
        return tuple(output.name for output in self.logic.outputs)

    @property
    def is_list(self) -> bool:
        """Tell whether the result is a list."""
        table = self.logic
        return isinstance(table, DecisionTable) and not table.hit_policy.is_single and table.aggregation is None


@dataclass(frozen=True)
class DecisionFile:
    """One DMN file: its input data by name and its decisions by id, in drawn order."""

    file: str
    variables: Mapping[str, Variable]
    decisions: Mapping[str, Decision]

    @cached_property
    def tops(self) -> tuple[Decision, ...]:
        """Return the decisions that no other requires."""
        required = {name for decision in self.decisions.values() for name in decision.requires}
        return tuple(decision for decision in self.decisions.values() if decision.id not in required)

    def chain(self, decision: str) -> tuple[Decision, ...]:
        """Return a decision after all that it requires, each once. Raises KeyError."""
        found: dict[str, Decision] = {}
        self._collect(self.decisions[decision], found)
        return tuple(found.values())

    def needs(self, decision: str) -> frozenset[str]:
        """Return the qualified names that the caller of a decision must know. Raises KeyError."""
        return frozenset(name for item in self.chain(decision) for name in self._unmade(item))

    def _unmade(self, decision: Decision) -> Iterator[str]:
        made = {self.decisions[name].variable for name in decision.requires}
        return (name for name in decision.logic.names if root_of(name) not in made)

    def _collect(self, decision: Decision, found: dict[str, Decision]) -> None:
        # The reader has refused circles.
        for name in decision.requires:
            if name not in found:
                self._collect(self.decisions[name], found)
        found[decision.id] = decision


def root_of(name: str) -> str:
    """Return the first part of a qualified name."""
    return name.split(".", maxsplit=1)[0]
