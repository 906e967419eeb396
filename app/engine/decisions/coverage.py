"""Where the rules of a table overlap, what they leave out, and which can never speak: exactly, in bounded work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from app.engine.decisions.axes import Axis, axis_of
from app.engine.decisions.model import DecisionTable, root_of
from app.engine.decisions.work import Work

# A step of the search takes as long as this many questions to cells.
STEP = 4

# One value for each input.
Example = tuple[Any, ...]


@dataclass(frozen=True)
class Overlap:
    """Two rules that match the same values."""

    first: int
    second: int
    example: Example


class Coverage:
    """The rules of a table as boxes over the pieces of its inputs; rules are counted from 0."""

    def __init__(self, axes: Sequence[Axis], uncertain: frozenset[int], work: Work) -> None:
        self._axes = axes
        # Rules with a cell that refers to names: nobody knows beforehand what they match.
        self._uncertain = uncertain
        self._work = work

    def impossible(self) -> Iterator[int]:
        """Yield each rule with a cell that no value matches."""
        yield from (rule for rule in range(self._count) if any(not axis.masks[rule] for axis in self._axes))

    def overlaps(self) -> Iterator[Overlap]:
        """Yield each two rules that match the same values."""
        certain = [rule for rule in range(self._count) if rule not in self._uncertain]
        for first, second in combinations(certain, 2):
            example = self._common(first, second)
            if example is not None:
                yield Overlap(first, second, example)

    def gap(self) -> Example | None:
        """Return values that no rule matches, if that is certain. Raises TooMuch."""
        if self._uncertain:
            return None
        known = [axis.everything & ~axis.null for axis in self._axes]
        if any(all(not box & ~axis.masks[rule] for axis, box in self._boxed(known)) for rule in range(self._count)):
            return None
        return self._outside(known, (1 << self._count) - 1)

    def masked(self) -> Iterator[int]:
        """Yield each rule whose values are all matched by rules before it. Raises TooMuch."""
        impossible = set(self.impossible())
        for rule in range(1, self._count):
            earlier = sum(1 << one for one in range(rule) if one not in self._uncertain)
            box = [axis.masks[rule] for axis in self._axes]
            if rule not in impossible and self._outside(box, earlier) is None:
                yield rule

    @property
    def _count(self) -> int:
        return len(self._axes[0].masks)

    def _boxed(self, box: Sequence[int]) -> Iterator[tuple[Axis, int]]:
        return zip(self._axes, box, strict=True)

    def _common(self, first: int, second: int) -> Example | None:
        masks = [axis.masks[first] & axis.masks[second] for axis in self._axes]
        return tuple(axis.example(mask) for axis, mask in self._boxed(masks)) if all(masks) else None

    def _outside(self, box: Sequence[int], rules: int) -> Example | None:
        """Return values within a box that none of these rules matches."""
        return _Search(self, box).find(0, rules)

    def step(self) -> None:
        """Count a piece of work. Raises TooMuch."""
        self._work.spend(STEP)

    @property
    def axes(self) -> Sequence[Axis]:
        """Return the axes, one for each input."""
        return self._axes


class _Search:
    """Look for values in a box that no rule matches: column by column, each set of rules left only once."""

    def __init__(self, coverage: Coverage, box: Sequence[int]) -> None:
        self._coverage = coverage
        self._box = box
        self._seen: set[tuple[int, int]] = set()

    def find(self, column: int, rules: int) -> Example | None:
        """Return values from a column on that none of these rules matches."""
        axes = self._coverage.axes
        if not rules:
            return tuple(axis.example(box) for axis, box in zip(axes[column:], self._box[column:], strict=True))
        if column == len(axes) or (column, rules) in self._seen:
            return None
        self._seen.add((column, rules))
        for example, left in self._ways(column, rules):
            rest = self.find(column + 1, left)
            if rest is not None:
                return (example, *rest)
        return None

    def _ways(self, column: int, rules: int) -> Iterator[tuple[Any, int]]:
        axis, box = self._coverage.axes[column], self._box[column]
        for at, example in enumerate(axis.examples):
            if box >> at & 1:
                self._coverage.step()
                yield example, rules & axis.rules[at]


def coverage_of(table: DecisionTable, work: Work) -> Coverage | None:
    """Return the coverage of a table, None where it cannot be told. Raises TooMuch."""
    if not table.inputs or not table.rules:
        return None
    axes = [axis_of(column, [rule.tests[at] for rule in table.rules], work) for at, column in enumerate(table.inputs)]
    found = [axis for axis in axes if axis is not None]
    uncertain = frozenset(at for at, rule in enumerate(table.rules) if any(cell.names for cell in rule.tests))
    return Coverage(found, uncertain, work) if len(found) == len(axes) else None


def are_independent(table: DecisionTable) -> bool:
    """Tell whether every input may have any value whatever the others have."""
    roots = [{root_of(name) for name in column.expression.names} for column in table.inputs]
    return sum(map(len, roots)) == len(set().union(*roots))
