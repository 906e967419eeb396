"""When something happens again and again by the calendar of Asia/Shanghai: `yearly 09-01`, `monthly 05 08:00`."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain import clock

_TEXT = re.compile(r"(yearly (\d\d)-(\d\d)|monthly (\d\d)|weekly ([1-7]))(?: (\d\d):(\d\d))?", re.ASCII)
_LONGEST_MONTHS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
LONGEST_PERIOD = timedelta(days=370)


@dataclass(frozen=True)
class Recurrence:
    """A day of each year, month or week, and a time of day; a day that a month lacks falls on its last."""

    hour: int
    minute: int
    month: int | None = None
    day: int | None = None
    # From Monday, 1.
    weekday: int | None = None

    def after(self, instant: datetime) -> datetime:
        """Return the first occurrence after an instant."""
        return next(at for at in self._from(clock.shanghai(instant).date()) if at > instant)

    def last_before(self, instant: datetime, since: datetime) -> datetime:
        """Return the last occurrence up to an instant, not before one that is known to be past."""
        last = since
        while (following := self.after(last)) <= instant:
            last = following
        return last

    def _from(self, first: date) -> Iterator[datetime]:
        for day in self._days(first):
            yield clock.at(day, self.hour, self.minute)

    def _days(self, first: date) -> Iterator[date]:
        """Yield the days of occurrences from a day on, maybe some before it."""
        if self.weekday is not None:
            day = first + timedelta(days=self.weekday - 1 - first.weekday())
            while True:
                yield day
                day += timedelta(days=7)
        month_number = first.year * 12 + first.month - 1
        while True:
            year, month = month_number // 12, month_number % 12 + 1
            if self.month in {None, month}:
                yield date(year, month, min(self.day or 1, monthrange(year, month)[1]))
            month_number += 1


def read_recurrence(text: str) -> Recurrence | None:
    """Read how a manifest says it, None where it makes no sense."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        return None
    _, month, day, day_of_month, weekday, hour, minute = match.groups()
    found = Recurrence(
        hour=int(hour or 0),
        minute=int(minute or 0),
        month=int(month) if month else None,
        day=int(day or day_of_month) if day or day_of_month else None,
        weekday=int(weekday) if weekday else None,
    )
    return found if _makes_sense(found) else None


def _makes_sense(found: Recurrence) -> bool:
    is_day = found.weekday is not None or 1 <= (found.day or 0) <= _LONGEST_MONTHS.get(found.month or 1, 0)
    return is_day and found.hour <= 23 and found.minute <= 59  # noqa: PLR2004 - the last of an hour and of a day
