"""Random graphs of tasks and gateways, as wild as the reader lets through: some sound, most not.

Each exclusive gateway that parts is asked right before by a task of its own, so that its answers are independent.
"""

from dataclasses import dataclass
from itertools import count
from random import Random

from tests.unit.engine.playing import border, diagram, element, ends, flow, gateways, line, people, start


@dataclass(frozen=True)
class Graph:
    """Nodes by id with their kind, edges, and the task at whose border each event stands."""

    kinds: dict[str, str]
    edges: tuple[tuple[str, str], ...]
    hosts: dict[str, str]

    def out(self, name: str) -> list[str]:
        """Return what follows a node."""
        return [target for source, target in self.edges if source == name]

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return each step from a node to one that may follow it."""
        return (*self.edges, *((host, event) for event, host in self.hosts.items()))

    @property
    def has_circles(self) -> bool:
        """Tell whether a node may follow itself."""
        return any(source in _reached(target, self.steps) for source, target in self.steps)

    @property
    def has_forks(self) -> bool:
        """Tell whether tokens may go several ways at once."""
        return any(kind == "parallel" and len(self.out(name)) > 1 for name, kind in self.kinds.items())

    def text(self) -> str:
        """Return the graph as one of our diagrams."""
        return diagram(start(), ends("done"), *(self._drawn(name) for name in self.kinds), *self._lines())

    def _drawn(self, name: str) -> str:
        kind = self.kinds[name]
        if kind == "task":
            return people(name)
        if kind == "border":
            return border(name, self.hosts[name])
        if kind == "exclusive" and len(self.out(name)) > 1:
            return element("exclusiveGateway", name, default=f"{name}_to_{self.out(name)[0]}")
        return gateways(kind, name)

    def _lines(self) -> list[str]:
        return [
            flow(source, target, f"ask_{source}.n > 1")
            if self.kinds.get(source) == "exclusive" and self.out(source)[0] != target
            else line(source, target)
            for source, target in self.edges
        ]

    def oracle_text(self) -> str:
        """Return the graph for the analyzer: a border event becomes a choice behind its host."""
        kinds = {"begin": "startEvent", "done": "endEvent"}
        edges = []
        for name, kind in self.kinds.items():
            kinds[name] = {"task": "task", "border": "exclusiveGateway"}.get(kind, f"{kind}Gateway")
        choices = {host: event for event, host in self.hosts.items()}
        for source, target in self.edges:
            edges.append((choices.get(source, source), target))
        edges += list(choices.items())
        return _plain(kinds, edges)


def _plain(kinds: dict[str, str], edges: list[tuple[str, str]]) -> str:
    nodes = []
    for name, kind in kinds.items():
        into = "".join(f"<incoming>f{place}</incoming>" for place, (_, target) in enumerate(edges) if target == name)
        out = "".join(f"<outgoing>f{place}</outgoing>" for place, (source, _) in enumerate(edges) if source == name)
        nodes.append(f'<{kind} id="{name}" name="{name}">{into}{out}</{kind}>')
    flows = (
        f'<sequenceFlow id="f{place}" sourceRef="{source}" targetRef="{target}"/>'
        for place, (source, target) in enumerate(edges)
    )
    body = "".join((*nodes, *flows))
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    return (
        f'<definitions xmlns="{namespace}" id="d"><process id="case" isExecutable="true">{body}</process></definitions>'
    )


def draw_graph(random: Random) -> Graph:
    """Draw a graph in which every node can be reached and can come to the end."""
    while True:
        artist = _Artist(random)
        for _ in range(random.choice((1, 2, 2, 3))):
            artist.add()
        for _ in range(random.choice((0, 1, 1, 2))):
            artist.spoil()
        graph = Graph(artist.kinds, tuple(artist.edges), artist.hosts)
        if _is_connected(graph):
            return graph


class _Artist:
    """Put pieces that are sound into edges, then spoil the whole here and there."""

    def __init__(self, random: Random) -> None:
        self.kinds: dict[str, str] = {}
        self.edges = [("begin", "done")]
        self.hosts: dict[str, str] = {}
        self._random = random
        self._number = count(1)

    def add(self) -> None:
        """Put a choice, a fork, a task with a border event or a loop into an edge."""
        source, target = self.edges.pop(self._random.randrange(len(self.edges)))
        join = self._node("exclusive", "join")
        kind = self._random.choice(("exclusive", "parallel", "parallel", "border", "loop"))
        if kind == "border":
            host = self._node("task", "host")
            event = self._node("border", "late")
            self.hosts[event] = host
            self.edges += [(source, host), (host, join), (event, join), (join, target)]
        elif kind == "loop":
            split = self._node("exclusive", "again")
            ask, task = self._node("task", f"ask_{split}", is_plain=True), self._node("task", "task")
            self.edges += [(source, join), (join, ask), (ask, split), (split, target), (split, task), (task, join)]
        else:
            self.kinds[join] = kind
            split = self._node(kind, "split")
            ask = self._node("task", f"ask_{split}", is_plain=True)
            tasks = [self._node("task", "task") for _ in range(2)]
            self.edges += [(source, ask), (ask, split), (join, target)]
            self.edges += [edge for task in tasks for edge in ((split, task), (task, join))]

    def spoil(self) -> None:
        """Turn a gateway into one of the other kind, or let two edges change their targets."""
        turned = [name for name, kind in self.kinds.items() if kind in {"exclusive", "parallel"}]
        # Where a task asks for a gateway it stays the only one that leads there.
        loose = [place for place, (source, _) in enumerate(self.edges) if not source.startswith("ask_")]
        if self._random.random() < 0.5:
            name = self._random.choice(turned)
            self.kinds[name] = "parallel" if self.kinds[name] == "exclusive" else "exclusive"
        else:
            one, two = self._random.sample(loose, 2)
            (first, to), (second, other) = self.edges[one], self.edges[two]
            self.edges[one], self.edges[two] = (first, other), (second, to)

    def _node(self, kind: str, word: str, *, is_plain: bool = False) -> str:
        name = word if is_plain else f"{word}_{next(self._number)}"
        self.kinds[name] = kind
        return name


def _is_connected(graph: Graph) -> bool:
    names = {"begin", "done", *graph.kinds}
    back = tuple((target, source) for source, target in graph.steps)
    has_own_joins = len(set(graph.edges)) == len(graph.edges) and all(one != two for one, two in graph.edges)
    return has_own_joins and _reached("begin", graph.steps) == names == _reached("done", back)


def _reached(first: str, steps: tuple[tuple[str, str], ...]) -> set[str]:
    found = {first}
    while True:
        more = found | {target for source, target in steps if source in found}
        if more == found:
            return found
        found = more
