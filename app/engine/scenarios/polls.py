"""Tasks that many people are asked, in a scenario: who is on the roll, who has answered, how it ends."""

from collections.abc import Collection, Iterable
from datetime import datetime

from app.domain.errors import Conflict, Forbidden
from app.domain.tally import RECUSED, Count, outcome
from app.domain.text import N_
from app.engine.collectives import Terms

RULE, DEADLINE = "rule", "deadline"


class Poll:
    """One collective task under way."""

    def __init__(self, terms: Terms, roll: Collection[str], judged: Iterable[str], due_at: datetime | None) -> None:
        aside = set(judged) & set(roll)
        self.due_at = due_at
        self.secrecy = terms.secrecy
        self.count = Count(len(roll), len(aside))
        self._rule = terms.rule
        self._missing = set(roll) - aside

    def answer(self, person: str, answer: str) -> None:
        """Count what a person of the roll answers, or that the person steps aside. Raises Forbidden."""
        if person not in self._missing:
            raise Forbidden(N_("%(person)s不在名单上，或者已经办过、回避了。"), person=person)
        self._missing.remove(person)
        self.count = self.count.adding(answer)

    def recuse(self, person: str) -> None:
        """Let a person step aside. Raises Forbidden."""
        self.answer(person, RECUSED)

    def result(self, now: datetime) -> tuple[str, str] | None:
        """Return how the task ends now and what brings it: the rule or the deadline; None while it stays open."""
        by_rule = outcome(self._rule, self.count, is_due=False)
        if by_rule is not None:
            return by_rule, RULE
        is_due = self.due_at is not None and self.due_at <= now
        at_deadline = outcome(self._rule, self.count, is_due=is_due)
        return (at_deadline, DEADLINE) if at_deadline is not None else None


class Polls:
    """The collective tasks under way, by the number of the engine's task."""

    def __init__(self) -> None:
        self._found: dict[int, Poll] = {}

    def open(self, task_id: int, poll: Poll) -> None:
        """Note a task that many people are asked now."""
        self._found[task_id] = poll

    def drop(self, task_id: int) -> None:
        """Forget a task that ended."""
        self._found.pop(task_id, None)

    def get(self, task_id: int) -> Poll:
        """Return a task under way. Raises Conflict where one person alone is asked."""
        if task_id not in self._found:
            raise Conflict(N_("这一步由一个人办理，情景里请写 complete。"))
        return self._found[task_id]

    def __contains__(self, task_id: object) -> bool:
        return task_id in self._found

    def settled(self, now: datetime) -> list[int]:
        """Return the tasks that end now."""
        return [task_id for task_id, poll in self._found.items() if poll.result(now) is not None]

    def dues(self) -> list[datetime]:
        """Return the deadlines ahead."""
        return [poll.due_at for poll in self._found.values() if poll.due_at is not None]
