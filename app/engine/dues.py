"""Deadlines as a diagram writes them: an ISO duration, or an expression that gives one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.text import N_
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.functions import WorkingDays

_DURATION = re.compile(r"P(?!$)(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?")
_MINUTES = (7 * 24 * 60, 24 * 60, 60, 1)


@dataclass(frozen=True)
class Period:
    """A length of time by the clock, in minutes."""

    minutes: int


DueValue = WorkingDays | Period


@dataclass(frozen=True)
class Due:
    """A deadline still to be evaluated."""

    text: str
    fixed: Period | None
    expression: Expression | None

    def evaluate(self, context: Mapping[str, Any]) -> DueValue | None:
        """Return the length of time, or None where the values give none. Raises ExpressionError."""
        if self.expression is None:
            return self.fixed
        value = self.expression.evaluate(context)
        if isinstance(value, str):
            return read_period(value)
        if value is None or isinstance(value, WorkingDays):
            return value
        raise ExpressionError(N_("期限“%(text)s”要写成 P3D 这样的时长，或者 working_days(3)。"), text=self.text)


def read_period(text: str) -> Period | None:
    """Read an ISO 8601 duration of weeks, days, hours and minutes."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    return Period(sum(int(part or 0) * minutes for part, minutes in zip(match.groups(), _MINUTES, strict=True)))


def parse_due(text: str) -> Due:
    """Read a deadline. Raises ExpressionError."""
    period = read_period(text)
    return Due(text, period, None if period else parse(text))
