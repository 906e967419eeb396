"""One step of the engine: state and values in, changes out. No clock, no database, no data in tokens.

An exception leaves nothing behind: the caller still holds the state and values of before.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.errors import Conflict, Stale
from app.engine.case import Case, OperationRunner
from app.engine.changes import Armed, Awaited, Changes, Opened, VisitKind
from app.engine.codec import Position, encode, foresee, new_position, number
from app.engine.compiler import CompiledProcess
from app.engine.expressions import ExpressionError
from app.engine.jumps import jump_to, obstacle_to
from app.engine.memo import Transition
from app.engine.model import MessageEvent, TimerEvent, WaitEvent
from app.engine.old_states import restore
from app.engine.paths import calls_in
from app.engine.positions import entered_activities, find_open, fire, open_tasks, tokens, waiting_events
from app.engine.values import CaseValues, Inputs

Mapped = Mapping[str, Any]


def start(process: CompiledProcess, values: Mapped, context: Mapped, operations: OperationRunner) -> Changes:
    """Begin an instance; the values hold what was submitted, under the start event's id."""
    return _take(process, Transition(b"", "start"), Inputs(values, context), operations)


def complete(  # noqa: PLR0913, PLR0917 - the step's whole input, each a thing of its own
    process: CompiledProcess,
    state: bytes,
    values: Mapped,
    task_id: int,
    submission: Mapped,
    verdict: str | None,
    context: Mapped,
    operations: OperationRunner,
) -> Changes:
    """Complete a user task with what a person submitted and decided. Raises Stale when it waits no more."""
    inputs = Inputs(values, context, submission, verdict)
    return _take(process, Transition(state, "complete", task_id), inputs, operations)


def wake(
    process: CompiledProcess,
    state: bytes,
    values: Mapped,
    task_id: int,
    context: Mapped,
    operations: OperationRunner,
    *,
    again: bool = False,
) -> Changes:
    """Let a due timer fire; a reminder that comes again is armed anew. Raises Stale when it is not armed any more."""
    event = "wake_again" if again else "wake"
    return _take(process, Transition(state, event, task_id), Inputs(values, context), operations)


def receive(
    process: CompiledProcess,
    state: bytes,
    values: Mapped,
    task_id: int,
    payload: Mapped,
    context: Mapped,
    operations: OperationRunner,
) -> Changes:
    """Give a message to the event that waits for it. Raises Stale when it waits no more."""
    return _take(process, Transition(state, "receive", task_id), Inputs(values, context, payload), operations)


def jump(
    process: CompiledProcess,
    state: bytes,
    values: Mapped,
    target: str,
    context: Mapped,
    operations: OperationRunner,
    *,
    takes_all: bool = False,
) -> Changes:
    """Take the token away from where it stands and enter the target; all tokens, where told so. Raises Conflict."""
    event = "jump_with_all" if takes_all else "jump"
    return _take(process, Transition(state, event, target), Inputs(values, context), operations)


def retry(
    process: CompiledProcess, state: bytes, values: Mapped, context: Mapped, operations: OperationRunner
) -> Changes:
    """Run again whatever can run without a person, after an incident."""
    return _take(process, Transition(state, "retry"), Inputs(values, context), operations)


def cancel(process: CompiledProcess, state: bytes) -> Changes:
    """End an instance where it stands; values are not changed and not returned."""
    case = _unasked(process)
    step = Step(case, restore(state, case))
    step.position.workflow.cancel()
    return step.finish()


def waiting_tasks(process: CompiledProcess, state: bytes) -> dict[int, str]:
    """Return the element of each user task that waits in a state, by task id."""
    return open_tasks(restore(state, _unasked(process)))


def obstacles(process: CompiledProcess, state: bytes, targets: Iterable[str]) -> dict[str, Conflict]:
    """Return why a jump to some elements would be refused, by element; those that can be entered are left out."""
    position = restore(state, _unasked(process))
    found = {target: obstacle_to(position, process, target) for target in targets}
    return {target: obstacle for target, obstacle in found.items() if obstacle is not None}


def stands_alone(process: CompiledProcess, state: bytes) -> bool:
    """Tell whether one token alone is on its way."""
    return len(tokens(restore(state, _unasked(process)))) == 1


def _take(process: CompiledProcess, transition: Transition, inputs: Inputs, operations: OperationRunner) -> Changes:
    """Repeat the step where it is known, else run it."""
    known = _repeat(process, transition, inputs)
    if known is not None:
        return known
    case = Case(process, inputs, operations)
    position = new_position(case) if transition.event == "start" else restore(transition.state, case)
    step = Step(case, position)
    step.begin(transition)
    changes = step.finish()
    if not (case.has_operated or changes.armed or changes.awaited or changes.sent):
        process.memo.remember(transition, case.tape, changes)
    return changes


def _repeat(process: CompiledProcess, transition: Transition, inputs: Inputs) -> Changes | None:
    """Do to the values what the engine would do; None where that is not known, or cannot be done."""
    values = CaseValues(process, inputs)
    try:
        known = process.memo.recall(transition, values.perform)
        if known is None:
            return None
        opened = tuple(task._replace(due=values.due_of(task.element)) for task in known.opened)
    except ExpressionError:
        # The engine will come to it, too.
        return None
    return known._replace(values=values.kept, opened=opened, cleared=tuple(dict.fromkeys(values.cleared)))


def _unasked(process: CompiledProcess) -> Case:
    return Case(process, Inputs({}, {}), _no_operation)


def _no_operation(operation: str, _element: str, _params: dict[str, Any], _values: Mapped) -> None:
    raise AssertionError(f"an operation ran while an instance was cancelled: {operation}")


class Step:
    """Remember what waited before, run, and report the difference."""

    def __init__(self, case: Case, position: Position) -> None:
        self.case = case
        self.position = position
        self._tasks = open_tasks(position)
        self._waits = waiting_events(position)
        for task in entered_activities(position):
            case.expect(task)
        self._completed: int | None = None
        self._received: str | None = None

    def begin(self, transition: Transition) -> None:
        """Let happen what the step is about."""
        subject: Any = transition.subject
        if transition.event == "complete":
            self._complete(subject)
        elif transition.event in {"wake", "wake_again"}:
            fire(self.position, subject, again=transition.event == "wake_again")
        elif transition.event == "receive":
            self._receive(subject)
        elif transition.event in {"jump", "jump_with_all"}:
            jump_to(self.position, self.case.process, subject, takes_all=transition.event == "jump_with_all")

    def _complete(self, task_id: int) -> None:
        task = find_open(self.position, task_id)
        self.case.answer(self._tasks[task_id])
        self._completed = task_id
        self._pass(task)
        task.run()

    def _receive(self, task_id: int) -> None:
        """Keep what a message carries and let its event happen; one that interrupts nothing waits for the next."""
        path = self._waits.get(task_id)
        item = self.case.process.element(path) if path else None
        if path is None or not isinstance(item, MessageEvent):
            raise Stale
        self._received = path
        self.case.answer(path)
        fire(self.position, task_id, again=item.attached_to is not None and not item.is_interrupting)

    def finish(self) -> Changes:
        """Run on without people, and return what changed."""
        workflow = self.position.workflow
        workflow.do_engine_steps(will_complete_task=self._pass)
        self._note_ends()
        number(self.position)
        return self._changes()

    def _pass(self, task: Any) -> None:
        foresee(task)
        self.case.passed(task)

    def _changes(self) -> Changes:
        tasks, waits = open_tasks(self.position), waiting_events(self.position)
        self._note_waits(waits)
        begun = {key: path for key, path in waits.items() if key not in self._waits}
        ended = {key: path for key, path in self._waits.items() if key not in waits}
        case, is_ended = self.case, bool(self.position.workflow.completed)
        return Changes(
            state=encode(self.position),
            values=case.values.kept,
            opened=tuple(
                Opened(key, path, case.values.due_of(path)) for key, path in tasks.items() if key not in self._tasks
            ),
            closed=tuple(key for key in self._tasks if key not in tasks and key != self._completed),
            armed=tuple(self._armed(key, path) for key, path in begun.items() if self._is_timer(path)),
            disarmed=tuple(key for key, path in ended.items() if self._is_timer(path)),
            awaited=tuple(self._awaited(key, path) for key, path in begun.items() if not self._is_timer(path)),
            unawaited=tuple(key for key, path in ended.items() if not self._is_timer(path)),
            sent=tuple(case.sent),
            visited=tuple(case.visited),
            cleared=tuple(dict.fromkeys(case.values.cleared)),
            outcome=self._outcome() if is_ended else None,
            is_ended=is_ended,
            decided=tuple(case.decided),
        )

    def _is_timer(self, path: str) -> bool:
        return isinstance(self.case.process.element(path), TimerEvent)

    def _armed(self, task_id: int, path: str) -> Armed:
        return Armed(task_id, path, self.case.values.due_of(path), self._is_at_border(path))

    def _awaited(self, task_id: int, path: str) -> Awaited:
        item = self.case.process.element(path)
        if not isinstance(item, MessageEvent):
            raise TypeError(path)
        # What interrupts nothing waits for the next message while the last one is looked at.
        if path != self._received or item.attached_to is None or item.is_interrupting:
            self.case.values.forget(path)
        key = self.case.values.key_of(item.key, item, calls_in(path))
        return Awaited(task_id, path, item.message, key, item.origin)

    def _note_ends(self) -> None:
        sides = self.case.process.model.side_ends
        for end in self.case.ended_at:
            if end not in sides:
                self.position.outcome = end

    def _outcome(self) -> str | None:
        """Return the end that counts; a reminder's does where its branch ended the whole case."""
        return self.position.outcome or next(reversed(self.case.ended_at), None)

    def _note_waits(self, waits: Mapping[int, str]) -> None:
        """Note events between elements; one at a border belongs to the activity that it stands at."""
        fired = {visit.element for visit in self.case.visited if visit.kind is VisitKind.COMPLETED}
        for path in _values_apart(self._waits, waits):
            if path not in fired and not self._is_at_border(path):
                self.case.note(path, VisitKind.CANCELLED)
        for path in _values_apart(waits, self._waits):
            if not self._is_at_border(path):
                self.case.note(path, VisitKind.ENTERED)

    def _is_at_border(self, path: str) -> bool:
        item = self.case.process.element(path)
        return isinstance(item, WaitEvent) and item.attached_to is not None


def _values_apart(some: Mapping[int, str], others: Mapping[int, str]) -> list[str]:
    return [path for key, path in some.items() if key not in others]
