"""SpiffWorkflow's task specs, bent to carry no data: they tell the case what happens and ask it what follows.

Each `my_task.workflow.script_engine` is the `Case` of the running step.
"""

import logging
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    CallActivity,
    EventBasedGateway,
    ExclusiveGateway,
    ParallelGateway,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from app.domain.text import N_
from app.engine.problems import RunError

# Its records carry task data.
for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Wait(EventDefinition):
    """What every timer and every awaited message is compiled to: a wait that only its own name ends."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wait) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class Send(EventDefinition):
    """What every message that is sent is compiled to: the case notes it, whoever waits is found outside."""

    def throw(self, my_task: Any) -> None:
        """Tell the case."""
        my_task.workflow.script_engine.send(my_task)


class Unforeseeing(TaskSpec):
    """Draw no task ahead: what follows is drawn when it is due (`codec.foresee`), so a long way costs no more."""

    def _predict(self, my_task: Any, *_args: Any, **_options: Any) -> None:
        pass


class PersonTask(Unforeseeing, UserTask):
    """Wait for a person."""

    def _on_ready_hook(self, my_task: Any) -> None:
        super()._on_ready_hook(my_task)
        my_task.workflow.script_engine.enter(my_task)

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)
        my_task.workflow.script_engine.drop(my_task)


class OperationTask(Unforeseeing, BpmnSpecMixin):
    """Run a named operation, or make a decision."""

    def _run_hook(self, my_task: Any) -> bool:
        super()._run_hook(my_task)
        my_task.workflow.script_engine.operate(my_task)
        return True


class Scoped(Unforeseeing, SubWorkflowTask):
    """Start and end a process within the process, without copying task data in or out."""

    def start_workflow(self, my_task: Any) -> None:
        """Tell the case before the process within begins."""
        my_task.workflow.script_engine.enter(my_task)
        super().start_workflow(my_task)

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing."""

    def update_data(self, my_task: Any, subworkflow: Any) -> None:  # noqa: ARG002 - SpiffWorkflow's signature
        """Take the results into the case's values."""
        my_task.workflow.script_engine.leave_scope(my_task)

    def _on_cancel(self, my_task: Any) -> None:
        super()._on_cancel(my_task)
        my_task.workflow.script_engine.drop(my_task)


class EmbeddedProcess(Scoped):
    """An embedded subprocess: it shares the values of the process around it."""


class CalledProcess(Scoped, CallActivity):
    """A called process: its values are nested under the calling element."""


class Choice(Unforeseeing, ExclusiveGateway):
    """An exclusive gateway that says in Chinese that it could not choose."""

    def _run_hook(self, my_task: Any) -> bool:
        try:
            return bool(super()._run_hook(my_task))
        except WorkflowException:
            raise RunError(N_("“%(name)s”没有一条出线的条件成立。"), name=self.bpmn_name or self.name) from None


class Race(EventBasedGateway):
    """An event gateway whose events wait from the moment that a token reaches it."""

    def _update_hook(self, my_task: Any) -> bool:
        self._predict_hook(my_task)
        return bool(super()._update_hook(my_task))


class TokenGateway(Unforeseeing, ParallelGateway):
    """A parallel gateway that counts tokens: one waiting from each incoming flow lets it pass.

    The stock gateway looks at history instead, and counts a branch's arrival of an earlier round again.
    """

    def _update_hook(self, my_task: Any) -> bool:
        if my_task.state < TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)  # noqa: SLF001
        arrived = {task.parent.task_spec.name: task for task in self._waiting(my_task.workflow)}
        arrived[my_task.parent.task_spec.name] = my_task
        if len(arrived) < len(self.inputs):
            return False
        for task in arrived.values():
            if task is not my_task:
                task.cancel()
        return True

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ARG002 - SpiffWorkflow's signature
        return True

    def _waiting(self, workflow: Any) -> list[Any]:
        return [task for task in workflow.tasks.values() if task.task_spec is self and task.state == TaskState.WAITING]
