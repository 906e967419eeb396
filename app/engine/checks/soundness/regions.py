"""What runs on its own: the process itself, and what each reminder starts beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.checks.soundness.nets import Net
from app.engine.graph import Edges, reachable
from app.engine.model import EndEvent, StartEvent, WaitEvent


@dataclass(frozen=True)
class Region:
    """Where tokens begin, the element behind which they do, and the scope whose end is the end of the region."""

    start: str
    marking: int
    root: str | None = None


def regions_of(net: Net) -> Iterator[Region]:
    """Yield the process, then the region behind each reminder."""
    start = net.model.start.id
    yield Region(start, sum(net.flow_bits[flow] for flow in net.out[start]))
    for reminder in net.reminders:
        marking = sum(net.flow_bits[flow] for flow in net.out[reminder.id])
        yield Region(reminder.id, marking, reminder.parent)


def ways(net: Net, *, with_reminders: bool) -> Edges:
    """Return what follows each element, subprocesses entered, and their border events taken."""
    edges: Edges = {name: [] for name in net.model.elements}
    for flow in net.flows:
        edges[flow.source].append(flow.target)
    for item in net.model.elements.values():
        if isinstance(item, WaitEvent) and item.attached_to is not None and (item.is_interrupting or with_reminders):
            edges[item.attached_to].append(item.id)
        if isinstance(item, StartEvent) and item.parent is not None:
            edges[item.parent].append(item.id)
    return edges


def merged_into(net: Net, reminder: WaitEvent) -> str | None:
    """Return where a reminder's way comes back to the main line that goes on beside it, if it does.

    A terminating end may be shared: it ends both.
    """
    edges = ways(net, with_reminders=False)
    starts = (item.id for item in net.model.of_kind(StartEvent) if item.parent == reminder.parent)
    main = {name for start in starts for name in reachable(edges, start)}
    aside = reachable(ways(net, with_reminders=True), reminder.id)
    shared = [name for name in net.model.elements if name in main & aside and not _ends_all(net, name)]
    return next((name for name in shared if not _is_inner(net, name, reminder)), None)


def _ends_all(net: Net, name: str) -> bool:
    item = net.model.elements[name]
    return isinstance(item, EndEvent) and item.is_terminating


def _is_inner(net: Net, name: str, reminder: WaitEvent) -> bool:
    return net.model.elements[name].parent != reminder.parent
