"""Every element can be reached, and no circle turns without end."""

from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.due_values import EndOfDay, Moment, Period, WorkingDays, WorkingDaysBefore
from app.engine.dues import constant_due
from app.engine.expressions import ExpressionError
from app.engine.graph import Edges, reachable, successors
from app.engine.model import (
    CallActivity,
    Element,
    Gateway,
    MessageEvent,
    StartEvent,
    SubProcess,
    ThrowEvent,
    TimerEvent,
    UserTask,
    WaitEvent,
)
from app.engine.problems import Problem


def check_paths(facts: Facts) -> Iterator[Problem]:
    """Find what cannot be reached, and circles that never wait or never choose."""
    edges = successors(facts.model.elements, facts.model.flows)
    for element in facts.model.elements.values():
        if isinstance(element, SubProcess):
            edges[element.id] += _starts_in(facts, element.id)
    yield from _unreachable(facts, edges)
    yield from _idle_borders(facts)
    yield from _circles(facts, edges)


def _starts_in(facts: Facts, parent: str) -> list[str]:
    return [start.id for start in facts.model.of_kind(StartEvent) if start.parent == parent]


def _unreachable(facts: Facts, edges: Edges) -> Iterator[Problem]:
    found = reachable(edges, facts.model.start.id)
    for name in facts.model.elements:
        if name not in found:
            yield facts.problem(name, "unreachable", N_("从开始走不到这个环节，请把它连上或者删去。"))


def _idle_borders(facts: Facts) -> Iterator[Problem]:
    """Find border events of what the platform does at once: nothing could ever happen meanwhile."""
    for item in facts.model.of_kind(WaitEvent):
        if item.attached_to is not None and not _waits(facts.model.elements[item.attached_to]):
            message = N_("系统自动办的环节马上办完，边界事件来不及发生，请放到用户任务、调用活动或子流程上。")
            yield facts.problem(item.id, "boundary-host", message)


def _circles(facts: Facts, edges: Edges) -> Iterator[Problem]:
    elements = facts.model.elements
    idle = _on_circles(edges, {one.id for one in elements.values() if not _takes_time(one, is_answered=False)})
    for name in idle:
        yield facts.problem(
            name, "endless", N_("这个环路里没有等人办理的环节，会转个不停，请加上用户任务或者去掉环路。")
        )
    for name in _on_circles(edges, {one.id for one in elements.values() if not _takes_time(one, is_answered=True)}):
        if isinstance(elements[name], ThrowEvent) and name not in idle:
            message = N_("这个环路只等消息又发消息，两件事会互相答个不停，请在环路里加上用户任务或者有时长的定时。")
            yield facts.problem(name, "endless", message)
    for name in _on_circles(edges, {one.id for one in facts.model.elements.values() if not _chooses(one)}):
        yield facts.problem(name, "endless", N_("这个环路里没有排他网关，走不出来，请加上排他网关。"))


def _waits(element: Element) -> bool:
    return isinstance(element, UserTask | WaitEvent | CallActivity | SubProcess)


def _takes_time(element: Element, *, is_answered: bool) -> bool:
    """Tell whether a circle through an element waits; where it sends, other cases may answer at once."""
    if isinstance(element, TimerEvent):
        return not _is_over_at_once(element.due)
    return _waits(element) and not (is_answered and isinstance(element, MessageEvent))


def _is_over_at_once(due: str) -> bool:
    """Tell whether a deadline is constant and has no length: the second time round a fixed day is past."""
    try:
        found = constant_due(due)
    except ExpressionError:
        return False
    if isinstance(found, Period):
        return found.minutes + found.months == 0
    if isinstance(found, WorkingDays):
        return found.days == 0
    return isinstance(found, EndOfDay | Moment | WorkingDaysBefore)


def _chooses(element: Element) -> bool:
    return isinstance(element, Gateway) and element.kind == "exclusive"


def _on_circles(edges: Edges, allowed: set[str]) -> list[str]:
    """Return the elements that lie on a circle made of allowed elements only."""
    inside = {name: [target for target in edges[name] if target in allowed] for name in edges if name in allowed}
    return [name for name in inside if any(name in reachable(inside, target) for target in inside[name])]
