"""What a condition will come to, before all that it asks for is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.engine.compiler import CompiledProcess
from app.engine.dues import parse_due
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.model import TimerEvent, UserTask
from app.engine.return_targets import NO_APPROVAL
from app.engine.values import PARAMS, VERDICT, CaseValues

Calls = tuple[str, ...]
# What is pinned to the case from its first moment.
_PINNED = frozenset({"case", "rules"})


class Guess(StrEnum):
    """Whether a condition will hold."""

    YES = "yes"
    NO = "no"
    # It does, or does not, where everybody who is still to be asked approves.
    EXPECTED = "expected"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Knowledge:
    """The values of a case as they are, and which of them say nothing yet."""

    process: CompiledProcess
    values: CaseValues
    # Paths of elements that nobody has come to and somebody still may.
    open_elements: frozenset[str] = frozenset()
    # Fields that are still being typed, such as `ask.amount`.
    open_fields: frozenset[str] = frozenset()
    # Parameters of called processes that come from what is not known, by the path of the call.
    open_params: set[str] = field(default_factory=set)

    def guess(self, condition: str, calls: Calls, passed: frozenset[str]) -> Guess:
        """Return what a condition comes to behind elements that are passed until then."""
        expression = parse(condition)
        unknown = self.unknown_in(expression, calls, passed)
        assumed = {name: self._assumed(name, calls, passed) for name in unknown}
        if None in assumed.values():
            return Guess.UNKNOWN
        try:
            holds = bool(expression.evaluate(self._names(calls, assumed)))
        except ExpressionError:
            return Guess.UNKNOWN
        if unknown:
            return Guess.EXPECTED if holds else Guess.UNLIKELY
        return Guess.YES if holds else Guess.NO

    def unknown_in(self, expression: Expression, calls: Calls, passed: frozenset[str]) -> list[str]:
        """Return the names in an expression of which nothing is known yet."""
        return [name for name in expression.names if self._is_unknown(name, calls, passed)]

    def hand_in(self, path: str, inputs: Mapping[str, str], passed: frozenset[str]) -> None:
        """Give a called process its parameters, as far as they are known."""
        *calls, name = path.split("/")
        inner = self.values.scope(tuple(calls)).setdefault(name, {})
        for key, text in inputs.items():
            self.open_params.discard(f"{path}.{key}")
            if self.unknown_in(parse(text), tuple(calls), passed):
                self.open_params.add(f"{path}.{key}")
        try:
            inner[PARAMS] = self.values.evaluated(inputs, tuple(calls))
        except ExpressionError:
            self.open_params.update(f"{path}.{key}" for key in inputs)

    def is_due_unknown(self, path: str) -> bool:
        """Tell whether the deadline of a task or timer asks for what is not known yet."""
        *calls, _name = path.split("/")
        item = self.process.element(path)
        due = parse_due(item.due) if isinstance(item, UserTask | TimerEvent) and item.due else None
        return (
            due is not None
            and due.expression is not None
            and bool(self.unknown_in(due.expression, tuple(calls), frozenset()))
        )

    def _is_unknown(self, name: str, calls: Calls, passed: frozenset[str]) -> bool:
        element, *fields = name.split(".")
        if element in _PINNED:
            return False
        if element == PARAMS:
            return f"{'/'.join(calls)}.{'.'.join(fields)}" in self.open_params
        path = "/".join((*calls, element))
        return path in passed or path in self.open_elements or name in self.open_fields

    def _assumed(self, name: str, calls: Calls, passed: frozenset[str]) -> str | None:
        """Return the verdict of whoever approves, where a name is the verdict of a task on the way."""
        element, *fields = name.split(".")
        path = "/".join((*calls, element))
        item = self.process.part_at(calls).model.elements.get(element)
        if fields != [VERDICT] or path not in passed or not isinstance(item, UserTask):
            return None
        return next((one for one in item.verdicts if one not in NO_APPROVAL), None)

    def _names(self, calls: Calls, assumed: Mapping[str, str | None]) -> dict[str, Any]:
        names = self.values.names(calls)
        for name, verdict in assumed.items():
            element = name.split(".")[0]
            names[element] = {**names.get(element, {}), VERDICT: verdict}
        return names
