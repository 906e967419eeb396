"""The path ahead: which steps come from where a case stands, as far as values and rules tell. Nothing runs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.compiler import CompiledProcess
from app.engine.due_values import DueValue
from app.engine.expressions import ExpressionError
from app.engine.guesses import Knowledge
from app.engine.model import EndEvent, UserTask, WaitEvent
from app.engine.paths import values_at
from app.engine.routes import reached, routes_of
from app.engine.turnings import Branch, Turnings, Way
from app.engine.values import CaseValues, Inputs

Mapped = Mapping[str, Any]


@dataclass(frozen=True)
class Turn:
    """What else may follow a step: where to, and on what that depends."""

    branch: Branch
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Ahead:
    """A step to come: a task, a wait, or an end."""

    path: str
    # Whether it comes whatever is not known yet, where everybody approves.
    is_expected: bool
    # What it depends on otherwise.
    branches: tuple[Branch, ...] = ()
    turns: tuple[Turn, ...] = ()
    due: DueValue | None = None


def forecast_start(process: CompiledProcess, values: Mapped, context: Mapped) -> list[Ahead]:
    """Return the path of a case that is not filed yet; fields of its form that are empty are not known."""
    start = process.model.start.id
    form = process.form_of(start)
    given = values.get(start, {})
    open_fields = {f"{start}.{key}" for key in form.fields if given.get(key) is None} if form else set()
    return _Walk(process, values, context, frozenset(open_fields)).from_([start])[1:]


def forecast(process: CompiledProcess, values: Mapped, context: Mapped, standing: Iterable[str]) -> list[Ahead]:
    """Return the path of a running case: first what it stands at, then what comes."""
    return _Walk(process, values, context, frozenset()).from_(list(standing))


class _Walk:
    """A walk through all that may come, each element once."""

    def __init__(self, process: CompiledProcess, values: Mapped, context: Mapped, open_fields: frozenset[str]) -> None:
        self._process = process
        self._edges = routes_of(process)
        self._values = CaseValues(process, Inputs(values, context))
        self._open_fields = open_fields
        # By path, in the order in which the walk came to them.
        self._ways: dict[str, list[Way]] = {}
        self._branches: dict[str, tuple[Branch, ...]] = {}
        self._order: list[str] = []

    def from_(self, standing: list[str]) -> list[Ahead]:
        """Return the steps from where the case stands."""
        knowledge = Knowledge(self._process, self._values, self._never_done(standing), self._open_fields)
        turnings = Turnings(knowledge, self._edges)
        # Any of them may be done before another leads on.
        passed = frozenset().union(*(turnings.written_by(path) for path in standing))
        for path in standing:
            if path not in self._ways:
                self._go(turnings, path, passed)
        expected = self._expected(standing)
        listed = [*standing, *(path for path in reversed(self._order) if path not in standing)]
        turns = self._turns(listed)
        return [
            Ahead(
                path,
                path in expected,
                () if path in expected else self._branches[path],
                tuple(turns.get(path, ())),
                self._due(path, knowledge),
            )
            for path in listed
            if self._is_step(path) or path in standing
        ]

    def _never_done(self, standing: list[str]) -> frozenset[str]:
        """Return what the case may still come to and has never left a value."""
        ahead = reached(self._edges, standing, frozenset())
        return frozenset(path for path in ahead if not values_at(self._values.kept, path))

    def _go(self, turnings: Turnings, first: str, passed: frozenset[str]) -> None:
        """Walk on from an element, depth first; an element comes into the order once all behind it is."""
        stack = [(first, self._come(turnings, first, passed, ()))]
        while stack:
            path, followers = stack[-1]
            following = next(followers, None)
            if following is None:
                self._order.append(path)
                stack.pop()
            elif following[0] not in self._ways:
                stack.append((following[0], self._come(turnings, *following)))

    def _come(
        self, turnings: Turnings, path: str, passed: frozenset[str], branches: tuple[Branch, ...]
    ) -> Iterator[tuple[str, frozenset[str], tuple[Branch, ...]]]:
        """Note an element, and return what follows it with what is passed and depended on until then."""
        self._branches[path] = branches
        self._ways[path], behind = turnings.ways_from(path, passed)
        return iter(
            [
                (way.target, behind, (*branches, way.branch) if way.is_open and way.branch else branches)
                # What is drawn last is walked first, so that the first stands first.
                for way in reversed(self._ways[path])
                if not way.is_turn
            ]
        )

    def _expected(self, standing: list[str]) -> set[str]:
        """Return what every way leads to: of several open ways, what all of them come to."""
        sure: dict[str, frozenset[str]] = {}
        for path in self._order:
            ways = [way for way in self._ways[path] if not way.is_turn and way.target in sure]
            behind = [sure[way.target] for way in ways]
            is_open = any(way.is_open for way in ways)
            common = frozenset.intersection(*behind) if is_open else frozenset().union(*behind)
            sure[path] = common | {path}
        return set().union(*(sure[path] for path in standing))

    def _turns(self, listed: list[str]) -> dict[str, list[Turn]]:
        """Return what else may follow each step; what turns off without a step belongs to the step before."""
        found: dict[str, list[Turn]] = {}
        host = ""
        for path in listed:
            host = path if self._is_step(path) or not host else host
            for way in self._ways[path]:
                if way.is_turn and way.branch:
                    found.setdefault(host, []).append(Turn(way.branch, self._stops(way.target)))
        return found

    def _stops(self, path: str) -> tuple[str, ...]:
        """Return the first steps from an element on."""
        found: list[str] = []
        seen, waiting = set(), [path]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if self._is_step(one):
                found.append(one)
            else:
                waiting.extend(reversed(self._edges[one]))
        return tuple(found)

    def _is_step(self, path: str) -> bool:
        item = self._process.element(path)
        if isinstance(item, EndEvent):
            return item.parent is None and "/" not in path
        return isinstance(item, UserTask) or (isinstance(item, WaitEvent) and item.attached_to is None)

    def _due(self, path: str, knowledge: Knowledge) -> DueValue | None:
        return None if knowledge.is_due_unknown(path) else self._due_now(path)

    def _due_now(self, path: str) -> DueValue | None:
        try:
            return self._values.due_of(path)
        except ExpressionError:
            return None
