"""What a scenario's case waits for beside people, and what it has sent: timers with their times, messages with their keys."""

from dataclasses import dataclass
from datetime import datetime

from app.engine.changes import Awaited, Changes, Sent
from app.engine.due_values import DueValue, Repeat
from app.engine.scenarios.timeline import later


@dataclass(frozen=True)
class Timer:
    """A timer that waits; `left` is how many times it comes again after this one."""

    element: str
    at: datetime
    left: int = 0


class Waits:
    """Remember which events wait, by the engine's number."""

    def __init__(self) -> None:
        self.timers: dict[int, Timer] = {}
        self.awaited: dict[int, Awaited] = {}
        self._sent: list[Sent] = []

    def note(self, changes: Changes, now: datetime, again: Timer | None = None) -> None:
        """Take over what a step changed; `again` is the timer that happened in it and comes once more."""
        for task_id in (*changes.disarmed, *changes.unawaited):
            self.timers.pop(task_id, None)
            self.awaited.pop(task_id, None)
        self.awaited |= {one.task_id: one for one in changes.awaited}
        self._sent += changes.sent
        for armed in changes.armed:
            left = again.left - 1 if again and again.element == armed.element else _times(armed.due) - 1
            is_coming = armed.due is not None or not armed.is_at_border
            if is_coming:
                at = later(now, armed.due) if armed.due else now
                self.timers[armed.task_id] = Timer(armed.element, at, left)

    def dues(self) -> list[datetime]:
        """Return when timers are due."""
        return [timer.at for timer in self.timers.values()]

    def first_due(self, until: datetime) -> int | None:
        """Return the number of the first timer that is due up to an instant."""
        due = ((timer.at, task_id) for task_id, timer in self.timers.items() if timer.at <= until)
        return min(due, default=(until, None))[1]

    def timer_at(self, element: str) -> int | None:
        """Return the number of the timer that waits at an element."""
        return next((task_id for task_id, timer in self.timers.items() if timer.element == element), None)

    def waiting_for(self, message: str, key: str) -> list[int]:
        """Return the numbers of the events that wait for a message with a key."""
        return [one.task_id for one in self.awaited.values() if (one.message, one.key) == (message, key)]

    def take_sent(self) -> list[Sent]:
        """Return what was sent since the last time."""
        taken, self._sent = self._sent, []
        return taken


def _times(due: DueValue | None) -> int:
    return due.times if isinstance(due, Repeat) else 1
