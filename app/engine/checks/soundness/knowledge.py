"""Moves that remember what gateways were decided by, so that the same question is not answered in two ways.

What is remembered: the values, or comparisons of values, that a gateway looked at, until an element that sets them is
passed again or no gateway that asks for them lies ahead. Values that only one gateway looks at are never kept.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.engine.checks.choices import Row, Table, Variable
from app.engine.checks.facts import Facts
from app.engine.checks.soundness.moves import Mover
from app.engine.checks.soundness.nets import Move, Net
from app.engine.checks.soundness.regions import ways
from app.engine.graph import reachable
from app.engine.model import EndEvent

# What is known, by variable, in a fixed order.
Known = tuple[tuple[str, Any], ...]
State = tuple[int, Known]


class Knower:
    """Walk through markings together with what is known; without tables nothing ever is."""

    def __init__(self, facts: Facts, net: Net, mover: Mover, tables: Mapping[str, Table]) -> None:
        self._mover = mover
        self._tables = tables
        variables = {one.key: one for table in tables.values() for one in table.variables}
        self._setters = {key: _setters(facts, one) for key, one in variables.items()}
        self._ahead = {key: _ahead(net, tables, key, self._setters[key]) for key in variables}

    def is_settled(self, state: State) -> bool:
        """Tell whether all tokens wait."""
        return self._mover.is_settled(state[0])

    def moves(self, state: State) -> Iterator[tuple[Move, State]]:
        """Yield the moves that what is known allows, each with what is known after it."""
        marking, known = state
        for move in self._mover.moves(marking):
            table = self._tables.get(move.element) if move.flow else None
            if table is None:
                yield move, (move.marking, self._kept(dict(known), move) if known else ())
            else:
                rows = (row for row in table.rows if _leads_to(table, row, move.flow) and _agrees(row, known))
                for after in dict.fromkeys(self._kept({**dict(known), **row.values}, move) for row in rows):
                    yield move, (move.marking, after)

    def _kept(self, known: dict[str, Any], move: Move) -> Known:
        """Return what is still true and still asked for."""
        return tuple(
            (key, known[key])
            for key in sorted(known)
            if move.element not in self._setters[key] and move.marking & self._ahead[key]
        )


def _leads_to(table: Table, row: Row, flow: str) -> bool:
    # Where nothing holds the engine stops; that is told by the check of gateways.
    return table.taken(row) in {flow, None}


def _agrees(row: Row, known: Known) -> bool:
    return all(row.values[key] == value for key, value in known if key in row.values)


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
