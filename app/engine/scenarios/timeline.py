"""The time in a scenario: it begins on a Monday, and only Saturdays and Sundays are off."""

from datetime import UTC, datetime, timedelta

from app.engine.dues import DueValue
from app.engine.functions import WorkingDays

# A week without public holidays; scenarios test the order of things, not the calendar.
BEGINS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_SATURDAY = 5


def later(at: datetime, due: DueValue) -> datetime:
    """Return the instant that lies a length of time ahead; the first day is not counted."""
    if not isinstance(due, WorkingDays):
        return at + timedelta(minutes=due.minutes)
    left = due.days
    while left > 0:
        at += timedelta(days=1)
        left -= at.weekday() < _SATURDAY
    return at
