"""What waits in a position: people's tasks, events, and tokens."""

from collections.abc import Iterable, Iterator
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
    """Return the path of each user task that waits for a person, by its number."""
    people = [task for task in _tasks(position, TaskState.READY) if isinstance(task.task_spec, PersonTask)]
    return _by_number(position, people)


def waiting_events(position: Position) -> dict[int, str]:
    """Return the path of each event that waits for its time or its message, by its number."""
    found: list[Any] = []
    for task in _tasks(position, TaskState.WAITING):
        if isinstance(task.task_spec, EventBasedGateway):
            found += task.children
        elif isinstance(task.task_spec, CatchingEvent):
            found.append(task)
    return _by_number(position, found)


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


def find_open(position: Position, number: int) -> Any:
    """Return the user task that waits for a person under this number. Raises Stale."""
    if number not in open_tasks(position):
        raise Stale
    return _numbered(position, number)


def fire(position: Position, number: int, *, again: bool = False) -> None:
    """Let what the event under this number waits for happen; one at a border may wait again. Raises Stale."""
    if number not in waiting_events(position):
        raise Stale
    task = _numbered(position, number)
    catcher = task.parent if isinstance(task.parent.task_spec, EventBasedGateway) else task
    definition = catcher.task_spec.event_definition
    if catcher is not task:
        definition = definition.event_definitions[catcher.task_spec.outputs.index(task.task_spec)]
    catcher.task_spec.catch(catcher, BpmnEvent(definition))
    catcher.task_spec._update(catcher)  # noqa: SLF001
    if again:
        _wait_again(task)


def _wait_again(task: Any) -> None:
    """Put another event beside one at a border that has happened."""
    waiting = task.parent._add_child(task.task_spec, TaskState.WAITING)  # noqa: SLF001
    waiting.workflow.top_workflow.event_manager.add_task(waiting)


def _by_number(position: Position, tasks: Iterable[Any]) -> dict[int, str]:
    return {position.numbers[task.id]: path_of(task) for task in tasks}


def _numbered(position: Position, number: int) -> Any:
    task_id = next(key for key, value in position.numbers.items() if value == number)
    return next(part.tasks[task_id] for part in position.parts() if task_id in part.tasks)


def _tasks(position: Position, state: int) -> Iterator[Any]:
    for part in position.parts():
        for task in part.tasks.values():
            if task.state == state:
                yield task
