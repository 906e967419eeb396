"""The state of an instance as bytes: canonical, without a clock, without data, without history.

A state is the set of places where tokens stand, in alphabetical order, so whatever way two instances
went, they are in equal states where the same can happen to them. What waits for the world outside, a
person's task or an event, carries a number, by which rows outside are found while they are open. It is
the ordinal of its element in the process; only where that number is taken, or was when the step began,
another is added in whole rounds. So a number is given again once its holder waits no more, a loop comes
back to the states of its earlier rounds, and the memo knows them (ADR 0007).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, filterfalse
from typing import Any

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.case import Case
from app.engine.pruning import Kept, prune
from app.engine.task_specs import Scoped

FORMAT = 2


@dataclass
class Position:
    """A workflow in memory, the numbers of the tasks that wait, the end event reached so far."""

    workflow: Any
    # By the task's id in memory, which is another in each step.
    numbers: dict[Any, int] = field(default_factory=dict)
    outcome: str | None = None

    def parts(self) -> list[Any]:
        """Return the process and all running processes within it, the outer before the inner."""
        return [self.workflow, *self.workflow.subprocesses.values()]


def encode(position: Position) -> bytes:
    """Write a numbered position."""
    top = position.workflow
    places = sorted(_to_json(position, kept) for kept in prune(top))
    return orjson.dumps([FORMAT, position.outcome, int(top.completed), places])


def decode(state: bytes, case: Case) -> Position:
    """Restore a position onto the shared specs of a compiled process."""
    process = case.process
    top = BpmnWorkflow(process.spec, process.subprocess_specs, script_engine=case, deserializing=True)
    _, outcome, is_completed, places = orjson.loads(state)
    top.completed = bool(is_completed)
    position = Position(top, {}, outcome)
    _fill(position, top, places, count(1))
    return position


def new_position(case: Case) -> Position:
    """Return the position of an instance that has not begun."""
    return Position(BpmnWorkflow(case.process.spec, case.process.subprocess_specs, script_engine=case))


def number(position: Position) -> None:
    """Give every task that began to wait the first number of its element that none has or had in this step."""
    ordinals = position.workflow.script_engine.process.ordinals
    old, taken = position.numbers, set(position.numbers.values())
    position.numbers = {}
    for kept in prune(position.workflow):
        for task in filter(is_awaited, kept.flat()):
            number = old.get(task.id) or next(
                filterfalse(taken.__contains__, count(ordinals[task.task_spec], len(ordinals)))
            )
            taken.add(number)
            position.numbers[task.id] = number


def foresee(task: Any) -> None:
    """Draw the tasks behind one that is about to run: a restored one has none."""
    if not task.children:
        task.task_spec._predict_hook(task)  # noqa: SLF001


def is_awaited(task: Any) -> bool:
    """Tell whether the world outside ends a task's wait: a person's, an event's, or one of a race."""
    if task.state == TaskState.WAITING:
        return isinstance(task.task_spec, CatchingEvent) and not isinstance(task.task_spec, EventBasedGateway)
    return bool(task.state in {TaskState.READY, TaskState.MAYBE})


def _holds_process(task: Any) -> bool:
    return isinstance(task.task_spec, Scoped) and bool(task.state == TaskState.STARTED)


def _to_json(position: Position, kept: Kept) -> list[Any]:
    task = kept.task
    # A task's data is empty by design (DESIGN §2), and what is left in its internal data are fired events.
    if task.data:
        raise AssertionError(f"task data of {task.task_spec.name}: {task.data}")
    under = [_to_json(position, one) for one in kept.under]
    if _holds_process(task):
        under.sort()
    return [task.task_spec.name, task.state, position.numbers.get(task.id, 0), under]


def _fill(position: Position, part: Any, places: Iterable[list[Any]], ids: Iterator[int]) -> None:
    part.task_tree = restored_task(part, part.spec.start, TaskState.COMPLETED, None, next(ids))
    for place in places:
        _restore(position, part.task_tree, place, ids)


def _restore(position: Position, parent: Any, place: list[Any], ids: Iterator[int]) -> None:
    name, state, number, under = place
    part = parent.workflow
    task = restored_task(part, part.spec.task_specs[name], state, parent, next(ids))
    if number:
        position.numbers[task.id] = number
    if _holds_process(task):
        _fill(position, restored_process(task), under, ids)
        return
    for one in under:
        _restore(position, task, one, ids)


def restored_task(part: Any, spec: Any, state: int, parent: Any, task_id: int) -> Any:
    """Return a task as it was, under its parent."""
    task = Task.__new__(Task)
    task.id, task._parent, task._state, task._children = task_id, parent and parent.id, state, []  # noqa: SLF001
    task.workflow, task.task_spec = part, spec
    task.triggered, task.thread_id, task.last_state_change = False, 0, 0
    task.data, task.internal_data = {}, {}
    part.tasks[task_id] = task
    if parent is not None:
        parent._children.append(task_id)  # noqa: SLF001
    if state == TaskState.WAITING and isinstance(spec, CatchingEvent):
        part.top_workflow.event_manager.add_task(task)
    return task


def restored_process(task: Any) -> Any:
    """Return the process that runs within a task, still empty."""
    top = task.workflow.top_workflow
    part = BpmnSubWorkflow(top.subprocess_specs[task.task_spec.spec], task.id, top, deserializing=True)
    top.subprocesses[task.id] = part
    part.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
    return part
