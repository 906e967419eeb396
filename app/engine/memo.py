"""The transition memo: what the engine did once from a state, it need not do again (DESIGN §2).

A step is a function of the state, of what happens, and of how the conditions on the way turn out: only
their truth moves tokens. So what is known of a state and an event is a tree: the acts on values in their
order, branching where a condition is asked, and at the end of each branch the changes. Following it
repeats the acts on the present values, so that these come out as the engine would have left them. A
condition that turns out as never before leads out of the tree, and the engine runs.

Never kept is a step that did more than that: ran an operation, armed a timer. Ids in a state are the
smallest free ones (see `codec`), so the rounds of a loop come to the same states again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import NamedTuple

from app.engine.acts import Act
from app.engine.changes import Changes

# Of one version; a step costs about seven kilobytes. A process whose conditions vary without end drives out its
# own steps only.
MAX_BYTES = 8_000_000
# Ways through the conditions after one event.
MAX_WAYS = 64
_COST_OF_ACT = 400
_COST_OF_STEP = 6_000

Answer = bool | None


class Transition(NamedTuple):
    """What happens in a state: `complete` of a task, `wake` of a timer, `jump` to an element, `start`, `retry`, and variants."""

    state: bytes
    event: str
    subject: int | str | None = None


@dataclass
class _Node:
    """An act with what follows each of its answers, or the end of a way with its changes."""

    act: Act | None = None
    after: dict[Answer, "_Node"] = field(default_factory=dict)
    changes: Changes | None = None

    def follow(self, perform: Callable[[Act], Answer]) -> Changes | None:
        node: _Node | None = self
        while node is not None and node.act is not None:
            node = node.after.get(perform(node.act))
        return node.changes if node is not None else None


@dataclass
class _Known:
    """What is known of a transition."""

    tree: _Node
    cost: int
    ways: int = 1


class Memo:
    """The known steps of one version, shared by its instances and threads; the longest unused go first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.hits = 0
        self.misses = 0
        self._max_bytes = max_bytes
        self._bytes = 0
        self._known: OrderedDict[Transition, _Known] = OrderedDict()
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Return about how many bytes the known steps take."""
        return self._bytes

    def recall(self, transition: Transition, perform: Callable[[Act], Answer]) -> Changes | None:
        """Repeat the acts of a known step and return its changes, without values; None when it is not known."""
        with self._lock:
            known = self._known.get(transition)
            if known is not None:
                self._known.move_to_end(transition)
        changes = known.tree.follow(perform) if known is not None else None
        with self._lock:
            if changes is None:
                self.misses += 1
            else:
                self.hits += 1
        return changes

    def remember(self, transition: Transition, tape: Sequence[tuple[Act, Answer]], changes: Changes) -> None:
        """Keep what a step did: its acts on values with their answers, and its changes."""
        cost = _COST_OF_STEP + _COST_OF_ACT * len(tape) + len(transition.state) + len(changes.state)
        if cost > self._max_bytes // 2:
            return
        way = _way(tape, changes._replace(values={}))
        with self._lock:
            known = self._known.get(transition)
            if known is None:
                self._known[transition] = _Known(way, cost)
            elif known.ways < MAX_WAYS and _graft(known.tree, way):
                known.ways += 1
                known.cost += cost
            else:
                return
            self._bytes += cost
            while self._bytes > self._max_bytes:
                _, forgotten = self._known.popitem(last=False)
                self._bytes -= forgotten.cost


def _way(tape: Sequence[tuple[Act, Answer]], changes: Changes) -> _Node:
    node = _Node(changes=changes)
    for act, answer in reversed(tape):
        node = _Node(act, {answer: node})
    return node


def _graft(tree: _Node, way: _Node) -> bool:
    """Add a way to a tree where it leaves it; tell whether it was new."""
    while way.act is not None:
        ((answer, following),) = way.after.items()
        if answer not in tree.after:
            tree.after[answer] = following
            return True
        tree, way = tree.after[answer], following
    return False
