"""The case as SpiffWorkflow sees it in one step: values to ask, operations to run, and notes of what happened."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from app.domain.text import N_
from app.engine.acts import Act, Calls, Verb
from app.engine.changes import Decided, Sent, Visit, VisitKind
from app.engine.compiler import CompiledProcess
from app.engine.decision_tasks import make_decision
from app.engine.messages import sent_message
from app.engine.model import CallActivity, DecisionTask, Element, EndEvent, ServiceTask, ThrowEvent
from app.engine.problems import RunError
from app.engine.task_specs import CalledProcess
from app.engine.values import CaseValues, Inputs, as_json

OperationRunner = Callable[[str, str, dict[str, Any], Mapping[str, Any]], Mapping[str, Any] | None]
# A step that passes more elements than this runs in a circle that no person interrupts.
MAX_PASSED = 500


class Case:
    """Stand in for SpiffWorkflow's script engine."""

    def __init__(self, process: CompiledProcess, inputs: Inputs, operations: OperationRunner) -> None:
        self.process = process
        self.values = CaseValues(process, inputs)
        self.visited: list[Visit] = []
        self.ended_at: list[str] = []
        # Each act on values with its answer, in order: what the memo repeats.
        self.tape: list[tuple[Act, bool | None]] = []
        # Whether the step did what its tape does not tell.
        self.has_operated = False
        self.decided: list[Decided] = []
        self.sent: list[Sent] = []
        # Set while a jump enters the processes around its target.
        self.is_on_the_way = False
        self._operations = operations
        self._passed = 0
        # Activities that a token has entered and not left.
        self._entered: set[Any] = set()

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool | None:  # noqa: ARG002
        """Tell whether a condition holds where the task stands. Raises ExpressionError."""
        return self._act(Verb.ASK, calls_of(task.workflow), expression)

    def enter(self, task: Any) -> None:
        """Note that a token reached an activity, and take away what an earlier round decided there."""
        calls, item = self._place(task)
        self.expect(task)
        self.note(path_of(task), VisitKind.ENTERED)
        self._act(Verb.CLEAR_AROUND if self.is_on_the_way else Verb.CLEAR, calls, item.id)
        if isinstance(item, CallActivity):
            self._act(Verb.HAND_IN, calls, item.id)

    def operate(self, task: Any) -> None:
        """Run the operation of a service task, or make a decision, and keep the result. Exceptions pass through."""
        self.has_operated = True
        calls, item = self._place(task)
        self._act(Verb.CLEAR, calls, item.id)
        scope = self.values.scope(calls)
        if isinstance(item, DecisionTask):
            found = make_decision(self.process.part_at(calls), path_of(task), item, self.values, calls)
            self.decided.append(found)
            scope[item.id] = as_json(found.outputs)
        if isinstance(item, ServiceTask):
            params = self.values.evaluated(item.params, calls)
            result = self._operations(item.operation, path_of(task), params, MappingProxyType(scope))
            if result is not None:
                scope[item.id] = as_json(result)

    def send(self, task: Any) -> None:
        """Note the message that an event sends, with what it carries. Raises RunError."""
        calls, item = self._place(task)
        sending = item.sending if isinstance(item, ThrowEvent | EndEvent) else None
        if sending is not None:
            key = self.values.key_of(sending.key, item, calls)
            payload = as_json(self.values.evaluated(sending.params, calls))
            self.sent.append(sent_message(path_of(task), sending, key, payload))

    def leave_scope(self, task: Any) -> None:
        """Take the results out of a called process that has ended."""
        calls, item = self._place(task)
        if isinstance(item, CallActivity):
            self._act(Verb.TAKE_OUT, calls, item.id)

    def answer(self, path: str) -> None:
        """Keep what a person submitted and decided at a user task."""
        *calls, name = path.split("/")
        self._act(Verb.ANSWER, tuple(calls), name)

    def passed(self, task: Any) -> None:
        """Note that a token is about to leave an element. Raises RunError when the step runs in a circle."""
        self._passed += 1
        if self._passed > MAX_PASSED:
            raise RunError(N_("流程在没有人办理的环节之间转圈，请找流程管理员修改流程图。"))
        self._entered.discard(task)
        if task.task_spec.bpmn_id is not None:
            path = path_of(task)
            self.note(path, VisitKind.COMPLETED)
            if isinstance(self.process.element(path), EndEvent) and task.workflow.parent_task_id is None:
                self.ended_at.append(path)

    def expect(self, task: Any) -> None:
        """Remember that a token is in an activity."""
        self._entered.add(task)

    def drop(self, task: Any) -> None:
        """Note that an activity was interrupted, if a token was in it."""
        if task in self._entered:
            self._entered.remove(task)
            self.note(path_of(task), VisitKind.CANCELLED)

    def note(self, path: str, kind: VisitKind) -> None:
        """Note what happened to an element."""
        self.visited.append(Visit(path, kind))

    def _act(self, verb: Verb, calls: Calls, subject: str) -> bool | None:
        act = Act(verb, calls, subject)
        answer = self.values.perform(act)
        self.tape.append((act, answer))
        return answer

    def _place(self, task: Any) -> tuple[Calls, Element]:
        calls = calls_of(task.workflow)
        return calls, self.process.part_at(calls).model.elements[task.task_spec.bpmn_id]


def calls_of(workflow: Any) -> Calls:
    """Return the chain of call activities that leads to a running process."""
    found: list[str] = []
    while workflow.parent_task_id is not None:
        task = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if isinstance(task.task_spec, CalledProcess):
            found.append(task.task_spec.bpmn_id)
        workflow = task.workflow
    return tuple(reversed(found))


def path_of(task: Any) -> str:
    """Return the path of the element that a task stands for."""
    return "/".join((*calls_of(task.workflow), task.task_spec.bpmn_id))
