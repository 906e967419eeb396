"""How tokens move through a net."""

from collections.abc import Iterator

from app.engine.checks.soundness.nets import IMPROPER, JOIN_TWICE, TWICE, Clash, Move, Net
from app.engine.model import Element, EndEvent, Gateway, SubProcess


class Mover:
    """Yield the moves from a marking, within a process or within what a reminder starts."""

    def __init__(self, net: Net, root: str | None = None) -> None:
        self._net = net
        # The process or subprocess whose end is the end of all.
        self._root = root
        self._waiting = {bit: name for name, bit in net.wait_bits.items()}
        self._pending = net.pending
        self._targets = {net.flow_bits[flow.id]: net.model.elements[flow.target] for flow in net.flows}
        self._out = {name: sum(net.flow_bits[flow] for flow in flows) for name, flows in net.out.items()}
        self._joins = tuple(net.joins.items())
        self._resting = sum(net.joins.values())

    def is_settled(self, marking: int) -> bool:
        """Tell whether nothing moves without people and timers."""
        return not marking & self._pending and self._ready(marking) is None

    def _ready(self, marking: int) -> str | None:
        """Return a join for which all tokens are there."""
        if not marking & self._resting:
            return None
        return next((name for name, needed in self._joins if marking & needed == needed), None)

    def moves(self, marking: int) -> Iterator[Move]:
        """Yield the moves of the first token that needs nobody, else of each that waits."""
        moving = marking & self._pending
        if moving:
            bit = moving & -moving
            yield from self._arrive(marking ^ bit, self._targets[bit])
            return
        join = self._ready(marking)
        if join is not None:
            yield self._leave(join, marking ^ self._net.joins[join])
            return
        waiting = marking & ~self._resting
        while waiting:
            bit = waiting & -waiting
            waiting ^= bit
            yield from self._act(self._waiting[bit], marking ^ bit)

    def _arrive(self, marking: int, item: Element) -> Iterator[Move]:
        if isinstance(item, EndEvent):
            yield self._end(marking, item)
        elif item.id in self._net.wait_bits:
            yield self._wait(marking, item)
            # What holds nobody ends at once; its border events are not called dead for that.
            yield from self._interrupt(marking, item) if isinstance(item, SubProcess) else ()
        elif isinstance(item, Gateway) and item.kind == "exclusive":
            for flow in self._net.out[item.id]:
                yield self._put(item.id, marking, self._net.flow_bits[flow], flow)
        else:
            yield self._leave(item.id, marking)

    def _wait(self, marking: int, item: Element) -> Move:
        bit = self._net.wait_bits[item.id]
        if marking & bit:
            return Move(item.id, marking, Clash(TWICE, item.id))
        begun = self._net.begun[item.id] if isinstance(item, SubProcess) else 0
        return self._put(item.id, marking | bit, begun, is_arrival=True)

    def _act(self, name: str, marking: int) -> Iterator[Move]:
        """Yield what ends a wait: the element's own end, or an event that interrupts it."""
        item = self._net.model.elements[name]
        if isinstance(item, Gateway):
            for flow in self._net.out[name]:
                yield self._leave(self._targets[self._net.flow_bits[flow]].id, marking)
        elif not isinstance(item, SubProcess):
            yield self._leave(name, marking)
        if name in self._net.borders:
            yield from self._interrupt(marking, item)

    def _interrupt(self, marking: int, item: Element) -> Iterator[Move]:
        left = marking & ~self._net.inside.get(item.id, 0)
        yield from (self._leave(event, left) for event in self._net.borders.get(item.id, ()))

    def _end(self, marking: int, item: EndEvent) -> Move:
        """End a token; all within a scope must have ended, or is ended by a terminating end event."""
        within = self._net.inside.get(item.parent, 0)
        if marking & within and not item.is_terminating:
            return Move(item.id, marking, Clash(IMPROPER, item.id))
        left = marking & ~within
        if item.parent is None or item.parent == self._root:
            return Move(item.id, left)
        return self._leave(item.parent, left & ~self._net.wait_bits[item.parent])._replace(element=item.id)

    def _leave(self, name: str, marking: int) -> Move:
        return self._put(name, marking, self._out[name])

    def _put(self, name: str, marking: int, bits: int, chosen: str = "", *, is_arrival: bool = False) -> Move:
        taken = marking & bits
        if taken:
            target = self._targets[taken & -taken].id
            return Move(name, marking, Clash(JOIN_TWICE if target in self._net.joins else TWICE, target))
        return Move(name, marking | bits, None, is_arrival, chosen)
