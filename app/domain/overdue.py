"""What becomes due around a deadline: reminders, escalation, a verdict of the platform's own.

Reminders come at nine in the morning of a working day; what has an effect comes when the working days
after the deadline are over, as any period in working days ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain import clock
from app.domain.calendar import Calendar

# Where a task has a deadline and says nothing: the working day before, the day itself, two working days after.
USUAL_REMINDERS = (-1, 0, 2)
MOST_DAYS = 60
MOST_REMINDERS = 10
NINE = 9
NONE = "none"
_DAYS = re.compile(r"\d{1,3}", re.ASCII)
_OFFSETS = re.compile(r"-?\d{1,3}(?:\s+-?\d{1,3})*", re.ASCII)


class Kind(StrEnum):
    """What happens, the more telling last: of several that were missed only that one happens."""

    REMIND = "remind"
    ESCALATE = "escalate"
    VERDICT = "verdict"


WEIGHTS = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Event:
    """Something that time brings to an open task."""

    at: datetime
    kind: Kind


@dataclass(frozen=True)
class Plan:
    """What a task says of its deadline; the numbers are working days after it, below zero before it."""

    reminders: tuple[int, ...] = USUAL_REMINDERS
    escalate_to: str | None = None
    escalate_after: int | None = None
    verdict: str | None = None
    verdict_after: int | None = None

    def events(self, due_at: datetime, calendar: Calendar) -> tuple[Event, ...]:
        """Return all that a deadline brings, in order."""
        return tuple(sorted(self._events(due_at, calendar), key=lambda event: (event.at, WEIGHTS[event.kind])))

    def _events(self, due_at: datetime, calendar: Calendar) -> Iterator[Event]:
        day = clock.shanghai(due_at).date()
        for days in self.reminders:
            found = calendar.add_working_days(day, days) if days > 0 else calendar.working_days_before(day, -days)
            yield Event(clock.at(found.on, NINE), Kind.REMIND)
        for kind, days_after in ((Kind.ESCALATE, self.escalate_after), (Kind.VERDICT, self.verdict_after)):
            if days_after is not None:
                ends = calendar.add_working_days(day, days_after).due_at
                yield Event(ends if days_after else due_at, kind)


def read_days(text: str) -> int | None:
    """Read a number of working days, or return None where it is none or too many."""
    days = int(text) if _DAYS.fullmatch(text.strip()) else None
    return days if days is not None and days <= MOST_DAYS else None


def read_reminders(text: str) -> tuple[int, ...] | None:
    """Read when to remind, such as -2 -1 0 2, or none; None where it cannot be read."""
    written = text.strip()
    if written == NONE:
        return ()
    if not _OFFSETS.fullmatch(written):
        return None
    days = tuple(sorted({int(part) for part in written.split()}))
    return days if len(days) <= MOST_REMINDERS and all(abs(one) <= MOST_DAYS for one in days) else None
