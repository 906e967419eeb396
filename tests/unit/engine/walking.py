"""Random walks through random processes: the engine beside the token game, step by step."""

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from app.domain.errors import Conflict
from app.engine.case import Case
from app.engine.changes import Changes, Visit, VisitKind
from app.engine.codec import new_position
from app.engine.compiler import CompiledProcess
from app.engine.graph import is_inside_parallel, on_the_side
from app.engine.memo import Transition
from app.engine.model import EndEvent, ProcessModel, UserTask, WaitEvent
from app.engine.positions import open_tasks, waiting_events
from app.engine.run import Step
from app.engine.values import Inputs, as_json
from tests.random_processes import VERDICTS
from tests.token_game import Game
from tests.unit.engine.playing import Player

# What happens: `complete`, `wake`, `wake_again`, `receive` or `jump`, at which path, with which verdict and number.
Action = tuple[str, str, str, int]


class Walker(Player):
    """The engine with state stored and restored at every step, and operations that answer by their place."""

    def __init__(self, process: CompiledProcess, *, rules: Mapping[str, Any]) -> None:
        super().__init__(process, rules=rules)
        self.history: list[Changes] = []

    def operate(self, operation: str, name: str, params: dict[str, Any], values: Mapping[str, Any]) -> Any:
        return operate(operation, name, params, values)

    def act(self, action: Action) -> None:
        what, path, verdict, number = action
        if what == "complete":
            self.complete(path, verdict, n=number)
        elif what == "receive":
            self.receive(path, number=number)
        elif what == "jump":
            self.jump(path)
        else:
            self.wake(path, again=what == "wake_again")

    @property
    def events(self) -> list[str]:
        return sorted([*self.timers.values(), *(one.element for one in self.awaited.values())])

    def _take(self, changes: Changes) -> None:
        super()._take(changes)
        self.history.append(changes)


class Unpruned:
    """The engine with one position in memory: never pruned, never stored, nothing remembered."""

    def __init__(self, process: CompiledProcess, context: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.process = process
        self._context = context
        case = Case(process, Inputs(values, context), operate)
        self._position = new_position(case)
        self.changes = Step(case, self._position).finish()

    def act(self, action: Action) -> Changes:
        what, path, verdict, number = action
        inputs = Inputs(self.changes.values, self._context, {"number" if what == "receive" else "n": number}, verdict)
        case = Case(self.process, inputs, operate)
        self._position.workflow.script_engine = case
        step = Step(case, self._position)
        waiting = open_tasks(self._position) | waiting_events(self._position)
        subject = path if what == "jump" else next(key for key, found in waiting.items() if found == path)
        step.begin(Transition(b"", what, subject))
        self.changes = step.finish()
        return self.changes

    @property
    def at(self) -> list[str]:
        return sorted(open_tasks(self._position).values())

    @property
    def events(self) -> list[str]:
        return sorted(waiting_events(self._position).values())


def operate(_operation: str, name: str, _params: dict[str, Any], _values: Mapping[str, Any]) -> dict[str, Any]:
    return answer_of(name)


def answer_of(name: str) -> dict[str, Any]:
    return {"n": sum(map(ord, name)) % 7, "verdict": VERDICTS[len(name) % 3]}


class Walk:
    """One case played by the engine and in the token game; any difference fails."""

    def __init__(self, process: CompiledProcess, random: Random) -> None:
        self.actions: list[Action] = []
        self.player = Walker(process, rules={"strict": random.random() < 0.5})
        self.game = Game(process, self.player.context, answer_of)
        self._random = random
        self._done: list[str] = []
        self.values = {process.model.start.id: {"n": 1}}
        self.player.start(**self.values)
        self.game.start(as_json(self.values))
        self.unpruned = Unpruned(process, self.player.context, self.values)
        self.compare()

    @property
    def is_ended(self) -> bool:
        return self.player.changes.is_ended

    def step(self) -> None:
        """Do something at random."""
        action = self._choose()
        self._act(action)

    def finish(self) -> None:
        """Agree to all that waits and let all time pass: every case comes to its end."""
        for _ in range(200):
            if self.is_ended:
                return
            at = self.player.at
            self._act(("complete", at[0], "agree", 2) if at else self._event_that_moves_on())
        raise AssertionError(f"no end: {self.actions}")

    def _event_that_moves_on(self) -> Action:
        path = next(path for path in self.player.events if not self._is_lasting(path) or path in self.player.armed)
        return "wake" if path in self.player.armed else "receive", path, "", 0

    def _is_lasting(self, path: str) -> bool:
        """Tell whether an event stands at a border and interrupts nothing."""
        item = self.player.process.element(path)
        return isinstance(item, WaitEvent) and item.attached_to is not None and not item.is_interrupting

    def compare(self) -> None:
        player, game = self.player, self.game
        changes = player.changes
        assert (player.at, player.events) == (game.open, game.awaited), self.actions
        assert counted(changes.visited) == game.visited, self.actions
        assert set(changes.cleared) == game.data.cleared, self.actions
        assert player.values == game.data.kept, self.actions
        assert changes.is_ended == game.is_ended, self.actions
        assert changes.outcome == (game.outcome if game.is_ended else None), self.actions
        self._compare_unpruned()
        assert self._is_main_end(changes.outcome), self.actions

    def _compare_unpruned(self) -> None:
        player, unpruned = self.player, self.unpruned
        changes, plain = player.changes, unpruned.changes
        assert (player.at, player.events) == (unpruned.at, unpruned.events), self.actions
        assert counted(changes.visited) == counted(plain.visited), self.actions
        assert set(changes.cleared) == set(plain.cleared), self.actions
        assert changes.values == plain.values, self.actions
        assert (changes.is_ended, changes.outcome) == (plain.is_ended, plain.outcome), self.actions

    def _is_main_end(self, outcome: str | None) -> bool:
        """A reminder's end is no outcome, unless it ended all the rest."""
        model = self.player.process.model
        end = model.elements.get(outcome or "")
        return outcome not in model.side_ends or (isinstance(end, EndEvent) and end.is_terminating)

    def _act(self, action: Action) -> None:
        self.actions.append(action)
        what, path, verdict, number = action
        if what == "complete":
            self._done.append(path)
            self.game.complete(path, {"n": number}, verdict)
        elif what == "receive":
            self.game.happen(path, {"number": number}, again=self._is_lasting(path))
        elif what != "jump":
            self.game.happen(path, again=what == "wake_again")
        elif not self._may_jump(path):
            self._is_refused(action)
            return
        else:
            self.game.jump(path)
        self.player.act(action)
        self.unpruned.act(action)
        self.compare()

    def _is_refused(self, action: Action) -> None:
        self.actions.pop()
        try:
            self.player.act(action)
        except Conflict:
            return
        raise AssertionError(f"{action} after {self.actions}")

    def _may_jump(self, path: str) -> bool:
        """Tell whether one token stands, and alone comes to the end from where it would enter."""
        entered = self.game.entered_by(path)
        left = [set(self.game.left_by(path)), *(set[str]() for _ in entered)]
        return self.game.token_count == 1 and all(map(_is_enough, entered, left))

    def _choose(self) -> Action:
        at, armed = self.player.at, self.player.armed
        options = [("complete", path) for path in at] * 3 + [("wake", path) for path in armed]
        options += [("wake_again", path) for path in armed if self._is_lasting(path)]
        options += [("receive", path) for path in self.player.events if path not in armed]
        if self._done and self._random.random() < 0.25:
            options = [("jump", path) for path in self._done if isinstance(self.player.process.element(path), UserTask)]
        what, path = self._random.choice(options)
        return what, path, self._random.choice(("agree", *VERDICTS)), self._random.randrange(6)


def counted(visits: Iterable[Visit]) -> Counter[tuple[str, VisitKind]]:
    return Counter((visit.element, visit.kind) for visit in visits)


def _is_enough(entered: tuple[ProcessModel, str], left: set[str]) -> bool:
    model, name = entered
    aside = on_the_side(model.elements, model.flows, model.elements[name].parent)
    return not is_inside_parallel(model.elements, model.flows, name) and (name not in aside or bool(left & aside))
