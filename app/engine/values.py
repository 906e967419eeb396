"""A case's values in one step, and how each act asks or changes them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from app.engine.acts import Act, Calls, Verb
from app.engine.compiler import CompiledProcess
from app.engine.due_values import DueValue
from app.engine.dues import parse_due
from app.engine.expressions import parse
from app.engine.messages import key_text
from app.engine.model import (
    CallActivity,
    DecisionTask,
    Element,
    MessageEvent,
    ServiceTask,
    SubProcess,
    TimerEvent,
    UserTask,
)
from app.engine.paths import calls_in, name_in

Values = dict[str, Any]
VERDICT = "verdict"
PARAMS = "params"


class Inputs(NamedTuple):
    """What a step is given beside the state: values, names beside them, and what a person answered."""

    values: Mapping[str, Any]
    context: Mapping[str, Any]
    submission: Mapping[str, Any] | None = None
    verdict: str | None = None


class CaseValues:
    """The values of a case in one step; the caller's own stay as they were."""

    def __init__(self, process: CompiledProcess, inputs: Inputs) -> None:
        self.process = process
        self.kept: Values = as_json(inputs.values)
        # Elements entered again whose earlier verdict or result was taken away.
        self.cleared: list[str] = []
        self._inputs = inputs

    def perform(self, act: Act) -> bool | None:
        """Do what an act says, and return the answer of one that asks. Raises ExpressionError."""
        if act.verb is Verb.ASK:
            return bool(parse(act.subject).evaluate(self.names(act.calls)))
        item = self.process.part_at(act.calls).model.elements[act.subject]
        if act.verb is Verb.CLEAR:
            self._clear(_inside(self.process, item, act.calls))
        elif act.verb is Verb.CLEAR_AROUND:
            self._clear([(item, act.calls)])
        elif act.verb is Verb.ANSWER:
            self._answer(item, act.calls)
        elif act.verb is Verb.HAND_IN and isinstance(item, CallActivity):
            inner = self.scope(act.calls).setdefault(item.id, {})
            inner[PARAMS] = self.evaluated(item.inputs, act.calls)
        elif act.verb is Verb.TAKE_OUT and isinstance(item, CallActivity):
            self.scope(act.calls)[item.id].update(self.evaluated(item.outputs, (*act.calls, item.id)))
        return None

    def due_of(self, path: str) -> DueValue | None:
        """Return the deadline of the user task or timer at a path. Raises ExpressionError."""
        item = self.process.element(path)
        if not isinstance(item, UserTask | TimerEvent) or not item.due:
            return None
        return parse_due(item.due).evaluate(self.names(tuple(path.split("/")[:-1])))

    def key_of(self, text: str, item: Element, calls: Calls) -> str:
        """Return the key by which a message finds who waits for it. Raises ExpressionError, RunError."""
        return key_text(parse(text).evaluate(self.names(calls)), item.name or item.id)

    def evaluated(self, texts: Mapping[str, str], calls: Calls) -> Values:
        """Return the values of named expressions. Raises ExpressionError."""
        names = self.names(calls)
        return {name: parse(text).evaluate(names) for name, text in texts.items()}

    def scope(self, calls: Calls) -> Values:
        """Return the values of the process that a chain of call activities leads to."""
        scope = self.kept
        for call in calls:
            scope = scope.setdefault(call, {})
        return scope

    def names(self, calls: Calls) -> Values:
        """Return what an expression may name in the process that a chain of call activities leads to."""
        scope, context = self.scope(calls), self._inputs.context
        params = scope.get(PARAMS, {}) if calls else context.get(PARAMS, {})
        return {**scope, PARAMS: params, "rules": context.get("rules", {}), "case": context.get("case", {})}

    def forget(self, path: str) -> None:
        """Take away what was received at an event that waits anew."""
        self.scope(calls_in(path)).pop(name_in(path), None)

    def _answer(self, item: Element, calls: Calls) -> None:
        if isinstance(item, MessageEvent):
            carried = self._inputs.submission or {}
            self.scope(calls)[item.id] = as_json({name: carried.get(name) for name in item.fields})
            return
        edited = item.edits if isinstance(item, UserTask) and item.edits else item.id
        scope = self.scope(calls)
        kept = {VERDICT: old} if (old := scope.get(edited, {}).get(VERDICT)) is not None else {}
        scope[edited] = as_json({**(self._inputs.submission or {}), **kept})
        if self._inputs.verdict is not None:
            scope.setdefault(item.id, {})[VERDICT] = self._inputs.verdict

    def _clear(self, items: Iterable[tuple[Element, Calls]]) -> None:
        for found, where in items:
            if _forget(self.scope(where), found):
                self.cleared.append("/".join((*where, found.id)))


def as_json(values: Mapping[str, Any]) -> Values:
    """Return a copy of values that is JSON."""
    copied: Values = orjson.loads(orjson.dumps(dict(values)))
    return copied


def _inside(process: CompiledProcess, item: Element, calls: Calls) -> Iterator[tuple[Element, Calls]]:
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
    if isinstance(item, UserTask) and item.collective is not None:
        # What an earlier round counted is nobody's draft.
        return scope.pop(item.id, None) is not None
    if isinstance(item, UserTask):
        return scope.get(item.id, {}).pop(VERDICT, None) is not None
    if isinstance(item, ServiceTask | DecisionTask | MessageEvent):
        return scope.pop(item.id, None) is not None
    if isinstance(item, CallActivity):
        inner = scope.get(item.id, {})
        taken = [inner.pop(name) for name in item.outputs if name in inner]
        return bool(taken)
    return False
