"""What a deadline may come to: lengths of time, days, instants; the clock and the calendar are applied outside."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.clock import SHANGHAI

MAX_WORKING_DAYS = 2_500
MAX_REPEATS = 100
_MAX_MONTHS = 1_200
# Beyond these a day was not meant, and counting from it could leave the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_DURATION = re.compile(
    r"P(?!$)(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?)?",
    re.ASCII,
)
_MINUTES = (7 * 24 * 60, 24 * 60, 60, 1)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_REPEAT = re.compile(r"R(\d{1,3})/(P.+)", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A length of time by the clock: minutes, and months of the calendar before them."""

    minutes: int
    months: int = 0


@dataclass(frozen=True)
class WorkingDays:
    """A length of time in working days."""

    days: int


@dataclass(frozen=True)
class EndOfDay:
    """Until a day has passed in Asia/Shanghai."""

    on: date


@dataclass(frozen=True)
class Moment:
    """Until an instant."""

    at: datetime


@dataclass(frozen=True)
class WorkingDaysBefore:
    """So many working days before a day; none: that day, or where it is not worked the last one before it."""

    on: date
    days: int


@dataclass(frozen=True)
class Repeat:
    """Again and again after a length of time, so many times."""

    each: Period | WorkingDays
    times: int


DueValue = Period | WorkingDays | EndOfDay | Moment | WorkingDaysBefore | Repeat


def read_due_text(text: str) -> DueValue | None:
    """Read a deadline that is written out: P3D, 2026-09-30, 2026-09-30T08:00, R3/P1D."""
    text = text.strip()
    day = read_day(text)
    return EndOfDay(day) if day else read_period(text) or _read_moment(text) or _read_repeat(text)


def read_period(text: str) -> Period | None:
    """Read an ISO 8601 duration of years, months, weeks, days, hours and minutes."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    years, months, *rest = (int(part or 0) for part in match.groups())
    in_months = years * 12 + months
    minutes = sum(count * length for count, length in zip(rest, _MINUTES, strict=True))
    return Period(minutes, in_months) if in_months <= _MAX_MONTHS else None


def read_day(text: object) -> date | None:
    """Read a day such as 2026-09-30, as forms keep it."""
    try:
        found = date.fromisoformat(text) if isinstance(text, str) and _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return found if found and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _read_moment(text: str) -> Moment | None:
    """Read an instant; without an offset it is a wall clock's in Asia/Shanghai."""
    try:
        found = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
    except ValueError:
        return None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return Moment(found if found.tzinfo else found.replace(tzinfo=SHANGHAI))


def _read_repeat(text: str) -> Repeat | None:
    match = _REPEAT.fullmatch(text)
    each = read_period(match[2]) if match else None
    return repeated(each, int(match[1])) if match and each else None


def repeated(each: Period | WorkingDays, times: int) -> Repeat | None:
    """Return a repetition, or None where it would not move on or never end."""
    is_moving = each.days > 0 if isinstance(each, WorkingDays) else each.minutes + each.months > 0
    return Repeat(each, times) if is_moving and 1 <= times <= MAX_REPEATS else None
