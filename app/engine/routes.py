"""The flows of a compiled process as one graph: what is called or grouped stands where its token goes through it."""

from collections.abc import Iterable, Mapping

from app.engine.compiler import CompiledProcess
from app.engine.graph import Edges, successors
from app.engine.model import (
    CallActivity,
    DecisionTask,
    Element,
    EndEvent,
    ProcessModel,
    ServiceTask,
    StartEvent,
    SubProcess,
    UserTask,
    WaitEvent,
)

Calls = tuple[str, ...]


def routes_of(process: CompiledProcess) -> Edges:
    """Return the followers of each element by path: a group's are its start, and its ends' are what follows it."""
    edges: Edges = {}
    _add(process, (), edges)
    return edges


def reached(edges: Mapping[str, list[str]], starts: Iterable[str], walls: frozenset[str]) -> set[str]:
    """Return what can be reached from some elements, themselves included, without passing a wall."""
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in seen and name not in walls:
            seen.add(name)
            waiting.extend(edges[name])
    return seen


def stale_between(process: CompiledProcess, target: str, origin: str) -> Element | None:
    """Return what the platform does behind a wait on the way from a task to a later one, if there is such a thing.

    Going straight on to the later one leaves that out, and its result would tell of what was before.
    """
    edges, walls = routes_of(process), frozenset({target, origin})
    ways = _between(edges, target, origin, walls)
    waits = [path for path in ways if _waits(process.element(path))]
    behind = reached(edges, [after for path in waits for after in edges[path]], walls) & ways
    automatic = [path for path in edges if path in behind and _is_automatic(process.element(path))]
    around = [path for path in _calls_left(process, target, origin) if any(one.startswith(f"{path}/") for one in waits)]
    return next((process.element(path) for path in (*around, *automatic)), None)


def _add(process: CompiledProcess, calls: Calls, edges: Edges) -> None:
    model = process.part_at(calls).model
    plain = successors(model.elements, model.flows)
    for name, followers in plain.items():
        edges[_path(calls, name)] = [_path(calls, one) for one in followers]
    for item in model.elements.values():
        if isinstance(item, CallActivity):
            inner = (*calls, item.id)
            _add(process, inner, edges)
            _lead_through(edges, calls, model, item, (inner, process.part_at(inner).model, None))
        elif isinstance(item, SubProcess):
            _lead_through(edges, calls, model, item, (calls, model, item.id))


def _lead_through(
    edges: Edges,
    calls: Calls,
    model: ProcessModel,
    item: Element,
    within: tuple[Calls, ProcessModel, str | None],
) -> None:
    """Let what stands in an activity follow it, and what follows the activity follow the ends within."""
    path = _path(calls, item.id)
    borders = [_path(calls, one.id) for one in model.of_kind(WaitEvent) if one.attached_to == item.id]
    after = [one for one in edges[path] if one not in borders]
    inner, inner_model, parent = within
    children = [one for one in inner_model.elements.values() if one.parent == parent]
    edges[path] = [*(_path(inner, one.id) for one in children if isinstance(one, StartEvent)), *borders]
    for one in children:
        if isinstance(one, EndEvent):
            edges[_path(inner, one.id)] = after


def _between(edges: Edges, target: str, origin: str, walls: frozenset[str]) -> set[str]:
    """Return what stands on a way from one element to another, both left out."""
    back: Edges = {name: [] for name in edges}
    for name, followers in edges.items():
        for one in followers:
            back[one].append(name)
    return reached(edges, edges[target], walls) & reached(back, back[origin], walls)


def _calls_left(process: CompiledProcess, target: str, origin: str) -> list[str]:
    """Return the called processes around a task that hand a result to what is outside, where the other task is."""
    names = target.split("/")[:-1]
    around = ["/".join(names[: depth + 1]) for depth in range(len(names))]
    left = [path for path in around if not origin.startswith(f"{path}/")]
    return [path for path in left if isinstance(call := process.element(path), CallActivity) and call.outputs]


def _path(calls: Calls, name: str) -> str:
    return "/".join((*calls, name))


def _waits(item: Element) -> bool:
    return isinstance(item, UserTask) or (isinstance(item, WaitEvent) and item.attached_to is None)


def _is_automatic(item: Element) -> bool:
    return isinstance(item, ServiceTask | DecisionTask)
