"""A diagram as a net of tokens: one bit for each flow that a token may be on and each element that it may wait in.

Tokens move as in the engine: what needs nobody runs at once, one token at a time; only then somebody acts or a
timer fires. Reminders, which interrupt nothing, start regions of their own and are not part of the net.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.engine.model import (
    CallActivity,
    Element,
    Flow,
    Gateway,
    ProcessModel,
    StartEvent,
    SubProcess,
    UserTask,
    WaitEvent,
)

# A token rests in these until somebody or something acts; it passes everything else at once.
WAITING = (UserTask, CallActivity, SubProcess, WaitEvent)
TWICE, JOIN_TWICE, IMPROPER = "twice", "join-twice", "improper-completion"


class Clash(NamedTuple):
    """What must never happen: the rule, and the element at which it does."""

    rule: str
    element: str


class Move(NamedTuple):
    """One step of a token: the element that it passes, where the tokens are then, or what went wrong."""

    element: str
    marking: int
    clash: Clash | None = None
    # The element only lets the token in; it has yet to leave.
    is_arrival: bool = False
    # The flow that an exclusive gateway chose.
    flow: str = ""


@dataclass(frozen=True)
class Net:
    """The tokens' moves in one process; a marking is the set of bits at which tokens are."""

    model: ProcessModel

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Return the flows in the order of their bits."""
        return self.model.flows

    @cached_property
    def flow_bits(self) -> Mapping[str, int]:
        """Return the bit of each flow."""
        return {flow.id: 1 << place for place, flow in enumerate(self.flows)}

    @cached_property
    def wait_bits(self) -> Mapping[str, int]:
        """Return the bit of each element that a token may wait in."""
        waiting = [name for name, item in self.model.elements.items() if _waits(item)]
        return {name: 1 << place for place, name in enumerate(waiting, start=len(self.flows))}

    @cached_property
    def out(self) -> Mapping[str, tuple[str, ...]]:
        """Return the flows that leave each element."""
        return {name: tuple(flow.id for flow in self.flows if flow.source == name) for name in self.model.elements}

    @cached_property
    def joins(self) -> Mapping[str, int]:
        """Return the bits of all flows into each parallel gateway that waits for several."""
        found = {}
        for name, item in self.model.elements.items():
            into = [self.flow_bits[flow.id] for flow in self.flows if flow.target == name]
            if isinstance(item, Gateway) and item.kind == "parallel" and len(into) > 1:
                found[name] = sum(into)
        return found

    @cached_property
    def inside(self) -> Mapping[str | None, int]:
        """Return the bits of all that stands within each subprocess, however deep, and within the process itself."""
        found: dict[str | None, int] = {None: 0}
        elements = self.model.elements
        own = [(flow.source, self.flow_bits[flow.id]) for flow in self.flows]
        for name, bit in (*own, *self.wait_bits.items()):
            parent: str | None = elements[name].parent
            found[None] |= bit
            while parent is not None:
                found[parent] = found.get(parent, 0) | bit
                parent = elements[parent].parent
        return found

    @cached_property
    def borders(self) -> Mapping[str, tuple[str, ...]]:
        """Return the interrupting events at the border of each element."""
        found: dict[str, tuple[str, ...]] = {}
        for item in self.model.of_kind(WaitEvent):
            if item.attached_to is not None and item.is_interrupting:
                found[item.attached_to] = (*found.get(item.attached_to, ()), item.id)
        return found

    @cached_property
    def pending(self) -> int:
        """Return the bits of flows on which no token rests."""
        return sum(self.flow_bits.values()) - sum(self.joins.values())

    @cached_property
    def reminders(self) -> tuple[WaitEvent, ...]:
        """Return the events that interrupt nothing, in drawn order."""
        events = self.model.of_kind(WaitEvent)
        return tuple(item for item in events if item.attached_to is not None and not item.is_interrupting)

    def names_at(self, marking: int) -> list[str]:
        """Return the elements at which tokens are or to which they are on their way, in drawn order."""
        targets = {flow.target for flow in self.flows if self.flow_bits[flow.id] & marking}
        waiting = {name for name, bit in self.wait_bits.items() if bit & marking}
        return [name for name in self.model.elements if name in targets | waiting]

    @cached_property
    def begun(self) -> Mapping[str, int]:
        """Return the flows behind the start event of each subprocess."""
        starts = [item for item in self.model.of_kind(StartEvent) if item.parent is not None]
        return {str(item.parent): sum(self.flow_bits[flow] for flow in self.out[item.id]) for item in starts}


def _waits(item: Element) -> bool:
    if isinstance(item, Gateway):
        return item.kind == "event"
    # A border event waits with its host.
    return isinstance(item, WAITING) and getattr(item, "attached_to", None) is None
