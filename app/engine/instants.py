"""When a deadline falls due that began at an instant: the calendar is handed in, the clock is not read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain import clock
from app.domain.calendar import Calendar, months_later
from app.engine.due_values import DueValue, EndOfDay, Moment, Period, Repeat, WorkingDays, WorkingDaysBefore


@dataclass(frozen=True)
class End:
    """The instant at which a deadline ends; provisional where the year's holidays are not announced yet."""

    instant: datetime
    is_provisional: bool = False


@dataclass(frozen=True)
class Again:
    """The next time of a repeated deadline, and how many times are left after it."""

    since: datetime
    end: End
    left: int


def end_of(due: DueValue, since: datetime, calendar: Calendar) -> End:
    """Return when a deadline that began at an instant is over; a repeated one for the first time."""
    if isinstance(due, Repeat):
        return end_of(due.each, since, calendar)
    if isinstance(due, WorkingDays | WorkingDaysBefore):
        return _by_working_days(due, since, calendar)
    if isinstance(due, Period):
        return End(months_later(since, due.months) + timedelta(minutes=due.minutes))
    return End(due.at if isinstance(due, Moment) else _last_second(due))


def end_again(due: Repeat, last: datetime, left: int, now: datetime, calendar: Calendar) -> Again | None:
    """Return the next time after the last one that is still ahead; what was missed meanwhile counts as done."""
    while left > 0:
        end, left = end_of(due.each, last, calendar), left - 1
        if end.instant > now:
            return Again(last, end, left)
        last = end.instant
    return None


def _by_working_days(due: WorkingDays | WorkingDaysBefore, since: datetime, calendar: Calendar) -> End:
    if isinstance(due, WorkingDaysBefore):
        found = calendar.working_days_before(due.on, due.days)
    else:
        found = calendar.add_working_days(clock.shanghai(since).date(), due.days)
    return End(found.due_at, found.is_provisional)


def _last_second(day: EndOfDay) -> datetime:
    return clock.at(day.on, hour=23, minute=59) + timedelta(seconds=59)
