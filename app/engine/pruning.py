"""Forget finished history: what happened is in the journal, the engine keeps what the future depends on."""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from app.engine.codec import Position
from app.engine.task_specs import TokenGateway


def prune(position: Position) -> None:
    """Take finished tasks out of a numbered position.

    Kept are roots, what stands at the border of a running activity, and the last task before a
    parallel gateway that still waits: its name tells which flow the token came by.
    """
    top = position.workflow
    for task_id in [task_id for task_id in top.subprocesses if not _is_running(top, task_id)]:
        del top.subprocesses[task_id]
    for part in position.parts():
        _prune_part(part)


def _is_running(top: Any, task_id: int) -> bool:
    return any(
        task_id in part.tasks and not part.tasks[task_id].has_state(TaskState.FINISHED_MASK)
        for part in (top, *top.subprocesses.values())
    )


def _prune_part(part: Any) -> None:
    kept = {task.id for task in part.tasks.values() if _is_needed(task)}
    # Children have higher numbers than their parents: from the last to the first.
    for task_id in sorted(part.tasks.keys() - kept, reverse=True):
        _splice(part, part.tasks[task_id])


def _is_needed(task: Any) -> bool:
    if task.parent is None or not task.has_state(TaskState.FINISHED_MASK):
        return True
    return _is_border_in_use(task) or _is_border_in_use(task.parent) or any(map(_is_waiting_join, task.children))


def _is_waiting_join(task: Any) -> bool:
    return isinstance(task.task_spec, TokenGateway) and task.state == TaskState.WAITING


def _is_border_in_use(task: Any) -> bool:
    """Tell whether a task is the split above an activity and its boundary events that have not all ended."""
    if not isinstance(task.task_spec, BoundaryEventSplit):
        return False
    joins = [end for child in task.children for end in child.children if isinstance(end.task_spec, BoundaryEventJoin)]
    return any(not end.has_state(TaskState.FINISHED_MASK) for end in (*task.children, *joins))


def _splice(part: Any, task: Any) -> None:
    parent = task.parent
    place = parent._children.index(task.id)  # noqa: SLF001
    parent._children[place : place + 1] = task._children  # noqa: SLF001
    for child in task.children:
        child._parent = parent.id  # noqa: SLF001
    del part.tasks[task.id]
