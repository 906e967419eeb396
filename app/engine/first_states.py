"""States as release 0.1.0 wrote them: all tasks of the tree, compressed; a case's next step writes today's form."""

import zlib
from typing import Any

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

_COMPRESSED = b"\x78"


def is_first(state: bytes) -> bool:
    """Tell whether a state is of that release."""
    return state.startswith(_COMPRESSED)


def restore(state: bytes, top: Any) -> tuple[dict[Any, int], str | None]:
    """Fill an empty workflow; return the numbers by which rows know its tasks, and the end event reached so far."""
    _format, _next_id, outcome, outer, inner = orjson.loads(zlib.decompress(state))
    _fill(top, outer)
    # A process within a process has a higher parent task than the one around it.
    for task_id, stored in inner:
        _restore_inner(top, task_id, stored)
    parts = (top, *top.subprocesses.values())
    return {task_id: task_id for part in parts for task_id in part.tasks}, outcome


def _fill(part: Any, stored: list[Any]) -> None:
    part.completed, tasks = stored
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


def _restore_inner(top: Any, task_id: int, stored: list[Any]) -> None:
    task = top.get_task_from_id(task_id)
    part = BpmnSubWorkflow(top.subprocess_specs[task.task_spec.spec], task_id, top, deserializing=True)
    top.subprocesses[task_id] = part
    _fill(part, stored)
    part.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
