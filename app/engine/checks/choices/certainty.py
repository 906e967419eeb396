"""Which elements have been completed on every path when a point of the flow is reached."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from app.engine.checks.facts import Facts
from app.engine.model import Element, EndEvent, Gateway, StartEvent, SubProcess

Done = frozenset[str]
Befores = dict[str, Done]


def surely_done(facts: Facts) -> Mapping[str, Done]:
    """Return for each element what has surely been completed when it is reached.

    A fixpoint: a merge keeps what all ways to it have in common, a join brings together what each way has.
    """
    elements = facts.model.elements
    sources: dict[str, list[str]] = {name: [] for name in elements}
    for flow in facts.model.flows:
        sources[flow.target].append(flow.source)
    befores: Befores = dict.fromkeys(elements, frozenset(elements))
    waiting = deque(elements)
    while waiting:
        name = waiting.popleft()
        found = _before(facts, elements[name], sources[name], befores)
        if found != befores[name]:
            befores[name] = found
            waiting.extend(_next(facts, elements[name]))
    return befores


def _next(facts: Facts, item: Element) -> Iterator[str]:
    """Yield the elements whose past depends on that of one."""
    yield from (flow.target for flow in facts.outgoing(item.id))
    if isinstance(item, EndEvent) and item.parent is not None:
        yield from (flow.target for flow in facts.outgoing(item.parent))
    for other in facts.model.elements.values():
        is_within = isinstance(other, StartEvent) and other.parent == item.id
        if is_within or getattr(other, "attached_to", None) == item.id:
            yield other.id


def _before(facts: Facts, item: Element, sources: Sequence[str], befores: Befores) -> Done:
    if isinstance(item, StartEvent):
        return befores[item.parent] if item.parent is not None else frozenset()
    host = getattr(item, "attached_to", None)
    if host is not None:
        return befores[host]
    ways = [_after(facts, facts.model.elements[source], befores) for source in sources]
    is_join = isinstance(item, Gateway) and item.kind == "parallel"
    return frozenset().union(*ways) if is_join or not ways else frozenset.intersection(*ways)


def _after(facts: Facts, item: Element, befores: Befores) -> Done:
    is_scope = isinstance(item, SubProcess)
    ends = [end.id for end in facts.model.of_kind(EndEvent) if end.parent == item.id] if is_scope else []
    ways = [befores[end] | {end} for end in ends] or [befores[item.id]]
    return frozenset.intersection(*ways) | {item.id}
