"""Which elements have been completed on every path when a point of the flow is reached."""

from collections.abc import Mapping

from app.engine.checks.facts import Facts
from app.engine.model import Element, EndEvent, Gateway, StartEvent

Done = frozenset[str]
Befores = dict[str, Done]


def surely_done(facts: Facts) -> Mapping[str, Done]:
    """Return for each element what has surely been completed when it is reached.

    A fixpoint: a merge keeps what all ways to it have in common, a join brings together what each way has.
    """
    elements = facts.model.elements
    befores: Befores = dict.fromkeys(elements, frozenset(elements))
    is_changed = True
    while is_changed:
        found = {name: _before(facts, item, befores) for name, item in elements.items()}
        is_changed = found != befores
        befores = found
    return befores


def _before(facts: Facts, item: Element, befores: Befores) -> Done:
    if isinstance(item, StartEvent):
        return befores[item.parent] if item.parent is not None else frozenset()
    host = getattr(item, "attached_to", None)
    if host is not None:
        return befores[host]
    sources = [flow.source for flow in facts.model.flows if flow.target == item.id]
    ways = [_after(facts, facts.model.elements[source], befores) for source in sources]
    is_join = isinstance(item, Gateway) and item.kind == "parallel"
    return frozenset().union(*ways) if is_join or not ways else frozenset.intersection(*ways)


def _after(facts: Facts, item: Element, befores: Befores) -> Done:
    ends = [end.id for end in facts.model.of_kind(EndEvent) if end.parent == item.id]
    ways = [befores[end] | {end} for end in ends] or [befores[item.id]]
    return frozenset.intersection(*ways) | {item.id}
