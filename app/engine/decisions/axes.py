"""The values of an input column, cut into pieces on each of which every cell of the column answers alike."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from app.domain.text import N_
from app.engine.decisions.errors import ValueRefused
from app.engine.decisions.evaluation import evaluate, holds
from app.engine.decisions.model import Input
from app.engine.decisions.trees import Compared, UnaryTests
from app.engine.decisions.values import Kind, kind_of
from app.engine.decisions.work import Work

# As exact as a cell of the greatest length.
_EXACT = Context(prec=2_100)
_DAYS = (date.min.toordinal(), date.max.toordinal())


@dataclass(frozen=True)
class Axis:
    """An example of each piece, null last; and for each cell the bits of the pieces that it matches."""

    examples: tuple[Any, ...]
    masks: tuple[int, ...]

    @property
    def null(self) -> int:
        """Return the bit of null."""
        return 1 << (len(self.examples) - 1)

    @property
    def everything(self) -> int:
        """Return the bits of all pieces."""
        return (1 << len(self.examples)) - 1

    @cached_property
    def rules(self) -> tuple[int, ...]:
        """Return for each piece the bits of the rules whose cell matches it."""
        return tuple(
            sum(1 << rule for rule, mask in enumerate(self.masks) if mask >> at & 1) for at in range(len(self.examples))
        )

    def example(self, mask: int) -> Any:
        """Return a value in the first of these pieces."""
        return self.examples[(mask & -mask).bit_length() - 1]


def axis_of(column: Input, cells: Sequence[UnaryTests], work: Work) -> Axis | None:
    """Return the axis of a column, None where its values cannot be told apart. Raises TooMuch.

    A cell that refers to names matches, for all that is known, anything.
    """
    known = {cell for cell in cells if not cell.names}
    allowed = column.type.allowed
    try:
        found = _examples(column.type.kind, [*known, *([allowed] if allowed else [])], work)
        if found is None:
            return None
        examples = (*(value for value in found if allowed is None or holds(allowed, value, {})), None)
        masks = {cell: _mask(cell, examples) for cell in known}
    except ValueRefused:
        return None
    everything = (1 << len(examples)) - 1
    return Axis(examples, tuple(masks.get(cell, everything) for cell in cells))


def _mask(cell: UnaryTests, examples: Sequence[Any]) -> int:
    return sum(1 << at for at, value in enumerate(examples) if holds(cell, value, {}))


def _examples(kind: Kind, cells: Sequence[UnaryTests], work: Work) -> list[Any] | None:
    operands = [operand for cell in cells for operand in cell.operands]
    # True and 1 are equal, but two values here.
    values = {(kind_of(value), value) for value in (evaluate(operand, {}) for operand in operands)}
    points = [value for _kind, value in values if value is not None]
    kinds = {kind_of(point) for point in points}
    # Every cell will be asked about every piece.
    work.spend(len(points) * len(operands))
    if kind is Kind.BOOLEAN:
        return [True, False]
    if kind is Kind.DATE or kinds == {Kind.DATE}:
        return _days(points)
    if kind in {Kind.NUMBER, Kind.INTEGER} or kinds == {Kind.NUMBER}:
        return [*(_whole_numbers if kind is Kind.INTEGER else _numbers)(sorted(points))]
    return _choices(points, cells)


def _choices(points: Sequence[Any], cells: Sequence[UnaryTests]) -> list[Any] | None:
    """Return every value that is mentioned and one that is not; an order among texts is not followed."""
    if any(not isinstance(test, Compared) or test.symbol != "=" for cell in cells for test in cell.tests):
        return None
    other = N_("其他")
    while other in points:
        other += "…"
    return [*sorted(points, key=repr), other]


def _numbers(points: Sequence[Decimal]) -> Iterator[Decimal]:
    """Yield each end, a number between each two, and one before the first and after the last."""
    if not points:
        yield Decimal(0)
        return
    yield points[0] - 1
    for low, high in pairwise(points):
        yield low
        yield _EXACT.divide(_EXACT.add(low, high), Decimal(2))
    yield points[-1]
    yield points[-1] + 1


def _whole_numbers(points: Sequence[Decimal]) -> Iterator[Decimal]:
    """Yield the same of whole numbers, where there are any."""
    if not points:
        yield Decimal(0)
        return
    yield points[0].to_integral_value(ROUND_CEILING) - 1
    for low, high in pairwise([*points, points[-1] + 2]):
        if low == low.to_integral_value():
            yield low
        between = low.to_integral_value(ROUND_FLOOR) + 1
        if between < high:
            yield between


def _days(points: Sequence[date]) -> list[date]:
    ordinals = _whole_numbers(sorted(Decimal(point.toordinal()) for point in points)) if points else [Decimal(_DAYS[1])]
    return [date.fromordinal(int(day)) for day in ordinals if _DAYS[0] <= day <= _DAYS[1]]
