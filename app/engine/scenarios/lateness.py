"""What the deadlines of a scenario's open tasks bring: reminders, escalations, verdicts of the platform's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.overdue import WEIGHTS, Kind, Plan
from app.engine.due_values import DueValue, WorkingDays
from app.engine.model import UserTask
from app.engine.scenarios.timeline import earlier, later


@dataclass(frozen=True)
class Coming:
    """Something that time brings to an open task."""

    at: datetime
    task_id: int
    element: str
    kind: Kind
    # Before which position it is put, or which verdict it gets.
    word: str = ""


class Lateness:
    """Remember what is ahead of each open task, what has happened, and before whom tasks were put."""

    def __init__(self) -> None:
        self.above: dict[int, str] = {}
        self._ahead: list[Coming] = []
        self._happened: list[Coming] = []

    def open(self, task_id: int, element: str, task: UserTask, due: DueValue | None, now: datetime) -> None:
        """Note a task that waits from now on."""
        if due is None or task.collective is not None:
            return
        found = _events(task.overdue.plan, later(now, due), task_id, element)
        self._ahead += [one for one in found if one.at > now]

    def drop(self, task_id: int) -> None:
        """Forget a task that ended."""
        self._ahead = [one for one in self._ahead if one.task_id != task_id]
        self.above.pop(task_id, None)

    def dues(self) -> list[datetime]:
        """Return when something comes."""
        return [one.at for one in self._ahead]

    def take(self, now: datetime) -> Coming | None:
        """Let the first thing happen that has come, and return it."""
        came = [one for one in self._ahead if one.at <= now]
        if not came:
            return None
        first = min(came, key=lambda one: (one.at, WEIGHTS[one.kind]))
        self._ahead.remove(first)
        self._happened.append(first)
        if first.kind is Kind.ESCALATE:
            self.above[first.task_id] = first.word
        return first

    def take_happened(self) -> list[Coming]:
        """Return what has happened since the last time."""
        taken, self._happened = self._happened, []
        return taken


def _events(plan: Plan, due_at: datetime, task_id: int, element: str) -> Iterator[Coming]:
    for days in plan.reminders:
        at = later(due_at, WorkingDays(days)) if days > 0 else earlier(due_at, -days)
        yield Coming(at, task_id, element, Kind.REMIND)
    if plan.escalate_to and plan.escalate_after:
        at = later(due_at, WorkingDays(plan.escalate_after))
        yield Coming(at, task_id, element, Kind.ESCALATE, plan.escalate_to)
    if plan.verdict and plan.verdict_after is not None:
        at = later(due_at, WorkingDays(plan.verdict_after))
        yield Coming(at, task_id, element, Kind.VERDICT, plan.verdict)
