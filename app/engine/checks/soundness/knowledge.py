"""Moves that remember what gateways were decided by, so that the same question is not answered in two ways.

What is remembered: the values, or comparisons of values, that a gateway looked at, until an element that sets them is
passed again or no gateway that asks for them lies ahead. Values that only one gateway looks at are never kept.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from app.engine.checks.choices import Table, Variable
from app.engine.checks.facts import Facts
from app.engine.checks.soundness.moves import Mover
from app.engine.checks.soundness.nets import Move, Net
from app.engine.checks.soundness.regions import ways
from app.engine.graph import reachable
from app.engine.model import EndEvent

# What is known, by variable, in a fixed order.
Known = tuple[tuple[str, Any], ...]
State = tuple[int, Known]
# A gateway that asks for more combinations is left to chance.
MAX_ANSWERS = 256


class Answer(NamedTuple):
    """What a gateway found, and the flow that it therefore took; None where nothing holds."""

    known: Known
    flow: str | None


class Knower:
    """Walk through markings together with what is known; without tables nothing ever is."""

    def __init__(self, facts: Facts, net: Net, mover: Mover, tables: Mapping[str, Table]) -> None:
        self._mover = mover
        variables = {one.key: one for table in tables.values() for one in table.variables}
        self._setters = {key: _setters(facts, one) for key, one in variables.items()}
        self._ahead = {key: _ahead(net, tables, key, self._setters[key]) for key in variables}
        self._answers = {name: found for name in tables if (found := self._distinct(net, tables, name))}

    def _distinct(self, net: Net, tables: Mapping[str, Table], name: str) -> list[Answer]:
        """Return the rows of a gateway as far as others ask for the same, nothing where they are too many."""
        table = tables[name]
        asked = Counter(one.key for other in tables.values() for one in other.variables)
        behind = sum(net.flow_bits[flow] for flow in net.out[name])
        shared = [key for key in sorted(asked) if asked[key] > 1 or behind & self._ahead[key]]
        answers = (
            Answer(tuple((key, row.values[key]) for key in shared if key in row.values), table.taken(row))
            for row in table.rows
        )
        found = list(dict.fromkeys(answers))
        return found if len(found) <= MAX_ANSWERS else []

    def is_settled(self, state: State) -> bool:
        """Tell whether all tokens wait."""
        return self._mover.is_settled(state[0])

    def moves(self, state: State) -> Iterator[tuple[Move, State]]:
        """Yield the moves that what is known allows, each with what is known after it."""
        marking, known = state
        for move in self._mover.moves(marking):
            answers = self._answers.get(move.element) if move.flow else None
            if answers is None:
                yield move, (move.marking, self._kept(dict(known), move) if known else ())
            else:
                # Where nothing holds the engine stops; that is told by the check of gateways.
                taken = [one for one in _agreeing(answers, known) if one.flow in {move.flow, None}]
                for after in dict.fromkeys(self._kept({**dict(known), **dict(one.known)}, move) for one in taken):
                    yield move, (move.marking, after)

    def _kept(self, known: dict[str, Any], move: Move) -> Known:
        """Return what is still true and still asked for."""
        return tuple(
            (key, known[key])
            for key in sorted(known)
            if move.element not in self._setters[key] and move.marking & self._ahead[key]
        )


def _agreeing(answers: list[Answer], known: Known) -> list[Answer]:
    """Return the answers that fit what is known; all of them where none does, so that no way is lost."""
    before = dict(known)
    found = [one for one in answers if all(before.get(key, value) == value for key, value in one.known)]
    return found or answers


def _setters(facts: Facts, variable: Variable) -> frozenset[str]:
    return frozenset(writer for element in variable.elements for writer in facts.writers_of(element))


def _ahead(net: Net, tables: Mapping[str, Table], key: str, setters: frozenset[str]) -> int:
    """Return the bits from which a gateway that asks for a variable can be reached before it is set again."""
    back: dict[str, list[str]] = {name: [] for name in net.model.elements}
    for name, others in ways(net, with_reminders=True).items():
        item = net.model.elements[name]
        leaving = [item.parent] if isinstance(item, EndEvent) and item.parent is not None else []
        for other in (*others, *leaving):
            if name not in setters:
                back[other].append(name)
    asking = [name for name, table in tables.items() if any(one.key == key for one in table.variables)]
    leading = {name for gateway in asking for name in reachable(back, gateway)}
    on_flows = sum(net.flow_bits[flow.id] for flow in net.flows if flow.target in leading)
    return on_flows + sum(bit for name, bit in net.wait_bits.items() if name in leading)
