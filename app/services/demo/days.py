"""The days on which the demo's story happens, counted back from today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain import clock
from app.domain.calendar import Calendar
from app.services.timing import calendars

ONE_DAY = timedelta(days=1)
HISTORY = 420
# So near to today a holiday does not matter: somebody has to be waiting for something.
RECENT = 15
SUMMER = ((7, 8), (8, 26))
TERM_STARTS = (9, 1)
NEW_YEAR = (1, 1)


@dataclass(frozen=True)
class Days:
    """Working days before today, the latest last; school holidays are left out unless they are recent."""

    today: date
    worked: tuple[date, ...]
    calendar: Calendar

    @classmethod
    def until(cls, today: date) -> "Days":
        """Count the days before a day."""
        calendar = calendars.national()
        past = (today - ONE_DAY * n for n in range(HISTORY, 0, -1))
        worked = [day for day in past if _is_worked(calendar, day)]
        term = [day for day in worked[:-RECENT] if not _is_summer(day)]
        return cls(today, (*term, *worked[-RECENT:]), calendar)

    @property
    def school_year(self) -> date:
        """Return the first day of the latest school year that the whole story fits into."""
        year = self.today.year - (1 if (self.today.month, self.today.day) >= TERM_STARTS else 2)
        return date(year, *TERM_STARTS)

    def back(self, count: int) -> date:
        """Return the working day so many before today."""
        return self.worked[-count]

    def on_or_after(self, day: date) -> date:
        """Return the first working day from a day on."""
        while not _is_worked(self.calendar, day):
            day += ONE_DAY
        return day

    def back_to_due_soon(self, count: int) -> int:
        """Return how far back something began whose `count` working days are about to end."""
        return max(n for n in range(1, RECENT) if self._due(n, count) > clock.now())

    def back_to_overdue(self, count: int) -> int:
        """Return how far back something began whose `count` working days are over since a day or more."""
        return self.back_to_due_soon(count) + 2

    def saturday_before(self, day: date) -> date:
        """Return the Saturday of the week before, when teachers of several schools can meet."""
        return day - ONE_DAY * ((day.weekday() + 2) % 7 or 7)

    def _due(self, back: int, count: int) -> datetime:
        return self.calendar.add_working_days(self.back(back), count).due_at


def chinese(day: date) -> str:
    """Write a day as in 11月14日（周六）."""
    return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"


def _is_worked(calendar: Calendar, day: date) -> bool:
    # New Year's Day is a holiday also in years that are not announced yet.
    return calendar.is_working_day(day).is_working and (day.month, day.day) != NEW_YEAR


def _is_summer(day: date) -> bool:
    first, last = SUMMER
    return first <= (day.month, day.day) <= last
