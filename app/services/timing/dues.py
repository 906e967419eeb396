"""Deadlines: a task's `due` evaluated against the pinned rules and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import clock
from app.domain.calendar import Calendar
from app.engine.due_values import DueValue, Period, Repeat, WorkingDays, WorkingDaysBefore, read_day
from app.engine.instants import end_of
from app.services.timing import calendars


@dataclass(frozen=True)
class DueAt:
    """The instant of a deadline; provisional where the year's holidays are not announced yet."""

    instant: datetime | None
    is_provisional: bool = False
    # What it was reckoned from, where that may be done again.
    reckoning: dict[str, Any] | None = None


NEVER = DueAt(None)


def context_of(rules: Mapping[str, Any], serial: str) -> dict[str, Any]:
    """Return the names that expressions may use beside the values of a case with a serial, pinned to the rules."""
    pinned = {key: rule["value"] for key, rule in rules.items()}
    return {"rules": pinned, "params": {}, "case": {"serial": serial}}


def due_at(due: DueValue | None) -> DueAt:
    """Return when something that begins now is due, if it is due at all."""
    return NEVER if due is None else reckoned(due, clock.now(), calendars.national())


def reckoned(due: DueValue, since: datetime, calendar: Calendar) -> DueAt:
    """Return when a deadline is due that began at an instant."""
    end = end_of(due, since, calendar)
    is_open = end.is_provisional or isinstance(due, Repeat)
    return DueAt(end.instant, end.is_provisional, _as_data(due, since) if is_open else None)


def reckoned_again(reckoning: Mapping[str, Any], calendar: Calendar) -> DueAt:
    """Return when a deadline is due by another calendar than the one that it was reckoned by."""
    return reckoned(read_due(reckoning), datetime.fromisoformat(reckoning["since"]), calendar)


def read_due(data: Mapping[str, Any]) -> DueValue:
    """Read what a deadline was reckoned from."""
    if "times" in data:
        return Repeat(_length(data), data["times"])
    day = read_day(data.get("before"))
    return WorkingDaysBefore(day, data["working_days"]) if day else _length(data)


def _length(data: Mapping[str, Any]) -> Period | WorkingDays:
    if "working_days" in data:
        return WorkingDays(data["working_days"])
    return Period(data["minutes"], data["months"])


def _as_data(due: DueValue, since: datetime) -> dict[str, Any]:
    times = {"times": due.times} if isinstance(due, Repeat) else {}
    length = due.each if isinstance(due, Repeat) else due
    return {"since": since.isoformat(), **times, **_length_as_data(length)}


def _length_as_data(length: DueValue) -> dict[str, Any]:
    if isinstance(length, WorkingDaysBefore):
        return {"before": length.on.isoformat(), "working_days": length.days}
    if isinstance(length, WorkingDays):
        return {"working_days": length.days}
    return {"minutes": length.minutes, "months": length.months} if isinstance(length, Period) else {}
