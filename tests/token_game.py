"""BPMN's token game over a process model, written apart from the engine: what the engine is compared with.

Tokens stand on elements, or are counted on the flows into a parallel gateway. Nothing is stored,
nothing forgotten, nothing remembered.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.changes import VisitKind
from app.engine.compiler import CompiledProcess
from app.engine.model import (
    CallActivity,
    Element,
    EndEvent,
    Flow,
    Gateway,
    MessageEvent,
    ProcessModel,
    ServiceTask,
    StartEvent,
    SubProcess,
    UserTask,
    WaitEvent,
)
from tests.game_values import GameValues

Operate = Callable[[str], dict[str, Any]]
Steps = Counter[tuple[str, VisitKind]]


@dataclass(eq=False)
class Frame:
    """A process or subprocess under way: the tokens in it, and those counted before parallel gateways."""

    calls: tuple[str, ...]
    model: ProcessModel
    scope: str | None = None
    host: "Token | None" = None
    tokens: list["Token"] = field(default_factory=list)
    arrived: Counter[str] = field(default_factory=Counter)

    def path(self, name: str) -> str:
        return "/".join((*self.calls, name))

    def start(self) -> str:
        return next(
            item.id
            for item in self.model.elements.values()
            if isinstance(item, StartEvent) and item.parent == self.scope
        )


@dataclass(eq=False)
class Token:
    """A token that stands: which events wait there, and what goes on within."""

    frame: Frame
    item: Element
    events: list[str] = field(default_factory=list)
    inner: Frame | None = None


class Game:
    """One case: people answer and time passes, tokens move on."""

    def __init__(self, process: CompiledProcess, context: Mapping[str, Any], operate: Operate) -> None:
        self.data = GameValues(process, context)
        self.visited: Steps = Counter()
        self.outcome: str | None = None
        self.is_ended = False
        self._process = process
        self._operate = operate
        self._root = Frame((), process.model)
        self._ways: deque[tuple[Frame, str, Flow | None]] = deque()

    def start(self, values: Mapping[str, Any]) -> None:
        self.data.kept.update(values)
        self._begin(self._root)
        self._run()

    def complete(self, path: str, submission: Mapping[str, Any], verdict: str | None) -> None:
        self._forget_step()
        token = next(token for token in self._standing() if token.frame.path(token.item.id) == path)
        self.data.answer(token.item.id, token.frame.calls, submission, verdict)
        self._pass(token)
        self._run()

    def happen(self, path: str, payload: Mapping[str, Any] | None = None, *, again: bool = False) -> None:
        """Let an event end its wait; one at a border that interrupts nothing may wait again."""
        self._forget_step()
        token = next(token for token in self._standing() if path in self._events(token))
        frame, name = token.frame, path.rsplit("/", maxsplit=1)[-1]
        if payload is not None:
            self.data.keep(name, frame.calls, dict(payload))
        if isinstance(token.item, WaitEvent):
            self._pass(token)
            self._run()
            return
        if isinstance(token.item, Gateway):
            self._note(frame, token.item.id, VisitKind.COMPLETED)
            self._drop(token, won=name)
        elif self._interrupts(token, name):
            self._drop(token)
        elif not again:
            token.events.remove(name)
        self._note(frame, name, VisitKind.COMPLETED)
        self._leave(frame, name)
        self._run()

    def _interrupts(self, token: Token, name: str) -> bool:
        event = token.frame.model.elements[name]
        return isinstance(event, WaitEvent) and event.is_interrupting

    def jump(self, target: str) -> None:
        """Take away all in the innermost process on the way to the target that runs, and enter from there."""
        self._forget_step()
        frame, way = self._running(target)
        for token in list(frame.tokens):
            self._drop(token)
        frame.arrived.clear()
        for name in way:
            self._enter(frame, frame.model.elements[name], is_begun=name == way[-1])
            frame = self._inner(frame, name) or frame
        self._run()

    @property
    def open(self) -> list[str]:
        return sorted(token.frame.path(token.item.id) for token in self._standing() if isinstance(token.item, UserTask))

    @property
    def awaited(self) -> list[str]:
        return sorted(path for token in self._standing() for path in self._events(token))

    @property
    def token_count(self) -> int:
        """Return how many tokens stand; an activity with something in it is none of its own."""
        frames = [self._root, *(token.inner for token in self._standing() if token.inner)]
        return sum(token.inner is None for token in self._standing()) + sum(frame.arrived.total() for frame in frames)

    def entered_by(self, target: str) -> list[tuple[ProcessModel, str]]:
        """Return the activities that a jump would enter, one within the other."""
        frame, way = self._running(target)
        found, model, calls = [], frame.model, frame.calls
        for name in way:
            found.append((model, name))
            if isinstance(model.elements[name], CallActivity):
                calls = (*calls, name)
                model = self._process.part_at(calls).model
        return found

    def left_by(self, target: str) -> list[str]:
        """Return what stands where a jump would enter."""
        return [token.item.id for token in self._running(target)[0].tokens]

    def _running(self, target: str) -> tuple[Frame, list[str]]:
        """Return the innermost process under way on the way to an element, and what is to be entered in it."""
        frame, way = self._root, self._way(target)
        while len(way) > 1 and (inner := self._inner(frame, way[0])) is not None:
            frame, way = inner, way[1:]
        return frame, way

    def _way(self, target: str) -> list[str]:
        way: list[str] = []
        calls: tuple[str, ...] = ()
        for name in target.split("/"):
            elements, around = self._process.part_at(calls).model.elements, [name]
            while (parent := elements[around[0]].parent) is not None:
                around.insert(0, parent)
            way += around
            calls = (*calls, name)
        return way

    def _inner(self, frame: Frame, name: str) -> Frame | None:
        return next((token.inner for token in frame.tokens if token.item.id == name and token.inner), None)

    def _standing(self, frame: Frame | None = None) -> Iterator[Token]:
        for token in (frame or self._root).tokens:
            yield token
            if token.inner is not None:
                yield from self._standing(token.inner)

    def _events(self, token: Token) -> list[str]:
        return [token.frame.path(name) for name in token.events]

    def _awaiting(self, frame: Frame, item: Element, events: list[str]) -> Token:
        """Return a token with events that wait anew: what was heard before is forgotten."""
        for name in events:
            if isinstance(frame.model.elements[name], MessageEvent):
                self.data.forget(name, frame.calls)
        return Token(frame, item, events)

    def _forget_step(self) -> None:
        self.visited = Counter()
        self.data.cleared.clear()

    def _note(self, frame: Frame, name: str, kind: VisitKind) -> None:
        self.visited[frame.path(name), kind] += 1

    def _run(self) -> None:
        while True:
            while self._ways:
                frame, name, flow = self._ways.popleft()
                self._arrive(frame, frame.model.elements[name], flow)
            ended = next((token for token in self._standing() if token.inner and not token.inner.tokens), None)
            if ended is None:
                break
            if isinstance(ended.item, CallActivity):
                self.data.take_out(ended.item, ended.frame.calls)
            self._pass(ended)
        self.is_ended = not self._root.tokens

    def _begin(self, frame: Frame) -> None:
        name = frame.start()
        self._note(frame, name, VisitKind.COMPLETED)
        self._leave(frame, name)

    def _leave(self, frame: Frame, name: str) -> None:
        self._ways += [(frame, flow.target, flow) for flow in frame.model.flows if flow.source == name]

    def _pass(self, token: Token) -> None:
        token.frame.tokens.remove(token)
        self._note(token.frame, token.item.id, VisitKind.COMPLETED)
        self._leave(token.frame, token.item.id)

    def _drop(self, token: Token, won: str | None = None) -> None:
        token.frame.tokens.remove(token)
        if isinstance(token.item, Gateway):
            for name in token.events:
                if name != won:
                    self._note(token.frame, name, VisitKind.CANCELLED)
            return
        self._note(token.frame, token.item.id, VisitKind.CANCELLED)
        for inner in list(token.inner.tokens) if token.inner else ():
            self._drop(inner)

    def _arrive(self, frame: Frame, item: Element, flow: Flow | None) -> None:
        if isinstance(item, Gateway):
            self._arrive_at_gateway(frame, item, flow)
        elif isinstance(item, WaitEvent):
            self._note(frame, item.id, VisitKind.ENTERED)
            frame.tokens.append(self._awaiting(frame, item, [item.id]))
        elif isinstance(item, EndEvent):
            self._end(frame, item)
        elif isinstance(item, ServiceTask):
            self.data.clear(item, frame.calls)
            self.data.keep(item.id, frame.calls, self._operate(frame.path(item.id)))
            self._note(frame, item.id, VisitKind.COMPLETED)
            self._leave(frame, item.id)
        else:
            self._enter(frame, item)

    def _arrive_at_gateway(self, frame: Frame, item: Gateway, flow: Flow | None) -> None:
        if item.kind == "event":
            events = [flow.target for flow in frame.model.flows if flow.source == item.id]
            for name in events:
                self._note(frame, name, VisitKind.ENTERED)
            frame.tokens.append(self._awaiting(frame, item, events))
            return
        if item.kind == "parallel" and flow is not None:
            frame.arrived[flow.id] += 1
            incoming = [one.id for one in frame.model.flows if one.target == item.id]
            if not all(frame.arrived[name] for name in incoming):
                return
            frame.arrived -= Counter(incoming)
        self._note(frame, item.id, VisitKind.COMPLETED)
        if item.kind == "parallel":
            self._leave(frame, item.id)
        else:
            chosen = self._chosen(frame, item)
            self._ways.append((frame, chosen.target, chosen))

    def _chosen(self, frame: Frame, item: Gateway) -> Flow:
        out = [flow for flow in frame.model.flows if flow.source == item.id]
        for flow in out:
            if flow.condition and self.data.holds(flow.condition, frame.calls):
                return flow
        return next(flow for flow in out if flow.id == item.default or len(out) == 1)

    def _end(self, frame: Frame, item: EndEvent) -> None:
        self._note(frame, item.id, VisitKind.COMPLETED)
        if item.is_terminating:
            for token in list(frame.tokens):
                self._drop(token)
            frame.arrived.clear()
        # The end reached last on the main line counts, a reminder's only where there is none.
        if frame is self._root and (
            item.id not in frame.model.side_ends or self.outcome in {None, *frame.model.side_ends}
        ):
            self.outcome = item.id

    def _enter(self, frame: Frame, item: Element, *, is_begun: bool = True) -> None:
        """Enter an activity; what is in it begins, too, unless the caller goes on into it."""
        self._note(frame, item.id, VisitKind.ENTERED)
        # Whoever goes on into it leaves what was decided within as it is.
        self.data.clear(item, frame.calls, is_within=is_begun)
        events = [event.id for event in frame.model.of_kind(WaitEvent) if event.attached_to == item.id]
        token = self._awaiting(frame, item, events)
        frame.tokens.append(token)
        if isinstance(item, SubProcess):
            token.inner = Frame(frame.calls, frame.model, item.id, token)
        elif isinstance(item, CallActivity):
            self.data.hand_in(item, frame.calls)
            calls = (*frame.calls, item.id)
            token.inner = Frame(calls, self._process.part_at(calls).model, None, token)
        if token.inner is not None and is_begun:
            self._begin(token.inner)
