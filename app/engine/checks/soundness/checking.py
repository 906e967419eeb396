"""Soundness as problems: which rule, at which element, on which path from the start."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.text import N_
from app.engine.checks.choices import Table, tables_of
from app.engine.checks.facts import Facts
from app.engine.checks.soundness.exploring import MAX_STATES, endless, explore
from app.engine.checks.soundness.knowledge import Knower, State
from app.engine.checks.soundness.moves import Mover
from app.engine.checks.soundness.nets import IMPROPER, JOIN_TWICE, TWICE, Clash, Move, Net
from app.engine.checks.soundness.regions import Region, merged_into, regions_of, ways
from app.engine.checks.soundness.routes import name_of, names_on, shortest, written
from app.engine.graph import is_inside_parallel
from app.engine.model import StartEvent, WaitEvent
from app.engine.problems import Problem

_CLASHES = {
    JOIN_TWICE: N_("“%(name)s”从同一条连线会来两次，别的几路配不上：%(path)s。请在前面先把并行的几路会合。"),
    TWICE: N_("“%(name)s”会同时来两次，因为并行的几路没有会合就走到了这里：%(path)s。请在它前面用并行网关会合。"),
    IMPROPER: N_(
        "走到“%(name)s”时“%(left)s”还没有办完：%(path)s。请先用并行网关会合再结束；要中止别的，请改成终止结束。"
    ),
}
_BYPASSED = N_(
    "“%(name)s”从并行的一路里走了出去，绕过了会合，别的几路没有着落：%(path)s。请让它回到这一路里，或者走到终止结束。"
)
_DEADLOCK = N_(
    "“%(name)s”会一直等不齐，“%(missing)s”那一路可能不来：%(path)s。排他网关分开的请用排他网关会合，并行网关分开的才用并行网关会合。"
)
_LIVELOCK = N_("走到“%(name)s”以后再也走不到结束：%(path)s。请从那里接一条通到结束的连线。")
_DEAD = N_("“%(name)s”永远走不到：%(path)s。请改正前面的网关，或者删去它。")
_TOO_MANY = N_(
    "同时进行的环节太多，能走到的位置超过 %(limit)d 种，检查不完。请减少并行的路，或者把一部分分成被调用的流程。"
)
_MERGES = N_(
    "“%(name)s”不打断任务，任务还在往下走，它后面的路又并回了“%(other)s”：%(path)s。请让它走到自己的结束事件，或者改成打断。"
)


def check_soundness(facts: Facts) -> Iterator[Problem]:
    """Find positions from which a case cannot end, ends twice, or goes on twice at once."""
    net = Net(facts.model)
    passed: set[str] = set()
    found: list[Problem] = []
    for region in regions_of(net):
        judge = _Judge(facts, net, region, {})
        passed |= judge.walk.passed
        problems = judge.problems()
        if problems and not judge.is_too_large and (tables := tables_of(facts)):
            # Not every mix of answers can come about: look again, remembering what was answered.
            knowing = _Judge(facts, net, region, tables)
            problems = problems if knowing.is_too_large else knowing.problems()
        found += problems
    yield from found or _dead(facts, net, passed)


class _Judge:
    """Walk through one region and say what is wrong in it."""

    def __init__(self, facts: Facts, net: Net, region: Region, tables: Mapping[str, Table]) -> None:
        self._facts = facts
        self._net = net
        self._region = region
        self.walk = explore((region.marking, ()), Knower(facts, net, Mover(net, region.root), tables))

    @property
    def is_too_large(self) -> bool:
        """Tell whether the walk was broken off without finding anything wrong."""
        return not self.walk.is_complete and not self.walk.clashes

    def problems(self) -> list[Problem]:
        """Return what is wrong: faults first, since what follows from them is no news."""
        item = self._facts.model.elements[self._region.start]
        if isinstance(item, WaitEvent) and (other := merged_into(self._net, item)) is not None:
            return [self._merges(item, other)]
        # The kinds stand in the order in which they come nearer to the cause; each was found on a shortest path.
        clashes = sorted(self.walk.clashes, key=lambda clash: list(_CLASHES).index(clash.rule))
        found = [self._clash(clash) for clash in clashes[:1]] + list(self._deadlocks())
        if not found and not self.walk.is_complete:
            return [self._facts.problem(self._region.start, "too-complicated", _TOO_MANY, limit=MAX_STATES)]
        return found or list(self._livelocks())

    def _merges(self, item: WaitEvent, other: str) -> Problem:
        edges = ways(self._net, with_reminders=True)
        names = [*shortest(edges, self._facts.model.start.id, item.id), *shortest(edges, item.id, other)]
        path = written(names, self._facts.model.elements)
        shared = name_of(self._facts.model.elements[other])
        return self._facts.problem(item.id, "reminder-merges", _MERGES, name=name_of(item), other=shared, path=path)

    def _clash(self, clash: Clash) -> Problem:
        state, chain = self.walk.clashes[clash]
        moves, move = [*self.walk.path_to(state), *chain], chain[-1]
        bypass = self._bypass(moves)
        if bypass is not None:
            return self._problem("bypassed-join", bypass, _BYPASSED, self._path(moves))
        others = [name for name in self._net.names_at(move.marking) if name != clash.element] or [clash.element]
        left = "、".join(self._name(name) for name in others[:3])
        path = self._path(moves, clash.element)
        return self._problem(clash.rule, clash.element, _CLASHES[clash.rule], path, left=left)

    def _deadlocks(self) -> Iterator[Problem]:
        """Yield each join that may wait for ever, on the shortest path to it."""
        told = set()
        for state, known in self.walk.stuck:
            name = next((one for one in self._net.joins if state & self._net.joins[one]), None)
            if name is not None and name not in told:
                told.add(name)
                yield self._deadlock(name, (state, known))

    def _deadlock(self, name: str, state: State) -> Problem:
        moves = self.walk.path_to(state)
        bypass = self._bypass(moves)
        if bypass is not None:
            return self._problem("bypassed-join", bypass, _BYPASSED, self._path(moves, name))
        into = [flow for flow in self._net.flows if flow.target == name]
        late = [flow.source for flow in into if not self._net.flow_bits[flow.id] & state[0]]
        missing = "、".join(self._name(source) for source in late)
        return self._problem("deadlock", name, _DEADLOCK, self._path(moves, name), missing=missing)

    def _livelocks(self) -> Iterator[Problem]:
        for state in endless(self.walk, lambda state: not state[0])[:1]:
            name = self._net.names_at(state[0])[0]
            yield self._problem("livelock", name, _LIVELOCK, self._path(self.walk.path_to(state), name))

    def _bypass(self, moves: list[Move]) -> str | None:
        """Return the last border event on a path by which a token left a parallel branch."""
        model = self._facts.model
        for move in reversed(moves):
            item = model.elements[move.element]
            host = item.attached_to if isinstance(item, WaitEvent) else None
            if host is not None and is_inside_parallel(model.elements, model.flows, host):
                return item.id
        return None

    def _path(self, moves: list[Move], last: str | None = None) -> str:
        elements = self._facts.model.elements
        start = shortest(ways(self._net, with_reminders=True), self._facts.model.start.id, self._region.start)
        return written([*start, *names_on(moves, elements), *([last] if last else [])], elements)

    def _name(self, name: str) -> str:
        return name_of(self._facts.model.elements[name])

    def _problem(self, rule: str, element: str, message: str, path: str, **params: Any) -> Problem:
        return self._facts.problem(element, rule, message, name=self._name(element), path=path, **params)


def _dead(facts: Facts, net: Net, passed: set[str]) -> Iterator[Problem]:
    """Yield each element that no token ever passes, though one that is passed leads there."""
    model = facts.model
    edges = ways(net, with_reminders=True)
    # Nothing passes these: tokens begin behind them.
    alive = passed | {item.id for item in (*net.reminders, *model.of_kind(StartEvent))}
    next_to = {other for name in alive for other in edges[name]}
    for name, item in model.elements.items():
        # That a border event has no time to happen is told by the check of paths.
        has_host = isinstance(item, WaitEvent) and item.attached_to is not None
        if name in next_to - alive and not has_host:
            path = written(shortest(edges, model.start.id, name), model.elements)
            yield facts.problem(name, "dead", _DEAD, name=name_of(item), path=path)
