"""The time in a scenario: it begins on a Monday, and only Saturdays and Sundays are off."""

from datetime import UTC, datetime, timedelta

from app.domain.calendar import Calendar
from app.engine.due_values import DueValue, Repeat, WorkingDays
from app.engine.instants import end_of

# A week without public holidays; scenarios test the order of things, not the calendar.
BEGINS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALENDAR = Calendar()
_SATURDAY = 5


def later(at: datetime, due: DueValue) -> datetime:
    """Return when a deadline is over that begins now; working days end at the same time of day."""
    due = due.each if isinstance(due, Repeat) else due
    if not isinstance(due, WorkingDays):
        return end_of(due, at, CALENDAR).instant
    left = due.days
    while left > 0:
        at += timedelta(days=1)
        left -= at.weekday() < _SATURDAY
    return at


def earlier(at: datetime, days: int) -> datetime:
    """Return the same time of day so many working days before."""
    while days > 0:
        at -= timedelta(days=1)
        days -= at.weekday() < _SATURDAY
    return at
