"""The state of an instance as bytes: canonical, without a clock, without data.

Tasks carry ordinal numbers that are never given twice; nothing else is written that could differ
between two instances that went the same way. Finished history is pruned before.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from app.engine.case import Case

FORMAT = 1
_COMPRESSION = 6


@dataclass
class Position:
    """A workflow in memory, the number that its next new task gets, the end event reached so far."""

    workflow: Any
    next_id: int = 1
    outcome: str | None = None

    def parts(self) -> list[Any]:
        """Return the process and all running processes within it, the outer before the inner."""
        return [self.workflow, *self.workflow.subprocesses.values()]


def encode(position: Position) -> bytes:
    """Write a numbered and pruned position."""
    top = position.workflow
    inner = sorted((task_id, _part_to_json(part)) for task_id, part in top.subprocesses.items())
    return zlib.compress(
        orjson.dumps([FORMAT, position.next_id, position.outcome, _part_to_json(top), inner]), _COMPRESSION
    )


def decode(state: bytes, case: Case) -> Position:
    """Restore a position onto the shared specs of a compiled process."""
    _, next_id, outcome, outer, inner = orjson.loads(zlib.decompress(state))
    process = case.process
    top = BpmnWorkflow(process.spec, process.subprocess_specs, script_engine=case, deserializing=True)
    _fill(top, outer)
    # A process within a process has a higher parent task than the one around it.
    for task_id, data in inner:
        _restore_inner(top, task_id, data)
    return Position(top, next_id, outcome)


def new_position(case: Case) -> Position:
    """Return the position of an instance that has not begun."""
    return Position(BpmnWorkflow(case.process.spec, case.process.subprocess_specs, script_engine=case))


def number(position: Position) -> None:
    """Give every new task the next number."""
    numbers: dict[Any, int] = {}
    for part in position.parts():
        for task_id in part.tasks:
            if not isinstance(task_id, int):
                numbers[task_id] = position.next_id
                position.next_id += 1
    for part in position.parts():
        _renumber(part, numbers)
    top = position.workflow
    top.subprocesses = {numbers.get(key, key): part for key, part in top.subprocesses.items()}
    top.event_manager.tasks = {task.id: task for task in top.event_manager.tasks.values()}


def _renumber(part: Any, numbers: dict[Any, int]) -> None:
    for task in part.tasks.values():
        task.id = numbers.get(task.id, task.id)
        task._parent = numbers.get(task._parent, task._parent)  # noqa: SLF001
        task._children = [numbers.get(child, child) for child in task._children]  # noqa: SLF001
    part.tasks = {task.id: task for task in part.tasks.values()}
    if part.parent_task_id is not None:
        part.parent_task_id = numbers.get(part.parent_task_id, part.parent_task_id)


def _part_to_json(part: Any) -> list[Any]:
    return [part.completed, [_task_to_json(part.tasks[task_id]) for task_id in sorted(part.tasks)]]


def _task_to_json(task: Any) -> list[Any]:
    # A task's data is empty by design (DESIGN §2), and what is left in its internal data are fired events.
    if task.data:
        raise AssertionError(f"task data of {task.task_spec.name}: {task.data}")
    return [task.id, task._parent or 0, task._state, task.task_spec.name, int(task.triggered), task._children]  # noqa: SLF001


def _fill(part: Any, data: list[Any]) -> None:
    part.completed, tasks = data
    for fields in tasks:
        _restore_task(part, fields)
    part.task_tree = next(task for task in part.tasks.values() if task._parent is None)  # noqa: SLF001


def _restore_task(part: Any, fields: list[Any]) -> None:
    task_id, parent, state, name, triggered, children = fields
    task = Task.__new__(Task)
    task.id, task._parent, task._state, task._children = task_id, parent or None, state, children  # noqa: SLF001
    task.workflow, task.task_spec = part, part.spec.task_specs[name]
    task.triggered, task.thread_id, task.last_state_change = bool(triggered), 0, 0
    task.data, task.internal_data = {}, {}
    part.tasks[task_id] = task
    if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
        part.top_workflow.event_manager.add_task(task)


def _restore_inner(top: Any, task_id: int, data: list[Any]) -> None:
    task = top.get_task_from_id(task_id)
    part = BpmnSubWorkflow(top.subprocess_specs[task.task_spec.spec], task_id, top, deserializing=True)
    top.subprocesses[task_id] = part
    _fill(part, data)
    part.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
