"""Forget history and foresight: what happened is in the journal, what may happen is in the diagram.

What the future depends on is where tokens stand: at a person's task or an event that waits, in a process
within the process, at a parallel gateway on a certain flow; and which events still wait at a border.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.util.task import TaskState

from app.engine.task_specs import TokenGateway

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


@dataclass(frozen=True)
class Kept:
    """A task that is kept, with what is kept under it."""

    task: Any
    under: tuple["Kept", ...] = ()

    def flat(self) -> Iterator[Any]:
        """Yield the task and all kept tasks under it."""
        yield self.task
        for kept in self.under:
            yield from kept.flat()


def prune(part: Any) -> Iterator[Kept]:
    """Yield what is kept of a process, in the order of its tree."""
    left = [part.task_tree]
    while left:
        task = left.pop()
        if _is_live(task):
            yield _kept(task)
        elif _is_border_in_use(task):
            yield Kept(task, tuple(map(_kept, sorted(filter(_is_live, task.children), key=_place_at_border))))
            # What an event that does not interrupt has set off goes its own way.
            left += [child for fired in task.children[::-1] if not _is_live(fired) for child in fired.children[::-1]]
        elif task.has_state(TaskState.FINISHED_MASK):
            left += task.children[::-1]


def _kept(task: Any) -> Kept:
    if isinstance(task.task_spec, TokenGateway):
        # The name of the task before tells which flow the token came by.
        return Kept(task.parent, (Kept(task),))
    if isinstance(task.task_spec, EventBasedGateway):
        return Kept(task, tuple(map(Kept, task.children)))
    inner = task.workflow.top_workflow.subprocesses.get(task.id)
    return Kept(task, tuple(prune(inner)) if inner is not None else ())


def _place_at_border(task: Any) -> int:
    """Return a task's place among those at its border: an event that waits again stands behind the others."""
    place: int = task.parent.task_spec.outputs.index(task.task_spec)
    return place


def _is_live(task: Any) -> bool:
    """Tell whether a token is here; joins that wait for all others to end are none: the last one ends it."""
    return task.has_state(_LIVE) and not isinstance(task.task_spec, BoundaryEventJoin | _EndJoin)


def _is_border_in_use(task: Any) -> bool:
    """Tell whether a task is the split above an activity and its boundary events, and the activity runs."""
    return isinstance(task.task_spec, BoundaryEventSplit) and any(
        _is_live(child) and not isinstance(child.task_spec, BoundaryEvent) for child in task.children
    )
