"""Walk through all positions that tokens can come to, within limits."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.engine.checks.soundness.nets import Clash, Move

MAX_STATES = 50_000
Chain = tuple[Move, ...]


class Walker(Protocol):
    """What is walked through: the single moves from a state, and whether anything goes on without people there."""

    def moves(self, state: Any) -> Iterator[tuple[Move, Any]]:
        """Yield each move with the state after it."""

    def is_settled(self, state: Any) -> bool:
        """Tell whether all tokens wait."""


@dataclass
class Walk:
    """All states that were reached, each with the one before it, and what went wrong first of each kind."""

    walker: Walker
    before: dict[Any, Any]
    # State -> the states that follow it.
    following: dict[Any, list[Any]] = field(default_factory=dict)
    # What went wrong -> the state before, and the moves from it up to the wrong one.
    clashes: dict[Clash, tuple[Any, Chain]] = field(default_factory=dict)
    # Elements that some token passed.
    passed: set[str] = field(default_factory=set)
    is_complete: bool = True

    @property
    def stuck(self) -> list[Any]:
        """Return the states from which nothing moves."""
        return [state for state, following in self.following.items() if not following]

    def path_to(self, state: Any) -> list[Move]:
        """Return the moves from the start to a state; they are found again, for few are ever asked for."""
        chains: list[Chain] = []
        while (before := self.before[state]) is not None:
            chains.append(next(chain for chain, after in _steps(before, self.walker, set()) if after == state))
            state = before
        return [move for chain in reversed(chains) for move in chain]


def explore(start: Any, walker: Walker) -> Walk:
    """Walk from a start, breadth first, so that each state is reached on a shortest path.

    Only states in which all tokens wait are kept, as in the database.
    """
    walk = Walk(walker, {start: None})
    waiting = deque([start])
    while waiting and walk.is_complete:
        state = waiting.popleft()
        walk.following[state] = following = []
        for chain, after in _steps(state, walker, walk.passed):
            if (clash := chain[-1].clash) is not None:
                walk.clashes.setdefault(clash, (state, chain))
            following.append(after)
            if after not in walk.before:
                walk.before[after] = state
                waiting.append(after)
        walk.is_complete = len(walk.before) <= MAX_STATES
    return walk


def _steps(start: Any, walker: Walker, passed: set[str]) -> Iterator[tuple[Chain, Any]]:
    """Yield each state in which all tokens wait again; after a fault the start stands for what would follow."""
    seen = set()
    unsettled: deque[tuple[Chain, Any]] = deque([((), start)])
    while unsettled:
        chain, state = unsettled.popleft()
        for move, after in walker.moves(state):
            passed.add(move.element)
            further = (*chain, move)
            if move.clash is not None:
                yield further, start
            elif walker.is_settled(after):
                yield further, after
            elif after not in seen:
                seen.add(after)
                unsettled.append((further, after))


def endless(walk: Walk, ended: Callable[[Any], bool]) -> list[Any]:
    """Return the states from which no end can be reached, nearest first."""
    before: Mapping[Any, list[Any]] = _turned(walk.following)
    can_end = {state for state in walk.before if ended(state)}
    waiting = list(can_end)
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in can_end:
                can_end.add(state)
                waiting.append(state)
    return [state for state in walk.before if state not in can_end]


def _turned(following: Mapping[Any, list[Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for state, others in following.items():
        for other in others:
            found.setdefault(other, []).append(state)
    return found
