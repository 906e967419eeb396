"""Deadlines: a task's `due` evaluated against the pinned rules and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import clock
from app.engine.due_values import DueValue
from app.engine.instants import end_of
from app.services import calendars


@dataclass(frozen=True)
class DueAt:
    """The instant of a deadline; provisional where the year's holidays are not announced yet."""

    instant: datetime | None
    is_provisional: bool = False


def context_of(rules: Mapping[str, Any], serial: str) -> dict[str, Any]:
    """Return the names that expressions may use beside the values of a case with a serial, pinned to the rules."""
    pinned = {key: rule["value"] for key, rule in rules.items()}
    return {"rules": pinned, "params": {}, "case": {"serial": serial}}


def due_at(due: DueValue | None) -> DueAt:
    """Return when something that begins now is due, if it is due at all."""
    if due is None:
        return DueAt(None)
    end = end_of(due, clock.now(), calendars.national())
    return DueAt(end.instant, end.is_provisional)
