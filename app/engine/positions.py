"""What waits in a position: people's tasks, timers, and tokens."""

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from app.domain.errors import Stale
from app.engine.case import path_of
from app.engine.codec import Position
from app.engine.task_specs import PersonTask, Scoped, TokenGateway


def open_tasks(position: Position) -> dict[int, str]:
    """Return the path of each user task that waits for a person, by task id."""
    return {
        task.id: path_of(task) for task in _tasks(position, TaskState.READY) if isinstance(task.task_spec, PersonTask)
    }


def armed_timers(position: Position) -> dict[int, str]:
    """Return the path of each timer that waits for its time, by task id."""
    found: dict[int, str] = {}
    for task in _tasks(position, TaskState.WAITING):
        if isinstance(task.task_spec, EventBasedGateway):
            found |= {child.id: path_of(child) for child in task.children}
        elif isinstance(task.task_spec, CatchingEvent):
            found[task.id] = path_of(task)
    return found


def entered_activities(position: Position) -> list[Any]:
    """Return the tasks of activities that a token is in."""
    people = [task for task in _tasks(position, TaskState.READY) if isinstance(task.task_spec, PersonTask)]
    return people + [task for task in _tasks(position, TaskState.STARTED) if isinstance(task.task_spec, Scoped)]


def tokens(position: Position) -> list[Any]:
    """Return the tasks where tokens stand; a boundary timer is none, nor is a process around another."""
    waiting = [
        task
        for task in _tasks(position, TaskState.WAITING)
        if isinstance(task.task_spec, CatchingEvent | TokenGateway) and not isinstance(task.task_spec, BoundaryEvent)
    ]
    return [task for task in _tasks(position, TaskState.READY) if isinstance(task.task_spec, PersonTask)] + waiting


def find_open(position: Position, task_id: int) -> Any:
    """Return the user task that waits for a person under this id. Raises Stale."""
    for task in _tasks(position, TaskState.READY):
        if task.id == task_id and isinstance(task.task_spec, PersonTask):
            return task
    raise Stale


def fire(position: Position, task_id: int) -> None:
    """Let the timer under this id end its wait. Raises Stale when it waits no more."""
    if task_id not in armed_timers(position):
        raise Stale
    task = next(part.tasks[task_id] for part in position.parts() if task_id in part.tasks)
    catcher = task.parent if isinstance(task.parent.task_spec, EventBasedGateway) else task
    definition = catcher.task_spec.event_definition
    if catcher is not task:
        definition = definition.event_definitions[catcher.task_spec.outputs.index(task.task_spec)]
    catcher.task_spec.catch(catcher, BpmnEvent(definition))
    catcher.task_spec._update(catcher)  # noqa: SLF001


def _tasks(position: Position, state: int) -> Iterator[Any]:
    for part in position.parts():
        for task in part.tasks.values():
            if task.state == state:
                yield task
