"""The closed list of functions that an expression may call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.engine.due_values import (
    MAX_WORKING_DAYS,
    Period,
    Repeat,
    WorkingDays,
    WorkingDaysBefore,
    read_day,
    read_period,
    repeated,
)

MAX_DIGITS = 6


@dataclass(frozen=True)
class Function:
    """A function, and how many arguments it takes at least and at most."""

    call: Callable[..., Any]
    least: int
    most: int


def is_number(value: Any) -> bool:
    """Tell a number from everything else; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _known(values: Any) -> list[Any]:
    return [value for value in values if value is not None] if isinstance(values, list | tuple) else []


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


def _total(values: Any) -> Any:
    return sum(value for value in _known(values) if is_number(value))


def _smallest(*values: Any) -> Any:
    return min(_spread(values), default=None)


def _largest(*values: Any) -> Any:
    return max(_spread(values), default=None)


def _spread(values: tuple[Any, ...]) -> list[Any]:
    return _known(values[0] if len(values) == 1 else values)


def _absolute(value: Any) -> Any:
    return abs(value) if is_number(value) else None


def _rounded(value: Any, digits: int = 0) -> Any:
    if not is_number(value):
        return None
    # Rounding a whole number to a billion places to the left would fill the memory.
    return round(value, min(max(digits, 0), MAX_DIGITS)) if is_number(digits) and digits else round(value)


def _pluck(rows: Any, name: Any) -> list[Any]:
    return [row.get(name) for row in _known(rows) if isinstance(row, dict)]


def _working_days(days: Any) -> WorkingDays | None:
    return WorkingDays(int(days)) if is_number(days) and 0 <= days <= MAX_WORKING_DAYS else None


def _working_days_before(day: Any, days: Any) -> WorkingDaysBefore | None:
    on = read_day(day)
    is_count = is_number(days) and 0 <= days <= MAX_WORKING_DAYS
    return WorkingDaysBefore(on, int(days)) if on and is_count else None


def _working_day_on_or_before(day: Any) -> WorkingDaysBefore | None:
    return _working_days_before(day, 0)


def _every(each: Any, times: Any) -> Repeat | None:
    length = read_period(each) if isinstance(each, str) else each
    if not isinstance(length, Period | WorkingDays) or not is_number(times):
        return None
    return repeated(length, int(times))


# Unknown values never stop a function: it skips them or answers with null.
FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "len": Function(_length, 1, 1),
        "sum": Function(_total, 1, 1),
        "min": Function(_smallest, 1, 9),
        "max": Function(_largest, 1, 9),
        "abs": Function(_absolute, 1, 1),
        "round": Function(_rounded, 1, 2),
        "pluck": Function(_pluck, 2, 2),
        "working_days": Function(_working_days, 1, 1),
        "working_days_before": Function(_working_days_before, 2, 2),
        "working_day_on_or_before": Function(_working_day_on_or_before, 1, 1),
        "every": Function(_every, 2, 2),
    }
)
