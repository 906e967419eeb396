"""Questions about a diagram's flows: what is reachable, what dominates, which is the main line."""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

from app.engine.model import Element, EndEvent, Flow, Gateway, StartEvent, TimerEvent, UserTask, WaitEvent

Edges = dict[str, list[str]]


def successors(elements: Mapping[str, Element], flows: Iterable[Flow]) -> Edges:
    """Return the followers of each element; a boundary event follows the element that it stands at."""
    edges: Edges = {name: [] for name in elements}
    for flow in flows:
        edges[flow.source].append(flow.target)
    for item in elements.values():
        if isinstance(item, WaitEvent) and item.attached_to in edges:
            edges[item.attached_to].append(item.id)
    return edges


def reachable(edges: Edges, start: str, without: str | None = None) -> set[str]:
    """Return everything that can be reached from an element, itself included, when one element is taken out."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in seen and name != without:
            seen.add(name)
            waiting.extend(edges[name])
    return seen


def main_line(elements: Mapping[str, Element], flows: Iterable[Flow]) -> tuple[str, ...]:
    """Return the longest way from start to end on the top level, parallel branches included, without gateways."""
    top = {name: item for name, item in elements.items() if item.parent is None}
    edges = successors(top, [flow for flow in flows if flow.source in top])
    start = next(name for name, item in top.items() if isinstance(item, StartEvent))
    ends = {name for name, item in top.items() if isinstance(item, EndEvent)}
    in_time = _without_exceptions(top, edges)
    ahead = _without_returns(in_time if ends & reachable(in_time, start) else edges, start)
    way = _longest_way(ahead, start, ends)
    wanted = set(way) | _side_branches(ahead, way, top)
    return tuple(name for name in _in_order(ahead, start) if name in wanted and not isinstance(top[name], Gateway))


def _without_exceptions(elements: Mapping[str, Element], edges: Edges) -> Edges:
    """Drop what leads to events at the border of a task, and to the time-out beside a message that is waited for."""

    def is_kept(source: str, target: str) -> bool:
        item, other = elements[target], elements[source]
        is_time_out = isinstance(item, TimerEvent) and isinstance(other, Gateway) and other.kind == "event"
        return not (isinstance(item, WaitEvent) and item.attached_to is not None) and not is_time_out

    return {name: [target for target in targets if is_kept(name, target)] for name, targets in edges.items()}


def _without_returns(edges: Edges, start: str) -> Edges:
    """Drop the flows that lead back to an element on the way there."""
    ahead: Edges = {name: [] for name in edges}
    on_way: list[str] = [start]
    left = {start: iter(edges[start])}
    while on_way:
        name = on_way[-1]
        target = next(left[name], None)
        if target is None:
            on_way.pop()
        elif target not in on_way:
            ahead[name].append(target)
            if target not in left:
                left[target] = iter(edges[target])
                on_way.append(target)
    return ahead


def _longest_way(ahead: Edges, start: str, ends: set[str]) -> list[str]:
    @cache
    def longest(name: str) -> tuple[str, ...] | None:
        if name in ends:
            return (name,)
        ways = [way for target in ahead[name] if (way := longest(target)) is not None]
        return (name, *max(ways, key=len)) if ways else None

    return list(longest(start) or (start,))


def _side_branches(ahead: Edges, way: list[str], elements: Mapping[str, Element]) -> set[str]:
    """Return what stands between a parallel fork and a parallel join of the main line."""
    found: set[str] = set()
    gateways = [name for name in way if isinstance(item := elements[name], Gateway) and item.kind == "parallel"]
    for fork, join in pairwise(gateways):
        inside = reachable(ahead, fork, without=join)
        found |= {name for name in inside if join in reachable(ahead, name)}
    return found


def _in_order(ahead: Edges, start: str) -> list[str]:
    """Return the elements so that each stands behind all that lead to it."""
    found: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name not in seen:
            seen.add(name)
            for target in reversed(ahead[name]):
                visit(target)
            found.append(name)

    visit(start)
    return found[::-1]


def side_ends(elements: Mapping[str, Element], flows: Iterable[Flow]) -> frozenset[str]:
    """Return the top level's end events that only an event which interrupts nothing leads to."""
    aside = on_the_side(elements, flows, None)
    return frozenset(name for name in aside if isinstance(elements[name], EndEvent))


def on_the_side(elements: Mapping[str, Element], flows: Iterable[Flow], parent: str | None) -> set[str]:
    """Return the elements of one level that only an event which interrupts nothing leads to."""
    level = {name: item for name, item in elements.items() if item.parent == parent}
    edges = successors(level, [flow for flow in flows if flow.source in level])
    beside = [
        name
        for name, item in level.items()
        if isinstance(item, WaitEvent) and not item.is_interrupting and item.attached_to is not None
    ]
    for name in beside:
        edges[name] = []
    start = next(name for name, item in level.items() if isinstance(item, StartEvent))
    return level.keys() - reachable(edges, start)


def endless(elements: Mapping[str, Element], flows: Iterable[Flow]) -> set[str]:
    """Return the elements of loops that nothing leaves: each way on is taken, for ever."""
    edges = successors(elements, flows)
    ways_out = {name for name, item in elements.items() if isinstance(item, WaitEvent) or _is_choice(item)}
    for name in edges:
        edges[name] = [] if name in ways_out else [target for target in edges[name] if target not in ways_out]
    return {name for name in edges if any(name in reachable(edges, target) for target in edges[name])}


def _is_choice(item: Element) -> bool:
    return isinstance(item, Gateway) and item.kind != "parallel"


def is_inside_parallel(elements: Mapping[str, Element], flows: Iterable[Flow], name: str) -> bool:
    """Tell whether an element stands between a parallel fork and its join, where a lone token would wait for ever."""
    scope = {key: item for key, item in elements.items() if item.parent == elements[name].parent}
    inner = [flow for flow in flows if flow.source in scope]
    edges = successors(scope, inner)
    start = next(key for key, item in scope.items() if isinstance(item, StartEvent))
    parallel = [key for key, item in scope.items() if isinstance(item, Gateway) and item.kind == "parallel"]
    joins = [key for key in parallel if sum(flow.target == key for flow in inner) > 1]
    ahead = reachable(edges, name)

    def is_before(first: str, second: str) -> bool:
        return first != second and second not in reachable(edges, start, without=first)

    def is_joined_by(fork: str, join: str) -> bool:
        # A join that only one branch comes to belongs to a fork within that branch.
        branches = sum(join in reachable(edges, target, without=fork) for target in edges[fork])
        return branches > 1 and is_before(fork, join)

    for fork in parallel:
        if is_before(fork, name):
            own = [join for join in joins if is_joined_by(fork, join)]
            if any(join in ahead for join in own) and not any(is_before(join, name) for join in own):
                return True
    return False


def skipped_by_entering(elements: Mapping[str, Element], flows: Iterable[Flow], name: str) -> list[str]:
    """Return the user tasks that every way to an element passes, and some way on from it does not pass again.

    They are those of its own level and of those around it.
    """
    scope = {key: item for key, item in elements.items() if item.parent == elements[name].parent}
    edges = successors(scope, [flow for flow in flows if flow.source in scope])
    start = next(key for key, item in scope.items() if isinstance(item, StartEvent))
    ends = {key for key, item in scope.items() if isinstance(item, EndEvent)}
    around = elements[name].parent
    outer = skipped_by_entering(elements, flows, around) if around is not None else []
    return outer + [
        key
        for key, item in scope.items()
        if isinstance(item, UserTask)
        and key != name
        and name not in reachable(edges, start, without=key)
        and ends & reachable(edges, name, without=key)
    ]
