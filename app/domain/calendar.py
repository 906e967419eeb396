"""Working days and deadlines."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from app.domain import clock

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDay:
    """Say whether a day is worked, and whether that may still change."""

    is_working: bool
    is_provisional: bool


@dataclass(frozen=True)
class Deadline:
    """Name the last day of a period, and whether it may still change."""

    on: date
    is_provisional: bool

    @property
    def due_at(self) -> datetime:
        """Return the instant in UTC at which the day's office hours end."""
        return due_at(self.on)


@dataclass(frozen=True)
class Calendar:
    """Count working days by announced holidays and local closures.

    `holidays` maps a day that departs from Monday to Friday to whether it is worked. A year that is
    not in `known_years` falls back to Monday to Friday, and its days are provisional.
    """

    holidays: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    closures: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> WorkingDay:
        """Say whether the day is worked."""
        if day in self.closures:
            return WorkingDay(is_working=False, is_provisional=False)
        if day in self.holidays:
            return WorkingDay(is_working=self.holidays[day], is_provisional=False)
        return WorkingDay(day.weekday() < SATURDAY, day.year not in self.known_years)

    def add_working_days(self, start: date, count: int) -> Deadline:
        """Return the day on which `count` working days have passed, the first day not counted."""
        if count < 0:
            raise ValueError(f"fewer than no working days: {count}")
        day, is_provisional = start, False
        while count:
            day += ONE_DAY
            found = self.is_working_day(day)
            is_provisional = is_provisional or found.is_provisional
            count -= found.is_working
        return Deadline(day, is_provisional)

    def working_days_before(self, day: date, count: int) -> Deadline:
        """Return the day so many working days before another; with none that day, or the last one before it."""
        found = self.is_working_day(day)
        is_provisional = found.is_provisional
        left = count
        while left or not found.is_working:
            day -= ONE_DAY
            found = self.is_working_day(day)
            is_provisional = is_provisional or found.is_provisional
            left -= left > 0 and found.is_working
        return Deadline(day, is_provisional)

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; below zero when end is first."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + ONE_DAY * n for n in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day).is_working for day in days)


def months_later(at: datetime, months: int) -> datetime:
    """Return the same time of day in Asia/Shanghai months later, on the last day of a month that is too short."""
    local = clock.shanghai(at)
    place = local.year * 12 + local.month - 1 + months
    year, month = place // 12, place % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day).astimezone(UTC)


def due_at(on: date) -> datetime:
    """Return the instant in UTC of 17:30 in Shanghai on that day."""
    return clock.at(on, hour=17, minute=30)
