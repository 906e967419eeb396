"""The expressions of a diagram: where each is written, when it is evaluated, and what it must give."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from app.engine.checks.decision_types import input_types
from app.engine.checks.facts import Facts
from app.engine.model import (
    CallActivity,
    Collective,
    DecisionTask,
    Element,
    EndEvent,
    MessageEvent,
    ServiceTask,
    ThrowEvent,
    TimerEvent,
    UserTask,
)
from app.engine.operations import OPERATIONS
from app.engine.types import ANY, Type


class Use(Enum):
    """What an expression is for."""

    CONDITION = auto()
    DUE = auto()
    SHARE = auto()
    VALUE = auto()


@dataclass(frozen=True)
class Written:
    """An expression at an element, evaluated when the point is reached."""

    element: str
    point: str
    text: str
    use: Use = Use.VALUE
    # The parameter that it gives, and the type that the parameter must have.
    name: str = ""
    wanted: Type = ANY


def written_in(facts: Facts) -> Iterator[Written]:
    """Yield what is evaluated with the values of this process."""
    for flow in facts.model.flows:
        if flow.condition:
            yield Written(flow.id, flow.source, flow.condition, Use.CONDITION)
    for item in facts.model.elements.values():
        yield from _given(facts, item) if isinstance(item, DecisionTask) else _at(item)


def results_of(facts: Facts) -> Iterator[tuple[Facts, Written]]:
    """Yield what call activities take out, each with the called process whose values it is evaluated with."""
    for call in facts.model.of_kind(CallActivity):
        called = facts.called.get(call.called)
        if called is not None:
            yield from ((called, Written(call.id, call.id, text)) for text in call.outputs.values())


def _given(facts: Facts, task: DecisionTask) -> Iterator[Written]:
    file = facts.decisions.get(task.decision)
    types = input_types(file, task.decision) if file else {}
    for name, text in task.params.items():
        yield Written(task.id, task.id, text, name=name, wanted=types.get(name, ANY))


def _whom(task: UserTask) -> Iterator[Written]:
    if task.person:
        yield Written(task.id, task.id, task.person)
    if task.collective is not None:
        yield from _asking(task.id, task.collective)


def _asking(element: str, asked: Collective) -> Iterator[Written]:
    shares = {"quorum": asked.quorum, "majority": asked.majority}
    yield from (Written(element, element, text, Use.SHARE, name) for name, text in shares.items() if text)
    yield from (Written(element, element, text) for text in asked.expressions if text not in shares.values())
    if asked.extend:
        yield Written(element, element, asked.extend, Use.DUE)


def _at(item: Element) -> Iterator[Written]:
    if isinstance(item, MessageEvent):
        yield Written(item.id, item.attached_to or item.id, item.key)
    if isinstance(item, ThrowEvent | EndEvent) and item.sending is not None:
        yield from (Written(item.id, item.id, text) for text in (item.sending.key, *item.sending.params.values()))
    if isinstance(item, UserTask | TimerEvent) and item.due:
        # A timer at a border starts when its host is reached.
        yield Written(item.id, getattr(item, "attached_to", None) or item.id, item.due, Use.DUE)
    if isinstance(item, UserTask):
        yield from _whom(item)
    if isinstance(item, ServiceTask):
        signature = OPERATIONS.get(item.operation)
        types = signature.params if signature else {}
        for name, text in item.params.items():
            yield Written(item.id, item.id, text, name=name, wanted=types.get(name, ANY))
    if isinstance(item, CallActivity):
        yield from (Written(item.id, item.id, text) for text in item.inputs.values())
