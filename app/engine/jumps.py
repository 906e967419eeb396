"""Return by jump: take the token away and enter an earlier element, as if it came there for the first time."""

from typing import Any

from SpiffWorkflow.util.task import TaskState

from app.domain.errors import Conflict
from app.domain.text import N_
from app.engine.codec import Position
from app.engine.compiler import CompiledProcess
from app.engine.graph import is_inside_parallel, on_the_side
from app.engine.model import ProcessModel
from app.engine.positions import entered_activities, tokens
from app.engine.structure import ACTIVITIES


def jump_to(position: Position, process: CompiledProcess, target: str, *, takes_all: bool = False) -> None:
    """Move the only token of a position to an activity, or all of them in its place. Raises Conflict."""
    standing = tokens(position)
    part, names = _entrance(position, process, target, takes_all=takes_all)
    for token in standing:
        token.cancel()
    for task in reversed(entered_activities(position)):
        if _is_within(task.workflow, part):
            position.workflow.script_engine.drop(task)
    _enter_all(part, names)


def obstacle_to(position: Position, process: CompiledProcess, target: str) -> Conflict | None:
    """Return why the only token of a position cannot be moved to an activity, or None where it can."""
    try:
        _entrance(position, process, target)
    except Conflict as obstacle:
        return obstacle
    return None


def _entrance(
    position: Position, process: CompiledProcess, target: str, *, takes_all: bool = False
) -> tuple[Any, list[str]]:
    """Return the running process that a token would be put into, and what to enter in it. Raises Conflict."""
    way = _way_to(process, target)
    standing = tokens(position)
    if not standing:
        raise Conflict(N_("这件事已经办结，不能再退回。"))
    if len(standing) > 1 and not takes_all:
        raise Conflict(N_("还有别的环节正在同时办理，等它们办完以后才能退回。"))
    part, entered = _running_part(position.workflow, way)
    left = _element_in(part, standing[0])
    for place, (model, name) in enumerate(entered):
        _check_lone_token(model, name, left if place == 0 else None)
    return part, [name for _, name in entered]


def _check_lone_token(model: ProcessModel, name: str, left: str | None) -> None:
    """Refuse to enter where one token alone cannot come to the end, or would leave the main line unfinished."""
    item = model.elements[name]
    if is_inside_parallel(model.elements, model.flows, name):
        raise Conflict(N_("“%(name)s”是同时办理的几个环节之一，请退回到分开办理之前。"), name=item.name)
    aside = on_the_side(model.elements, model.flows, item.parent)
    if name in aside and left not in aside:
        raise Conflict(N_("“%(name)s”不在主线上，请退回到主线上的环节。"), name=item.name)


def _element_in(part: Any, task: Any) -> str | None:
    """Return the element of a running process that a task is, or is within."""
    while task.workflow is not part:
        task = task.workflow.top_workflow.get_task_from_id(task.workflow.parent_task_id)
    name: str | None = task.task_spec.bpmn_id
    return name


def _way_to(process: CompiledProcess, target: str) -> list[tuple[ProcessModel, str]]:
    """Return the activities to enter one within the other to come to the target, which is the last."""
    way: list[tuple[ProcessModel, str]] = []
    calls: tuple[str, ...] = ()
    for name in target.split("/"):
        model = process.part_at(calls).model if _has_calls(process, calls) else None
        if model is None or not isinstance(model.elements.get(name), ACTIVITIES):
            raise Conflict(N_("流程里没有可以退回的环节“%(name)s”。"), name=target)
        way += [(model, item) for item in _with_parents(model, name)]
        calls = (*calls, name)
    return way


def _has_calls(process: CompiledProcess, calls: tuple[str, ...]) -> bool:
    try:
        process.part_at(calls)
    except KeyError:
        return False
    return True


def _with_parents(model: ProcessModel, name: str) -> list[str]:
    found = [name]
    while (parent := model.elements[found[0]].parent) is not None:
        found.insert(0, parent)
    return found


def _running_part(top: Any, way: list[tuple[ProcessModel, str]]) -> tuple[Any, list[tuple[ProcessModel, str]]]:
    """Return the innermost process on the way that runs already, and what is still to be entered in it."""
    part = top
    for place, (_, name) in enumerate(way[:-1]):
        inner = _inner_process(part, name)
        if inner is None:
            return part, way[place:]
        part = inner
    return part, way[-1:]


def _inner_process(part: Any, name: str) -> Any:
    for task in part.tasks.values():
        if task.task_spec.name == name and task.state == TaskState.STARTED:
            return part.top_workflow.subprocesses.get(task.id)
    return None


def _enter_all(part: Any, names: list[str]) -> None:
    *around, target = names
    case = part.top_workflow.script_engine
    # What was done within stands, as what was done before the target on its own level does.
    case.is_on_the_way = True
    for name in around:
        entry = _enter(part, name)
        if entry.task_spec.name != name:
            # The split above an activity with boundary events: what stands at the border must wait, too.
            entry.run()
        part = _inner_process(part, name)
    case.is_on_the_way = False
    _enter(part, target)


def _enter(part: Any, name: str) -> Any:
    _clear_tree(part)
    specs = part.spec.task_specs
    entry = specs.get(f"{name}.BoundaryEventSplit", specs[name])
    task = part.task_tree._add_child(entry, TaskState.FUTURE)  # noqa: SLF001
    task.triggered = True
    entry._predict(task, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001
    entry._update(task)  # noqa: SLF001
    return task


def _is_within(inner: Any, part: Any) -> bool:
    return inner is part or (inner.parent_workflow is not None and _is_within(inner.parent_workflow, part))


def _clear_tree(part: Any) -> None:
    """Forget all tasks but the root, the processes that ran in them, and what they waited for."""
    top = part.top_workflow
    for child in part.task_tree.children:
        part._remove_task(child.id)  # noqa: SLF001
    part.completed = False
    _forget_orphans(top)
    top.event_manager.tasks = {
        key: task
        for key, task in top.event_manager.tasks.items()
        if any(task.workflow is other for other in (top, *top.subprocesses.values())) and key in task.workflow.tasks
    }


def _forget_orphans(top: Any) -> None:
    parts = (top, *top.subprocesses.values())
    orphans = [key for key in top.subprocesses if not any(key in part.tasks for part in parts)]
    for key in orphans:
        del top.subprocesses[key]
    if orphans:
        _forget_orphans(top)
