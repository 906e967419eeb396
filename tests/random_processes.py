"""Random processes of our vocabulary: block-structured, so sound by construction, small enough to read.

`draw_process(Random(seed))` gives the same drawing for the same seed; in Hypothesis use
`st.randoms(use_true_random=False)`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from app.engine.compiler import CompiledProcess
from tests.unit.engine.playing import (
    border,
    call,
    compiled,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    service,
    start,
    timer,
    within,
)

VERDICTS = ("agree", "return", "refuse")
MAX_DEPTH = 3
MESSAGE = "<bpmn:messageEventDefinition/>"
ADDRESS = {"shenpi_message": "news", "shenpi_key": "'all'", "shenpi_fields": "number"}
CALLED = '<shenpi:in name="limit" value="{0}.n"/><shenpi:out name="result_{1}" value="params.limit"/>'


@dataclass(frozen=True)
class Drawing:
    """A process and those that it calls, as BPMN texts."""

    text: str
    callees: dict[str, str]

    def compiled(self) -> CompiledProcess:
        """Return the process ready to run."""
        return compiled(self.text, **self.callees)


@dataclass(frozen=True)
class Block:
    """A piece with one way in and one way out; `xml` is all that belongs to it."""

    entry: str
    exit: str
    xml: str


@dataclass
class Scope:
    """The process or subprocess that a block stands in."""

    # Whether another token may be on its way, so that only a terminating end is sound.
    is_parallel: bool = False
    # Elements behind which values may be found.
    tasks: list[str] = field(default_factory=list)


def draw_process(random: Random, *, size: int = 12) -> Drawing:
    """Draw a process of about so many activities and events, with up to two that it calls."""
    callees: dict[str, str] = {}
    for key in ("inner", "outer")[: random.choice((0, 0, 1, 2))]:
        # The outer one may call the inner one.
        callees[key] = _Artist(random, tuple(callees), size // 3).draw(key)
    return Drawing(_Artist(random, tuple(callees), size).draw("case"), callees)


class _Artist:
    """Draw one process, spending a budget of activities and events."""

    def __init__(self, random: Random, callees: tuple[str, ...], budget: int) -> None:
        self._random = random
        self._callees = callees
        self._budget = budget
        self._count = 0

    def draw(self, key: str) -> str:
        """Return the diagram of a process of this key."""
        return diagram(self._content(Scope(), 0), key=key)

    def _content(self, scope: Scope, depth: int) -> str:
        """Return all between and with the start and the end of a process or subprocess."""
        first, last = self._name("begin"), self._name("done")
        body = self._sequence(scope, depth)
        return start(first) + body.xml + ends(last) + line(first, body.entry) + line(body.exit, last)

    def _sequence(self, scope: Scope, depth: int) -> Block:
        blocks = [self._block(scope, depth)]
        while self._budget > 0 and self._random.random() < (0.8 if depth == 0 else 0.35):
            blocks.append(self._block(scope, depth))
        xml = "".join(block.xml for block in blocks)
        links = "".join(line(one.exit, two.entry) for one, two in pairwise(blocks))
        return Block(blocks[0].entry, blocks[-1].exit, xml + links)

    def _block(self, scope: Scope, depth: int) -> Block:
        self._budget -= 1
        if self._budget <= 0 or depth >= MAX_DEPTH:
            return self._task(scope)
        kinds: list[Callable[[Scope, int], Block]] = [
            self._bordered, self._choice, self._parallel, self._loop, self._subprocess, self._way_out,
        ]  # fmt: skip
        simple = [self._task, self._task, self._service, self._wait, self._race]
        if self._callees:
            simple.append(self._call)
        picked = self._random.randrange(len(kinds) + len(simple))
        return kinds[picked](scope, depth + 1) if picked < len(kinds) else simple[picked - len(kinds)](scope)

    def _task(self, scope: Scope) -> Block:
        name = self._name("task")
        scope.tasks.append(name)
        due = {"shenpi_due": self._random.choice(("P2D", "working_days(3)"))} if self._random.random() < 0.2 else {}
        words = {"shenpi_role": "teacher", "shenpi_verdicts": " ".join(VERDICTS), **due}
        return Block(name, name, element("userTask", name, **words))

    def _service(self, scope: Scope) -> Block:
        name = self._name("service")
        scope.tasks.append(name)
        return Block(name, name, service(name, "check_expense"))

    def _wait(self, _scope: Scope) -> Block:
        name, xml = self._event("wait")
        return Block(name, name, xml)

    def _event(self, word: str) -> tuple[str, str]:
        """Return an event between elements: mostly a timer, sometimes a message."""
        if self._random.random() < 0.7:
            return (name := self._name(word)), timer(name)
        name = self._name("hear")
        return name, element("intermediateCatchEvent", name, MESSAGE, **ADDRESS)

    def _race(self, scope: Scope) -> Block:
        race, merge = self._name("race"), self._name("merge")
        xml = gateways("eventBased", race) + gateways("exclusive", merge)
        for name, event in [self._event(word) for word in ("first", "second")]:
            task = self._task(scope)
            xml += event + task.xml + line(race, name, task.entry) + line(task.exit, merge)
        return Block(race, merge, xml)

    def _call(self, scope: Scope) -> Block:
        name = self._name("call")
        source = self._random.choice(scope.tasks or ["params"])
        xml = call(name, self._random.choice(self._callees), CALLED.format(source, name))
        return Block(name, name, xml)

    def _bordered(self, scope: Scope, depth: int) -> Block:
        """An activity with one or two timers at its border: one interrupts, another runs beside it."""
        host = self._random.choice((self._task, self._subprocess_at(depth), *([self._call] if self._callees else [])))(
            scope
        )
        merge = self._name("merge")
        xml = host.xml + gateways("exclusive", merge) + line(host.exit, merge)
        which = self._random.choice(((True,), (False,), (True, False), (False, True)))
        for is_interrupting in which:
            xml += self._escape(host.entry, merge, scope, depth, is_interrupting=is_interrupting)
        return Block(host.entry, merge, xml)

    def _escape(self, host: str, merge: str, scope: Scope, depth: int, *, is_interrupting: bool) -> str:
        name, xml = self._border(host, is_interrupting=is_interrupting)
        if is_interrupting:
            body = self._sequence(scope, depth)
            return xml + body.xml + line(name, body.entry) + line(body.exit, merge)
        end = self._name("side")
        body = self._sequence(Scope(is_parallel=True, tasks=list(scope.tasks)), depth)
        return xml + body.xml + ends(end) + line(name, body.entry) + line(body.exit, end)

    def _border(self, host: str, *, is_interrupting: bool) -> tuple[str, str]:
        if self._random.random() < 0.7:
            name = self._name("late" if is_interrupting else "soon")
            return name, border(name, host, interrupting=is_interrupting)
        name = self._name("called_off" if is_interrupting else "told")
        words = {"attachedToRef": host, "cancelActivity": str(is_interrupting).lower()}
        return name, element("boundaryEvent", name, MESSAGE, **words, **ADDRESS)

    def _choice(self, scope: Scope, depth: int) -> Block:
        ask = self._task(scope) if self._random.random() < 0.7 else self._service(scope)
        split, merge = self._name("split"), self._name("merge")
        branches = [self._sequence(scope, depth) for _ in range(self._random.choice((2, 2, 3)))]
        xml = ask.xml + element("exclusiveGateway", split, default=f"{split}_to_{branches[-1].entry}")
        xml += gateways("exclusive", merge) + line(ask.exit, split)
        for place, branch in enumerate(branches):
            condition = self._condition(ask.entry) if place < len(branches) - 1 else ""
            xml += flow(split, branch.entry, condition) + branch.xml + line(branch.exit, merge)
        return Block(ask.entry, merge, xml)

    def _condition(self, task: str) -> str:
        return self._random.choice(
            (
                f"{task}.verdict == 'return'",
                f"{task}.n > 3",
                f"{task}.n == 1 or {task}.verdict != 'agree'",
                "rules['strict']",
            )
        )

    def _parallel(self, scope: Scope, depth: int) -> Block:
        fork, join = self._name("fork"), self._name("join")
        xml = gateways("parallel", fork, join)
        inners = [Scope(is_parallel=True, tasks=list(scope.tasks)) for _ in range(self._random.choice((2, 2, 3)))]
        for inner in inners:
            branch = self._sequence(inner, depth)
            xml += branch.xml + line(fork, branch.entry) + line(branch.exit, join)
        # What is done at the same time is no ground for what is done beside it.
        scope.tasks[:] = list(dict.fromkeys(name for inner in inners for name in inner.tasks))
        return Block(fork, join, xml)

    def _loop(self, scope: Scope, depth: int) -> Block:
        back, again, on = self._name("back"), self._name("again"), self._name("on")
        # A reminder may still be under way when the loop comes round.
        body = self._bordered(scope, depth) if self._random.random() < 0.4 else self._sequence(scope, depth)
        ask = self._task(scope)
        xml = body.xml + ask.xml + gateways("exclusive", back, on)
        xml += element("exclusiveGateway", again, default=f"{again}_to_{on}")
        xml += line(back, body.entry) + line(body.exit, ask.entry, again, on)
        return Block(back, on, xml + flow(again, back, f"{ask.entry}.verdict == 'return'"))

    def _subprocess(self, scope: Scope, depth: int) -> Block:
        name = self._name("part")
        inner = Scope(tasks=list(scope.tasks))
        return Block(name, name, within(name, self._content(inner, depth)))

    def _subprocess_at(self, depth: int) -> Callable[[Scope], Block]:
        return lambda scope: self._subprocess(scope, depth)

    def _way_out(self, scope: Scope, _depth: int) -> Block:
        """A task that may end all: where others may be under way, only a terminating end is sound."""
        ask = self._task(scope)
        split, on, end = self._name("split"), self._name("on"), self._name("refused")
        is_terminating = scope.is_parallel or self._random.random() < 0.5
        xml = ask.xml + element("exclusiveGateway", split, default=f"{split}_to_{on}") + gateways("exclusive", on)
        xml += element("endEvent", end, "<bpmn:terminateEventDefinition/>" if is_terminating else "")
        xml += line(ask.exit, split, on) + flow(split, end, f"{ask.entry}.verdict == 'refuse'")
        return Block(ask.entry, on, xml)

    def _name(self, word: str) -> str:
        self._count += 1
        return f"{word}_{self._count}"
