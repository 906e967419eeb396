"""Tasks that many people are asked, in a scenario: who is on the roll, who has answered, how it ends."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from app.domain import ballots
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.panels import Sheet, checked, lines
from app.domain.tally import COUNTED, NO_QUORUM, RECUSED, Count, has_quorum, outcome
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.engine.ballots import BallotTerms
from app.engine.ballots import result as ballot_result
from app.engine.collectives import Terms, summary
from app.engine.panels import only_candidate, outcome_of
from app.engine.panels import result as panel_result
from app.engine.scenarios.timeline import later

RULE, DEADLINE, SCRUTINEERS = "rule", "deadline", "scrutineers"


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
        self._expect(person)
        self._missing.remove(person)
        self.count = self.count.adding(answer)

    def _expect(self, person: str) -> None:
        if person not in self._missing:
            raise Forbidden(N_("%(person)s不在名单上，或者已经办过、回避了。"), person=person)

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

    def left(self, closed_by: str) -> dict[str, Any]:
        """Return what the case keeps of it."""
        return summary(self.count, closed_by, self.secrecy)


class Ballot(Poll):
    """A secret ballot under way; the three scrutineers stand outside the scenario and always count."""

    def __init__(self, terms: Terms, paper: BallotTerms, roll: Collection[str], due_at: datetime | None) -> None:
        super().__init__(terms, roll, (), due_at)
        self._voters = set(roll)
        self._terms = paper
        self._papers: dict[str, bytes] = {}
        self._extension = paper.extension

    def vote(self, person: str, chosen: Sequence[str]) -> None:
        """Take a vote, in place of an earlier one of the same person. Raises Forbidden, Invalid, Conflict."""
        if person not in self._voters:
            raise Forbidden(N_("%(person)s不在名册上。"), person=person)
        if person in self._papers and not self._terms.can_change:
            raise Conflict(N_("%(person)s投过票了，这次投票不能改投。"), person=person)
        places = [choice.id for choice in self._terms.paper.choices]
        found = [places.index(name) if name in places else -1 for name in chosen]
        if not self._terms.paper.allows(found):
            raise Invalid.field("choices", N_("选票上没有这个人，或者选多了、选重了。"))
        receipt = sorted(self._voters).index(person).to_bytes(ballots.RECEIPT_BYTES, "big")
        self._papers[person] = ballots.pack(found, receipt)

    def result(self, now: datetime) -> tuple[str, str] | None:
        """Return how it ends once it is due; where too few voted it goes on once, if the diagram says so."""
        if self.due_at is None or self.due_at > now:
            return None
        if has_quorum(self._rule.quorum, len(self._voters), len(self._papers)):
            return COUNTED, SCRUTINEERS
        if self._extension is None:
            return NO_QUORUM, DEADLINE
        self.due_at, self._extension = later(self.due_at, self._extension), None
        return None

    def left(self, closed_by: str) -> dict[str, Any]:
        """Return what the case keeps of it."""
        paper = self._terms.paper
        tally = ballots.count(paper, self._papers.values()) if closed_by == SCRUTINEERS else None
        votes, places = tally.votes if tally else None, self._terms.places
        return ballot_result(len(self._voters), len(self._papers), paper, votes, places)


class Panel(Poll):
    """A panel under way; nobody scores themselves, and who has nobody to score steps aside."""

    def __init__(
        self, terms: Terms, sheet: Sheet, roll: Collection[str], judged: Iterable[str], due_at: datetime | None
    ) -> None:
        super().__init__(terms, roll, {*judged, *map(str, only_candidate(sheet))}, due_at)
        self._sheet = sheet
        self._aside = {person: {person} for person in roll}
        self._handed_in: list[list[dict[str, Any]]] = []

    def score(self, person: str, given: Any) -> None:
        """Take a member's scores. Raises Forbidden, Invalid."""
        found = checked(self._sheet, given, self._aside.get(person, ()))
        self.answer(person, Verdict.SUBMIT)
        self._handed_in.append(found)

    def step_aside(self, person: str, candidate: str) -> None:
        """Let a member leave a candidate to the others. Raises Forbidden, Invalid."""
        self._expect(person)
        aside = self._aside[person] | {candidate}
        if candidate not in {one.key for one in self._sheet.candidates}:
            raise Invalid.field("candidate", N_("打分表上没有这个人。"))
        self._aside[person] = aside
        if not self._sheet.left_to(aside):
            self.recuse(person)

    def result(self, now: datetime) -> tuple[str, str] | None:
        """Return how it ends now: everybody scored, or the deadline came before."""
        found = super().result(now)
        return (outcome_of(found[0]), found[1]) if found is not None else None

    def left(self, closed_by: str) -> dict[str, Any]:
        """Return what the case keeps of it."""
        return panel_result(self.count, closed_by, lines(self._sheet, self._handed_in))


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
