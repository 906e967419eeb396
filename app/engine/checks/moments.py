"""Which elements can have been completed before a point of the flow is reached."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from app.engine.checks.facts import Facts
from app.engine.graph import Edges, reachable
from app.engine.model import Element, EndEvent, Gateway, StartEvent, SubProcess, WaitEvent

# Each element is two places: where it is reached and where it is left.
_IN, _OUT = "<", ">"


class Moments:
    """Questions about before and after; parallel branches may be ahead of each other."""

    def __init__(self, facts: Facts) -> None:
        self._model = facts.model
        self._edges = _places(facts)
        self._reached: dict[str, set[str]] = {}

    def can_precede(self, element: str, point: str) -> bool:
        """Tell whether an element can have been completed, on some path, when a point is reached."""
        if point + _IN in self._from(element + _OUT):
            return True
        return any(
            element + _OUT in self._from(one) and point + _IN in self._from(other)
            for branches in self._branches
            for one in branches
            for other in branches
            if one != other
        )

    def _from(self, place: str) -> set[str]:
        if place not in self._reached:
            self._reached[place] = reachable(self._edges, place)
        return self._reached[place]

    @cached_property
    def _branches(self) -> list[list[str]]:
        """Return where tokens part: behind a parallel gateway, and at a reminder."""
        elements = self._model.elements.values()
        forks = [item for item in elements if isinstance(item, Gateway) and item.kind == "parallel"]
        reminders = [item for item in elements if isinstance(item, WaitEvent) and not item.is_interrupting]
        parted = [[flow.target + _IN for flow in self._model.flows if flow.source == fork.id] for fork in forks]
        # What a reminder starts runs beside what its host holds and what follows the host.
        beside = [
            [place, item.id + _OUT]
            for item in reminders
            for place in self._edges[f"{item.attached_to}{_IN}"]
            if place != item.id + _IN
        ]
        return [*parted, *beside]


def _places(facts: Facts) -> Edges:
    elements = facts.model.elements
    edges: Edges = {name + side: [] for name in elements for side in (_IN, _OUT)}
    for flow in facts.model.flows:
        edges[flow.source + _OUT].append(flow.target + _IN)
    for item in elements.values():
        for source, target in (*_through(item), *_across_borders(item, elements)):
            edges[source].append(target)
    return edges


def _through(item: Element) -> Iterator[tuple[str, str]]:
    """Yield the steps from reaching an element to leaving it."""
    if not isinstance(item, SubProcess):
        yield item.id + _IN, item.id + _OUT
    if isinstance(item, StartEvent) and item.parent is not None:
        yield item.parent + _IN, item.id + _IN
    if isinstance(item, EndEvent) and item.parent is not None:
        yield item.id + _OUT, item.parent + _OUT


def _across_borders(item: Element, elements: Mapping[str, Element]) -> Iterator[tuple[str, str]]:
    """Yield the steps out of an activity through the events at its border, from all that it holds."""
    if isinstance(item, WaitEvent) and item.attached_to is not None:
        yield item.attached_to + _IN, item.id + _IN
        for name in elements:
            if item.attached_to in _around(name, elements):
                yield name + _OUT, item.id + _IN


def _around(name: str, elements: Mapping[str, Element]) -> Iterator[str]:
    parent = elements[name].parent
    while parent is not None:
        yield parent
        parent = elements[parent].parent
