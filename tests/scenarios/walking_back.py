"""A scenario's case that can be returned: what the services keep beside the engine, kept here for one play."""

from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from typing import Any

from app.domain import canonical
from app.domain.vocabulary import Verdict
from app.engine import run
from app.engine.changes import Changes
from app.engine.come_backs import Answered, lead_back
from app.engine.compiler import CompiledProcess
from app.engine.model import MessageEvent, UserTask
from app.engine.paths import beside, values_at, values_beside
from app.engine.return_targets import NO_APPROVAL, Ground
from app.engine.scenarios.model import Complete, Scenario, Send
from app.engine.scenarios.playing import Play
from app.engine.scenarios.polls import Ballot

# More answers than any shipped case needs from wherever it was returned to.
MOST_ANSWERS = 40


@dataclass(frozen=True)
class Given:
    """What a person of the scenarios hands in at a task that approves."""

    values: dict[str, Any]
    verdict: str | None


class Returnable(Play):
    """A play with returns in it."""

    def __init__(self, process: CompiledProcess, scenario: Scenario, scenarios: tuple[Scenario, ...]) -> None:
        super().__init__(process, scenario)
        self.finished: list[str] = []
        self._signed: dict[str, str] = {}
        self._comes_back: tuple[str, str] | None = None
        self._usual = dict(_usual(process, (scenario, *scenarios)))

    def fork(self) -> "Returnable":
        """Return the same case, to go another way."""
        other = copy(self)
        for name in ("_answers", "_cast", "_waits", "_polls"):
            setattr(other, name, deepcopy(getattr(self, name)))
        other.steps, other.finished = list(self.steps), list(self.finished)
        other._open, other._signed, other._seats = dict(self._open), dict(self._signed), dict(self._seats)
        return other

    @property
    def latest(self) -> Changes:
        return self._before

    @property
    def at(self) -> list[str]:
        return sorted(self._open.values())

    @property
    def asked_alone(self) -> list[str]:
        """Return the open tasks that one person does."""
        return sorted(path for task_id, path in self._open.items() if task_id not in self._polls)

    @property
    def ground(self) -> Ground:
        return Ground(self._process, self._state, self._values, self.finished, self.signed_over(self._values))

    def signed_over(self, values: dict[str, Any]) -> frozenset[str]:
        return frozenset(path for path, over in self._signed.items() if self._content(path, values) == over)

    def send_back(self, target: str, origin: str | None = None) -> None:
        """Return the case; with an origin it is to come straight back there."""
        self._note(run.jump(self._process, self._state, self._values, target, self._context, self._answers))
        self._comes_back = (target, origin) if origin else None
        self._close_polls()

    def answer(self, path: str) -> None:
        """Let whoever may do a task do it, with what the scenarios hand in there and a verdict that approves."""
        task_id, task = self._waiting(path)
        if task_id in self._polls:
            self._answer_poll(task_id, task.verdicts[0])
            self._close_polls()
            return
        given = self._usual.get(path, Given({}, _approving(task)))
        self.take(Complete(path, self._able(task, path), given.values, given.verdict or _approving(task)))

    def _answer_poll(self, task_id: int, verdict: str) -> None:
        """Let everybody on the roll approve; the votes of a ballot are counted once it is due."""
        poll = self._polls.get(task_id)
        if isinstance(poll, Ballot):
            for person in sorted(poll._voters):
                poll.vote(person, [poll._terms.paper.choices[0].id])
            self._now = max(self._now, *self._polls.dues())
            return
        for person in sorted(poll._missing):
            poll.answer(person, verdict)

    def finish_somehow(self) -> Changes:
        """Approve of all that waits, and let happen what is waited for, until the case ends.

        What may arrive again and again arrives once; then its time runs out.
        """
        heard = set[str]()
        for _ in range(MOST_ANSWERS):
            if self._before.is_ended:
                return self._before
            if self._open:
                self.answer(self.at[0])
            elif (message := self._message(heard)) is not None:
                heard.add(message.message)
                self.take(message)
            else:
                self._wake(min(self._waits.timers, key=lambda one: self._waits.timers[one].at))
                self._close_polls()
        raise AssertionError(f"no end: {self.at}")

    def _message(self, heard: set[str]) -> Send | None:
        awaited = self._waits.awaited.values()
        # Where nothing else is waited for, it has to come once more.
        one = next((one for one in awaited if one.message not in heard or not self._waits.timers), None)
        if one is None:
            return None
        event = self._process.element(one.element)
        assert isinstance(event, MessageEvent)
        return Send(one.message, one.key, dict.fromkeys(event.fields))

    def _able(self, task: UserTask, path: str) -> str:
        seat = self._seats[self._waiting(path)[0]]
        for person in self._scenario.stage.people:
            try:
                self._cast.allow(task, path, person, seat)
            except Exception:  # noqa: BLE001, S112 - the next one may
                continue
            return person
        raise AssertionError(f"nobody may do {path}")

    def _complete(self, step: Complete) -> Changes:
        changes = super()._complete(step)
        self.finished.append(step.element)
        if step.verdict == Verdict.SIGN:
            self._signed[step.element] = self._content(step.element, changes.values)
        return changes

    def _close_polls(self) -> None:
        asked = {path for task_id, path in self._open.items() if task_id in self._polls}
        super()._close_polls()
        self.finished += sorted(asked - set(self._open.values()))

    def _note(self, changes: Changes, again: Any = None) -> None:
        if self._comes_back is not None and self._comes_back[0] not in self.at:
            (target, origin), self._comes_back = self._comes_back, None
            verdict = values_at(changes.values, target).get("verdict")
            answered = Answered(self._process, self._state, self._values, changes, verdict, origin)
            changes = lead_back(answered, self.signed_over(answered.kept), self._context, self._answers)
        for one in changes.opened:
            self._signed.pop(one.element, None)
        super()._note(changes, again)

    def _content(self, path: str, values: dict[str, Any]) -> str:
        task, around = self._process.element(path), values_beside(values, path)
        assert isinstance(task, UserTask)
        return canonical.content_hash({element: around.get(element) for element in task.signs})


def _usual(process: CompiledProcess, scenarios: tuple[Scenario, ...]) -> Iterator[tuple[str, Given]]:
    """Yield what the scenarios hand in at each task where they approve; of several, the first one's is the last."""
    for scenario in reversed(scenarios):
        start = process.model.start
        for task in process.model.of_kind(UserTask):
            if task.edits == start.id:
                yield task.id, Given(scenario.start.values, _approving(task))
        for step in scenario.steps:
            if isinstance(step, Complete) and step.refused is None:
                asked = process.element(step.element)
                if isinstance(asked, UserTask) and (step.verdict or _approving(asked)) not in NO_APPROVAL:
                    edited = beside(step.element, asked.edits) if asked.edits else None
                    if edited != start.id:
                        yield step.element, Given(step.values, step.verdict)


def _approving(task: UserTask) -> str | None:
    return next((one for one in task.verdicts if one not in NO_APPROVAL), None)
