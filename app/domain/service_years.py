"""Years of service as homeroom teacher: periods that overlap or leave gaps, counted by the rules in force (S4 三).

Overlapping periods count once. A period that follows the one before without a day between continues it. Whole months
are counted within each run from its first day; the days that are left over are added up, 31 of them to a month, so
that nobody gains by being interrupted.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

MONTHS = 12
DAYS_TO_A_MONTH = 31
_DAY = timedelta(days=1)
# Whatever lasts longer lasts as long: the calendar ends.
_LATEST = date(9990, 12, 31)


class GapPolicy(StrEnum):
    """What an interruption does: all runs count, the longest, or the last."""

    SUM = "sum"
    LONGEST = "longest"
    LAST = "last"


class YearsUnit(StrEnum):
    """Whether months after the last whole year count."""

    WHOLE = "whole"
    EXACT = "exact"


@dataclass(frozen=True)
class TenureRules:
    """The rules by which years are counted; the defaults hold where no pack sets them."""

    counts_assistant_year: bool = True
    # How long from its beginning an assistant's time counts.
    assistant_years: int = 1
    gap_policy: GapPolicy = GapPolicy.SUM
    unit: YearsUnit = YearsUnit.WHOLE


@dataclass(frozen=True)
class Period:
    """A time in the post from a day to a day, both included; without an end it lasts."""

    from_on: date
    until_on: date | None = None
    is_assistant: bool = False


@dataclass(frozen=True)
class Run:
    """Days in the post without a day between, first and last included."""

    from_on: date
    until_on: date

    @property
    def length(self) -> tuple[int, int]:
        """Return the whole months of the run, and the days after them."""
        end = min(self.until_on, _LATEST) + _DAY
        months = (end.year - self.from_on.year) * MONTHS + end.month - self.from_on.month
        if plus_months(self.from_on, months) > end:
            months -= 1
        return months, (end - plus_months(self.from_on, months)).days


def tenure_rules(values: Mapping[str, Any]) -> TenureRules:
    """Read the rules from values by parameter; one without a value keeps its default."""
    usual = TenureRules()
    counts = values.get("tenure.counts_assistant_year")
    return TenureRules(
        usual.counts_assistant_year if counts is None else counts,
        values.get("rank.assistant_years") or usual.assistant_years,
        GapPolicy(values.get("tenure.gap_policy") or usual.gap_policy),
        YearsUnit(values.get("rank.years_unit") or usual.unit),
    )


def years_of(periods: Iterable[Period], rules: TenureRules, as_of: date) -> int | float:
    """Return the years of service up to a day: completed ones, or with their months as a fraction of two digits."""
    months = months_of(periods, rules, as_of)
    return months // MONTHS if rules.unit is YearsUnit.WHOLE else round(months / MONTHS, 2)


def months_of(periods: Iterable[Period], rules: TenureRules, as_of: date) -> int:
    """Return the completed months of service up to a day, that day included."""
    lengths = [run.length for run in counted_runs(periods, rules, as_of)]
    days = sum(rest for _months, rest in lengths)
    return sum(months for months, _rest in lengths) + days // DAYS_TO_A_MONTH


def counted_runs(periods: Iterable[Period], rules: TenureRules, as_of: date) -> list[Run]:
    """Return the runs that count up to a day, the earliest first."""
    runs = _runs(_counted(list(periods), rules), as_of)
    if rules.gap_policy is GapPolicy.SUM or not runs:
        return runs
    return [runs[-1] if rules.gap_policy is GapPolicy.LAST else max(runs, key=lambda run: run.length)]


def plus_months(day: date, months: int) -> date:
    """Return the same day of a month months later, the last one where that month is too short."""
    place = day.year * MONTHS + day.month - 1 + months
    year, month = place // MONTHS, place % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def day_before(month_day: str, today: date) -> date:
    """Return the last day up to today that falls on a month and a day written as 08-31."""
    month, day = (int(part) for part in month_day.split("-"))
    days = (date(year, month, min(day, monthrange(year, month)[1])) for year in (today.year - 1, today.year))
    return max(found for found in days if found <= today)


def _counted(periods: Sequence[Period], rules: TenureRules) -> Iterator[Run]:
    """Yield what counts of each period; of an assistant's time, what lies in the first years of it."""
    first = min((period.from_on for period in periods if period.is_assistant), default=None)
    for period in periods:
        until = period.until_on or date.max
        if period.is_assistant and first is not None:
            until = min(until, plus_months(first, MONTHS * rules.assistant_years) - _DAY)
        if until >= period.from_on and (rules.counts_assistant_year or not period.is_assistant):
            yield Run(period.from_on, until)


def _runs(pieces: Iterable[Run], as_of: date) -> list[Run]:
    """Join what overlaps or follows without a day between, up to a day."""
    found: list[Run] = []
    for piece in sorted(pieces, key=lambda run: run.from_on):
        until = min(piece.until_on, as_of)
        if piece.from_on > as_of:
            continue
        if found and piece.from_on <= found[-1].until_on + _DAY:
            found[-1] = Run(found[-1].from_on, max(found[-1].until_on, until))
        else:
            found.append(Run(piece.from_on, until))
    return found
