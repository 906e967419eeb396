"""The values of a case in the token game: what answers, operations and calls leave, and what re-entry takes away."""

from collections.abc import Mapping
from typing import Any

from app.engine.compiler import CompiledProcess
from app.engine.expressions import parse
from app.engine.model import CallActivity, Element, MessageEvent, ServiceTask, SubProcess, UserTask

Calls = tuple[str, ...]


class GameValues:
    """A case's values, nested by called process."""

    def __init__(self, process: CompiledProcess, context: Mapping[str, Any]) -> None:
        self.kept: dict[str, Any] = {}
        # Paths of the elements entered again in this step whose verdict or result was taken away.
        self.cleared: set[str] = set()
        self._process = process
        self._context = context

    def holds(self, condition: str, calls: Calls) -> bool:
        return bool(parse(condition).evaluate(self._names(calls)))

    def answer(self, name: str, calls: Calls, submission: Mapping[str, Any], verdict: str | None) -> None:
        self._scope(calls)[name] = dict(submission) if verdict is None else {**submission, "verdict": verdict}

    def keep(self, name: str, calls: Calls, result: dict[str, Any]) -> None:
        self._scope(calls)[name] = result

    def forget(self, name: str, calls: Calls) -> None:
        self._scope(calls).pop(name, None)

    def hand_in(self, item: CallActivity, calls: Calls) -> None:
        params = self._evaluated(item.inputs, calls)
        self._scope((*calls, item.id))["params"] = params

    def take_out(self, item: CallActivity, calls: Calls) -> None:
        inside = (*calls, item.id)
        self._scope(inside).update(self._evaluated(item.outputs, inside))

    def clear(self, item: Element, calls: Calls, *, is_within: bool = True) -> None:
        scope = self._scope(calls)
        found = scope.get(item.id, {})
        taken: list[Any] = []
        if isinstance(item, UserTask):
            taken = [found.pop("verdict", None)]
        elif isinstance(item, ServiceTask | MessageEvent):
            taken = [scope.pop(item.id, None)]
        elif isinstance(item, CallActivity):
            taken = [found.pop(name) for name in item.outputs if name in found]
            taken = taken and [taken]
        if is_within and isinstance(item, CallActivity):
            self._clear_all(None, (*calls, item.id))
        elif is_within and isinstance(item, SubProcess):
            self._clear_all(item.id, calls)
        if any(one is not None for one in taken):
            self.cleared.add("/".join((*calls, item.id)))

    def _clear_all(self, parent: str | None, calls: Calls) -> None:
        for item in self._process.part_at(calls).model.elements.values():
            if item.parent == parent:
                self.clear(item, calls)

    def _evaluated(self, texts: Mapping[str, str], calls: Calls) -> dict[str, Any]:
        names = self._names(calls)
        return {key: parse(text).evaluate(names) for key, text in texts.items()}

    def _scope(self, calls: Calls) -> dict[str, Any]:
        scope = self.kept
        for name in calls:
            scope = scope.setdefault(name, {})
        return scope

    def _names(self, calls: Calls) -> dict[str, Any]:
        scope = self._scope(calls)
        params = scope.get("params", {}) if calls else self._context["params"]
        return {**scope, "params": params, "rules": self._context["rules"]}
