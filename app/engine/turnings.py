"""Which ways lead on from an element of a forecast: the one that is taken, those that are open, those that turn off."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.guesses import Calls, Guess, Knowledge
from app.engine.model import (
    CallActivity,
    DecisionTask,
    EndEvent,
    Flow,
    Gateway,
    MessageEvent,
    ServiceTask,
    UserTask,
    WaitEvent,
)
from app.engine.paths import beside, calls_in, name_in

_WRITES = (UserTask, ServiceTask, DecisionTask, MessageEvent)


@dataclass(frozen=True)
class Branch:
    """On what a way depends: the question of its gateway and the answer; an event's name where it happens by itself."""

    question: str
    answer: str


@dataclass(frozen=True)
class Way:
    """A way on: `is_open` where nothing tells yet whether it is taken, `is_turn` where approval leads elsewhere."""

    target: str
    branch: Branch | None = None
    is_open: bool = False
    is_turn: bool = False


class Turnings:
    """The ways of one process, as far as is known."""

    def __init__(self, knowledge: Knowledge, edges: Mapping[str, list[str]]) -> None:
        self._known = knowledge
        self._edges = edges

    def ways_from(self, path: str, passed: frozenset[str]) -> tuple[list[Way], frozenset[str]]:
        """Return the ways on from an element, and what is passed behind it."""
        item = self._known.process.element(path)
        if isinstance(item, CallActivity):
            self._known.hand_in(path, item.inputs, passed)
        behind = passed | self.written_by(path)
        if isinstance(item, Gateway) and item.kind != "parallel" and len(self._edges[path]) > 1:
            ways = self._choices(path, item, behind) if item.kind == "exclusive" else self._race(path, item)
        else:
            ways = [self._way(path, target) for target in self._edges[path]]
        return [*ways, *self._borders_around(path)], behind

    def written_by(self, path: str) -> set[str]:
        """Return the elements whose values are others once this one is passed."""
        item, calls = self._known.process.element(path), calls_in(path)
        if isinstance(item, UserTask) and item.edits:
            return {path, beside(path, item.edits)}
        if isinstance(item, EndEvent) and item.parent is None and calls:
            return {"/".join(calls)}
        return {path} if isinstance(item, _WRITES) else set()

    def _way(self, path: str, target: str) -> Way:
        event = self._known.process.element(target)
        is_border = isinstance(event, WaitEvent) and event.attached_to == name_in(path)
        return Way(target, Branch("", event.name), is_turn=True) if is_border else Way(target)

    def _borders_around(self, path: str) -> list[Way]:
        """Return what may happen at the borders of the groups and calls that a task or a wait stands in."""
        if not isinstance(self._known.process.element(path), UserTask | WaitEvent):
            return []
        found: list[Way] = []
        around, calls = self._known.process.element(path).parent, calls_in(path)
        while around is not None or calls:
            name = around if around is not None else calls[-1]
            calls = calls if around is not None else calls[:-1]
            model = self._known.process.part_at(calls).model
            events = [one for one in model.of_kind(WaitEvent) if one.attached_to == name]
            found += [Way("/".join((*calls, one.id)), Branch("", one.name), is_turn=True) for one in events]
            around = model.elements[name].parent
        return found

    def _race(self, path: str, gateway: Gateway) -> list[Way]:
        names = {target: self._known.process.element(target).name for target in self._edges[path]}
        return [Way(target, Branch(gateway.name, name), is_open=True) for target, name in names.items()]

    def _choices(self, path: str, gateway: Gateway, passed: frozenset[str]) -> list[Way]:
        """Return the ways out of an exclusive gateway, in the order in which their conditions are asked."""
        calls = calls_in(path)
        model = self._known.process.part_at(calls).model
        flows = [flow for flow in model.flows if flow.source == gateway.id]
        asked = [(flow, self._guess(flow, calls, passed)) for flow in flows if flow.id != gateway.default]
        asked += [(flow, Guess.YES) for flow in flows if flow.id == gateway.default]
        return _sorted([(self._flow_way(gateway, flow, calls), guess) for flow, guess in asked])

    def _guess(self, flow: Flow, calls: Calls, passed: frozenset[str]) -> Guess:
        return self._known.guess(flow.condition, calls, passed) if flow.condition else Guess.YES

    def _flow_way(self, gateway: Gateway, flow: Flow, calls: Calls) -> Way:
        return Way("/".join((*calls, flow.target)), Branch(gateway.name, flow.name))


def _sorted(asked: list[tuple[Way, Guess]]) -> list[Way]:
    """Tell apart what is taken, what is open and what turns off; behind a condition that holds none is asked."""
    possible: list[tuple[Way, Guess]] = []
    for way, guess in asked:
        if guess is not Guess.NO:
            possible.append((way, guess))
        if guess is Guess.YES:
            break
    if len(possible) == 1:
        return [Way(possible[0][0].target)]
    if any(guess is Guess.UNKNOWN for _way, guess in possible):
        return [Way(way.target, way.branch, is_open=True) for way, _guess in possible]
    taken = next((way for way, guess in possible if guess is not Guess.UNLIKELY), possible[-1][0])
    return [Way(way.target) if way is taken else Way(way.target, way.branch, is_turn=True) for way, _guess in possible]
