"""Playing one scenario: each step stores the state and restores it for the next."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from app.domain.errors import Invalid, ShenpiError
from app.domain.handling import MOST_SKIPS
from app.domain.overdue import Kind
from app.domain.serial import Serial
from app.domain.text import N_
from app.engine import ballots, panels, run
from app.engine.changes import Changes, Opened
from app.engine.collectives import terms_of
from app.engine.compiler import CompiledProcess
from app.engine.forms import INCOMPLETE_VERDICTS, Form
from app.engine.model import Collective, UserTask
from app.engine.paths import beside, values_at
from app.engine.persons import person_of
from app.engine.scenarios.answers import Answers
from app.engine.scenarios.cast import Cast, verdict_of
from app.engine.scenarios.comparing import Mismatch, compare_late, compare_refusal, compare_sent, explain
from app.engine.scenarios.lateness import Lateness
from app.engine.scenarios.model import (
    Assign,
    Complete,
    Expect,
    ExpectLate,
    ExpectSent,
    Pass,
    Recuse,
    Refusal,
    Respond,
    Scenario,
    Send,
    Step,
    Wake,
)
from app.engine.scenarios.polls import Ballot, Panel, Poll, Polls
from app.engine.scenarios.seats import Seat
from app.engine.scenarios.timeline import BEGINS_AT, later
from app.engine.scenarios.waits import Timer, Waits

# A task of many people on whose roll nobody is ends at once; a loop of them never would.
_MOST_ROUNDS = 50


class Play:
    """A scenario under way."""

    def __init__(self, process: CompiledProcess, scenario: Scenario) -> None:
        self.steps: list[Changes] = []
        self._process = process
        self._scenario = scenario
        self._answers = Answers(scenario.stage.operations)
        self._cast = Cast(scenario.stage)
        self._context = {
            "rules": dict(scenario.stage.rules),
            "params": dict(scenario.start.params),
            "case": {"serial": scenario.start.serial or _first_serial(process)},
        }
        self._changes: Changes | None = None
        self._open: dict[int, str] = {}
        self._seats: dict[int, Seat] = {}
        self._waits = Waits()
        self._polls = Polls()
        self._late = Lateness()
        self._now = BEGINS_AT

    def start(self) -> None:
        """File the case. Raises Mismatch, ShenpiError."""
        self._attempt(self._file, self._scenario.start.refused)
        self._settle()

    def take(self, step: Step) -> None:
        """Take one step. Raises Mismatch, ShenpiError."""
        if isinstance(step, Respond):
            self._attempt(lambda: self._respond(step), step.refused)
        elif isinstance(step, Recuse):
            self._attempt(lambda: self._recuse(step), step.refused)
        elif isinstance(step, Assign):
            self._attempt(lambda: self._assign(step), step.refused)
        elif isinstance(step, Complete):
            self._attempt(lambda: self._complete(step), step.refused)
        else:
            self._observe(step)
        self._settle()

    def _observe(self, step: Send | ExpectSent | ExpectLate | Wake | Pass | Expect) -> None:
        """Let happen what no person of the case does, or compare."""
        if isinstance(step, Send):
            self._receive(step)
        elif isinstance(step, ExpectSent):
            compare_sent(step, self._waits.take_sent())
        elif isinstance(step, ExpectLate):
            compare_late(step, self._late.take_happened())
        elif isinstance(step, Wake):
            self._wake(self._timer_at(step.element))
        elif isinstance(step, Pass):
            self._pass(step)
        else:
            self._expect(step)

    def finish(self) -> None:
        """Compare how the case ended. Raises Mismatch."""
        wanted = self._scenario.outcome
        found = self._changes.outcome if self._changes and self._changes.is_ended else None
        if wanted != found:
            message = N_("应当以“%(wanted)s”结束，实际是“%(found)s”。")
            raise Mismatch(message, wanted=wanted or N_("没有结束"), found=found or N_("没有结束"))

    def _attempt(self, act: Callable[[], Changes | None], refusal: Refusal | None) -> None:
        try:
            changes = self._openable(act())
        except ShenpiError as error:
            if refusal is None:
                raise Mismatch(N_("没有办成：%(reason)s"), reason=explain(error)) from error
            compare_refusal(refusal, error)
            return
        if refusal is not None:
            raise Mismatch(N_("应当被拒绝，却办成了。"))
        if changes is not None:
            self._note(changes)

    def _openable(self, changes: Changes | None) -> Changes | None:
        """Refuse a step that opens a ballot or a panel which cannot be held. Raises Invalid."""
        for opened in changes.opened if changes else ():
            task = self._process.element(opened.element)
            if changes and isinstance(task, UserTask) and task.collective:
                self._can_open(task.collective, opened.element, changes.values)
        return changes

    def _can_open(self, asked: Collective, element: str, values: Mapping[str, Any]) -> None:
        if asked.is_secret:
            ballots.terms_of(self._process, element, values, self._context)
        if asked.is_scored:
            panels.sheet_of(self._process, element, values, self._context)

    def _file(self) -> Changes:
        start, model = self._scenario.start, self._process.model
        if start.by or self._process.package.manifest.schedule is None:
            self._cast.start(model.start, start.by)
        form = self._process.form_of(model.start.id)
        values = {model.start.id: self._clean(form, start.values, model.start.id)}
        return run.start(self._process, values, self._context, self._answers)

    def _complete(self, step: Complete) -> Changes:
        task_id, task = self._waiting(step.element)
        if task_id in self._polls:
            raise Mismatch(N_("“%(element)s”由多人办理，情景里请写 respond。"), element=step.element)
        self._cast.allow(task, step.element, step.by, self._seats[task_id], self._late.above.get(task_id))
        verdict = verdict_of(task, step)
        current = values_at(self._before.values, beside(step.element, task.edits or task.id))
        submission = self._handed_in(task, step, verdict, current)
        changes = run.complete(
            self._process, self._state, self._values, task_id, submission, verdict, self._context, self._answers
        )
        self._cast.done(step.element, step.by, verdict)
        self._drop(task_id)
        return changes

    def _respond(self, step: Respond) -> None:
        task_id, task = self._waiting(step.element)
        poll, verdict = self._polls.get(task_id), verdict_of(task, step)
        if isinstance(poll, Ballot):
            poll.vote(step.by, step.values.get("choices", []))
        elif isinstance(poll, Panel):
            poll.score(step.by, step.values.get("scores"))
        else:
            self._handed_in(task, step, verdict, {})
            poll.answer(step.by, verdict or "")

    def _recuse(self, step: Recuse) -> None:
        poll = self._polls.get(self._waiting(step.element)[0])
        if isinstance(poll, Panel) and step.candidate is not None:
            poll.step_aside(step.by, step.candidate)
        else:
            poll.recuse(step.by)

    def _assign(self, step: Assign) -> None:
        task_id, _task = self._waiting(step.element)
        self._seats[task_id] = self._cast.name(self._seats[task_id], step.by, step.to)

    def _waiting(self, element: str) -> tuple[int, UserTask]:
        task_id = next((number for number, path in self._open.items() if path == element), None)
        task = self._process.element(element) if task_id is not None else None
        if task_id is None or not isinstance(task, UserTask):
            raise Mismatch(N_("“%(element)s”现在没有等人办理。"), element=element)
        return task_id, task

    def _handed_in(
        self, task: UserTask, step: Complete, verdict: str | None, current: Mapping[str, Any]
    ) -> dict[str, Any]:
        form, is_partial = self._process.form_of(step.element), verdict in INCOMPLETE_VERDICTS
        return self._clean(form, step.values, task.id, current, is_partial=is_partial)

    def _open_poll(self, opened: Opened) -> None:
        """Freeze the roll of a task that many people are asked."""
        task = self._process.element(opened.element)
        if isinstance(task, UserTask) and task.collective is not None:
            terms = terms_of(self._process, opened.element, self._values, self._context)
            roll, due_at = (
                self._cast.roll(task, opened.element),
                later(self._now, opened.due) if opened.due else None,
            )
            judged = self._cast.judged(terms)
            if task.collective.is_secret:
                paper = ballots.terms_of(self._process, opened.element, self._values, self._context)
                assistants = self._cast.assistants() if paper.with_assistants else set()
                self._polls.open(opened.task_id, Ballot(terms, paper, (roll | assistants) - judged, due_at))
            elif task.collective.is_scored:
                sheet = panels.sheet_of(self._process, opened.element, self._values, self._context)
                self._polls.open(opened.task_id, Panel(terms, sheet, roll, judged, due_at))
            else:
                self._polls.open(opened.task_id, Poll(terms, roll, judged, due_at))

    def _settle(self) -> None:
        """Let end what ends by itself: tasks of many people, and those that pass without anybody."""
        self._close_polls()
        for _step in range(MOST_SKIPS):
            passing = next((number for number, seat in self._seats.items() if seat.verdict), None)
            if passing is None:
                return
            verdict = self._seats[passing].verdict
            self._drop(passing)
            state, values = self._state, self._values
            self._note(run.complete(self._process, state, values, passing, {}, verdict, self._context, self._answers))
            self._close_polls()
        raise Mismatch(N_("接连 %(most)d 步自动通过，请看流程图是不是在转圈。"), most=MOST_SKIPS)

    def _close_polls(self) -> None:
        """Close every task of many people that ends now; a case may come to the next one."""
        for _round in range(_MOST_ROUNDS):
            settled = self._polls.settled(self._now)
            if not settled:
                return
            poll = self._polls.get(settled[0])
            result, closed_by = poll.result(self._now) or ("", "")
            self._polls.drop(settled[0])
            self._drop(settled[0])
            left = poll.left(closed_by)
            self._note(
                run.complete(
                    self._process, self._state, self._values, settled[0], left, result, self._context, self._answers
                )
            )
        raise Mismatch(N_("由多人办理的任务名单上没有人，一直在转圈。"))

    def _clean(
        self,
        form: Form | None,
        values: dict[str, Any],
        element: str,
        current: Mapping[str, Any] = MappingProxyType({}),
        *,
        is_partial: bool = False,
    ) -> dict[str, Any]:
        if form is None:
            if values:
                raise Invalid.field("", N_("这个环节没有表单，不能填写。"))
            return {}
        stage = self._scenario.stage
        return form.validate(values, stage.options, stage.attachments, element, current, is_partial=is_partial)

    def _pass(self, step: Pass) -> None:
        until = later(self._now, step.period)
        while due := [at for at in (*self._polls.dues(), *self._waits.dues(), *self._late.dues()) if at <= until]:
            # At the same instant the answers that came in time are counted first.
            self._now = min(due)
            self._settle()
            fired = self._waits.first_due(self._now)
            if fired is not None:
                self._wake(fired)
            else:
                self._be_late()
            self._settle()
        self._now = until

    def _be_late(self) -> None:
        """Let happen what a deadline brings; where the diagram says so, that is an answer."""
        came = self._late.take(self._now)
        if came is None or came.kind is not Kind.VERDICT:
            return
        self._drop(came.task_id)
        state, values = self._state, self._values
        self._note(
            run.complete(self._process, state, values, came.task_id, {}, came.word, self._context, self._answers)
        )

    def _drop(self, task_id: int) -> None:
        self._open.pop(task_id, None)
        self._seats.pop(task_id, None)
        self._late.drop(task_id)

    def _wake(self, task_id: int) -> None:
        timer = self._waits.timers[task_id]
        again = timer if timer.left > 0 else None
        state, values, is_again = self._state, self._values, again is not None
        changes = run.wake(self._process, state, values, task_id, self._context, self._answers, again=is_again)
        self._note(changes, again)

    def _timer_at(self, element: str) -> int:
        found = self._waits.timer_at(element)
        if found is None:
            raise Mismatch(N_("“%(element)s”现在没有计时。"), element=element)
        return found

    def _receive(self, step: Send) -> None:
        found = self._waits.waiting_for(step.message, step.key)
        if not found:
            raise Mismatch(N_("现在没有环节在等消息“%(name)s”（%(key)s）。"), name=step.message, key=step.key)
        for event in found:
            self._note(
                run.receive(self._process, self._state, self._values, event, step.values, self._context, self._answers)
            )

    def _expect(self, step: Expect) -> None:
        found = sorted(self._open.values())
        if found != sorted(step.elements):
            message = N_("应当等候办理的是“%(wanted)s”，实际是“%(found)s”。")
            raise Mismatch(message, wanted="、".join(sorted(step.elements)), found="、".join(found))

    def _note(self, changes: Changes, again: Timer | None = None) -> None:
        self._changes = changes
        self.steps.append(changes)
        self._waits.note(changes, self._now, again)
        for task_id in changes.closed:
            self._drop(task_id)
            self._polls.drop(task_id)
        self._open |= {opened.task_id: opened.element for opened in changes.opened}
        for opened in changes.opened:
            self._open_poll(opened)
            task = self._process.element(opened.element)
            assert isinstance(task, UserTask)  # noqa: S101 - only user tasks open
            self._late.open(opened.task_id, opened.element, task, opened.due, self._now)
            named = person_of(self._process, opened.element, changes.values, self._context)
            self._seats[opened.task_id] = self._cast.seat(task, opened.element, str(named or ""))

    @property
    def _before(self) -> Changes:
        if self._changes is None:
            raise Mismatch(N_("还没有发起，不能往下办。"))
        return self._changes

    @property
    def _state(self) -> bytes:
        return self._before.state

    @property
    def _values(self) -> dict[str, Any]:
        stored: dict[str, Any] = orjson.loads(orjson.dumps(self._before.values))
        return stored


def _first_serial(process: CompiledProcess) -> str:
    """Return the serial that a scenario's case has, such as BX-XX-2026-0001."""
    return str(Serial(process.package.manifest.code, "XX", BEGINS_AT.year, 1))
