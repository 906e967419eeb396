"""States of the first format, which cases hold that have not moved since: read once, written as now.

They told all tasks of a process tree, the foreseen ones too, each with an ordinal number.
"""

import zlib
from typing import Any

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow

from app.engine.case import Case
from app.engine.codec import Position, decode, is_awaited, restored_process, restored_task
from app.engine.pruning import prune


def restore(state: bytes, case: Case) -> Position:
    """Restore a position from a state of any format."""
    return decode(state, case) if state.startswith(b"[") else _restore_first(state, case)


def _restore_first(state: bytes, case: Case) -> Position:
    _, _, outcome, (is_completed, tasks), inner = orjson.loads(zlib.decompress(state))
    top = BpmnWorkflow(case.process.spec, case.process.subprocess_specs, script_engine=case, deserializing=True)
    top.completed = is_completed
    _fill(top, tasks)
    # A process within a process has a higher number than the one around it.
    for task_id, (_, tasks_within) in inner:
        _fill(restored_process(top.get_task_from_id(task_id)), tasks_within)
    waiting = [task.id for kept in prune(top) for task in kept.flat() if is_awaited(task)]
    return Position(top, {task_id: task_id for task_id in waiting}, outcome)


def _fill(part: Any, tasks: list[list[Any]]) -> None:
    """Restore the tasks of a process; the root has the lowest number, a parent a lower one than its children."""
    for task_id, parent_id, state, name, _, _ in tasks:
        restored_task(part, part.spec.task_specs[name], state, part.tasks.get(parent_id), task_id)
    for task_id, *_, children in tasks:
        part.tasks[task_id]._children = children  # noqa: SLF001
    part.task_tree = part.tasks[min(part.tasks)]
