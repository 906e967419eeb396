"""The working-day calendar of the State Council, with local closures."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

from app.domain.calendar import Calendar


def national() -> Calendar:
    """Return the calendar that the State Council announced, as far as the package knows it."""
    return _calendar(frozenset())


def with_closures(closures: Iterable[date]) -> Calendar:
    """Return the national calendar with the days on which an organisation is closed."""
    return _calendar(frozenset(closures))


@cache
def _announced() -> dict[date, bool]:
    return dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)


@cache
def _calendar(closures: frozenset[date]) -> Calendar:
    days = _announced()
    return Calendar(days, frozenset(day.year for day in days), closures)
