"""Deadlines: a task's `due` evaluated against the pinned rules and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain import clock
from app.engine.dues import DueValue, Period
from app.services import calendars


@dataclass(frozen=True)
class DueAt:
    """The instant of a deadline; provisional where the year's holidays are not announced yet."""

    instant: datetime | None
    is_provisional: bool = False


def context_of(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names that expressions may use beside the values of a case that is pinned to the rules."""
    return {"rules": {key: rule["value"] for key, rule in rules.items()}, "params": {}}


def due_at(length: DueValue | None) -> DueAt:
    """Return when something that begins now is due, if it is due at all."""
    if length is None:
        return DueAt(None)
    if isinstance(length, Period):
        return DueAt(clock.now() + timedelta(minutes=length.minutes))
    deadline = calendars.national().add_working_days(clock.today(), length.days)
    return DueAt(deadline.due_at, deadline.is_provisional)
