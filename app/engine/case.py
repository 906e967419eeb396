"""The case as SpiffWorkflow sees it in one step: values to ask, operations to run, and notes of what happened."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from app.domain.text import N_
from app.engine.changes import Visit, VisitKind
from app.engine.compiler import CompiledProcess, Part
from app.engine.dues import DueValue, parse_due
from app.engine.expressions import parse
from app.engine.model import CallActivity, Element, EndEvent, ServiceTask, SubProcess, TimerEvent, UserTask
from app.engine.problems import RunError
from app.engine.task_specs import CalledProcess

OperationRunner = Callable[[str, str, dict[str, Any], Mapping[str, Any]], Mapping[str, Any] | None]
Values = dict[str, Any]
VERDICT = "verdict"
PARAMS = "params"
# A step that passes more elements than this runs in a circle that no person interrupts.
MAX_PASSED = 500


class Case:
    """Stand in for SpiffWorkflow's script engine."""

    def __init__(
        self,
        process: CompiledProcess,
        values: Mapping[str, Any],
        context: Mapping[str, Any],
        operations: OperationRunner,
    ) -> None:
        self.process = process
        # A copy that is JSON: the caller's values stay as they were.
        self.values: Values = orjson.loads(orjson.dumps(values))
        self.visited: list[Visit] = []
        self.cleared: list[str] = []
        self.ended_at: list[str] = []
        self._context = context
        self._operations = operations
        self._passed = 0
        # Activities that a token has entered and not left.
        self._entered: set[Any] = set()

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:  # noqa: ARG002
        """Return the value of an expression where the task stands. Raises ExpressionError."""
        return parse(expression).evaluate(self._names(calls_of(task.workflow)))

    def due_of(self, path: str) -> DueValue | None:
        """Return the deadline of the user task or timer at a path. Raises ExpressionError."""
        item = self.process.element(path)
        if not isinstance(item, UserTask | TimerEvent) or not item.due:
            return None
        return parse_due(item.due).evaluate(self._names(tuple(path.split("/")[:-1])))

    def enter(self, task: Any) -> None:
        """Note that a token reached an activity, and take away what an earlier round decided there."""
        calls = calls_of(task.workflow)
        item = self._part(calls).model.elements[task.task_spec.bpmn_id]
        self.expect(task)
        self.note(path_of(task), VisitKind.ENTERED)
        self._clear(item, calls)
        if isinstance(item, CallActivity):
            names = self._names(calls)
            inner = self.scope(calls).setdefault(item.id, {})
            inner[PARAMS] = {name: parse(text).evaluate(names) for name, text in item.inputs.items()}

    def operate(self, task: Any) -> None:
        """Run the operation of a service task and keep its result. Its exceptions pass through."""
        calls = calls_of(task.workflow)
        item = self._part(calls).model.elements[task.task_spec.bpmn_id]
        self._clear(item, calls)
        names = self._names(calls)
        scope = self.scope(calls)
        if isinstance(item, ServiceTask):
            params = {name: parse(text).evaluate(names) for name, text in item.params.items()}
            result = self._operations(item.operation, path_of(task), params, MappingProxyType(scope))
            if result is not None:
                scope[item.id] = orjson.loads(orjson.dumps(dict(result)))

    def leave_scope(self, task: Any) -> None:
        """Take the results out of a called process that has ended."""
        calls = calls_of(task.workflow)
        item = self._part(calls).model.elements[task.task_spec.bpmn_id]
        if isinstance(item, CallActivity):
            names = self._names((*calls, item.id))
            results = {name: parse(text).evaluate(names) for name, text in item.outputs.items()}
            self.scope(calls)[item.id].update(results)

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

    def answer(self, path: str, submission: Mapping[str, Any], verdict: str | None) -> None:
        """Keep what a person submitted and decided at a user task."""
        *calls, name = path.split("/")
        item = self.process.element(path)
        edited = item.edits if isinstance(item, UserTask) and item.edits else name
        scope = self.scope(tuple(calls))
        kept = {VERDICT: old} if (old := scope.get(edited, {}).get(VERDICT)) is not None else {}
        scope[edited] = orjson.loads(orjson.dumps({**submission, **kept}))
        if verdict is not None:
            scope.setdefault(name, {})[VERDICT] = verdict

    def scope(self, calls: tuple[str, ...]) -> Values:
        """Return the values of the process that a chain of call activities leads to."""
        scope = self.values
        for call in calls:
            scope = scope.setdefault(call, {})
        return scope

    def _part(self, calls: tuple[str, ...]) -> Part:
        return self.process.part_at(calls)

    def _names(self, calls: tuple[str, ...]) -> dict[str, Any]:
        scope = self.scope(calls)
        params = scope.get(PARAMS, {}) if calls else self._context.get(PARAMS, {})
        return {**scope, PARAMS: params, "rules": self._context.get("rules", {})}

    def _clear(self, item: Element, calls: tuple[str, ...]) -> None:
        for found, where in _inside(self.process, item, calls):
            if _forget(self.scope(where), found):
                self.cleared.append("/".join((*where, found.id)))


def calls_of(workflow: Any) -> tuple[str, ...]:
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


def _inside(
    process: CompiledProcess, item: Element, calls: tuple[str, ...]
) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """Yield an element and all that stands in it, each with its chain of calls."""
    yield item, calls
    model = process.part_at(calls).model
    if isinstance(item, SubProcess):
        children = [child for child in model.elements.values() if child.parent == item.id]
        where = calls
    elif isinstance(item, CallActivity):
        where = (*calls, item.id)
        children = [child for child in process.part_at(where).model.elements.values() if child.parent is None]
    else:
        return
    for child in children:
        yield from _inside(process, child, where)


def _forget(scope: Values, item: Element) -> bool:
    """Take away an element's verdict or result; what a person typed stays."""
    if isinstance(item, UserTask):
        return scope.get(item.id, {}).pop(VERDICT, None) is not None
    if isinstance(item, ServiceTask):
        return scope.pop(item.id, None) is not None
    if isinstance(item, CallActivity):
        inner = scope.get(item.id, {})
        taken = [inner.pop(name) for name in item.outputs if name in inner]
        return bool(taken)
    return False
