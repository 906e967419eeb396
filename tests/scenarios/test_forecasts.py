"""Whatever happens next in a scenario was foreseen, at every moment of every process."""

from collections.abc import Iterable
from typing import Any

import pytest

from app.engine.changes import Changes, VisitKind
from app.engine.compiler import CompiledProcess
from app.engine.forecasts import Ahead, forecast, forecast_start
from app.engine.model import WaitEvent
from app.engine.scenarios.model import Scenario
from app.engine.scenarios.playing import Play
from app.engine.scenarios.reading import read_scenarios
from tests.scenarios.returned_processes import RETURNED
from tests.scenarios.test_returns import shipped
from tests.scenarios.test_scenarios import FOLDERS


def named(path: list[Ahead]) -> set[str]:
    """Return every step that a forecast names."""
    turned = {step for one in path for turn in one.turns for step in turn.steps}
    return {one.path for one in path} | turned


def between(process: CompiledProcess, events: Iterable[str]) -> list[str]:
    """Return those of the events that stand between two elements, not at the border of one."""
    found = ((path, process.element(path)) for path in events)
    return [path for path, event in found if isinstance(event, WaitEvent) and event.attached_to is None]


def newly(process: CompiledProcess, changes: Changes) -> set[str]:
    """Return what a step came to: tasks, waits, and the end."""
    waits = [*(one.element for one in changes.awaited), *(one.element for one in changes.armed)]
    # The main line may have ended before the last of its reminders does.
    ends = {visit.element for visit in changes.visited if visit.kind is VisitKind.COMPLETED} & {changes.outcome}
    return {*(one.element for one in changes.opened), *between(process, waits), *ends}


class Foretold(Play):
    """A play that compares each step with the forecast before it."""

    def __init__(self, process: CompiledProcess, scenario: Scenario) -> None:
        super().__init__(process, scenario)
        values = {process.model.start.id: scenario.start.values}
        self.foretold = forecast_start(process, values, self._context)
        self.compared = 0

    def _note(self, changes: Changes, again: Any = None) -> None:
        came = newly(self._process, changes)
        assert came <= named(self.foretold), (came, self.foretold)
        self.compared += len(came)
        super()._note(changes, again)
        awaited, timers = self._waits.awaited.values(), self._waits.timers.values()
        waits = [*(one.element for one in awaited), *(one.element for one in timers)]
        standing = list(dict.fromkeys([*self._open.values(), *between(self._process, waits)]))
        self.foretold = forecast(self._process, changes.values, self._context, standing)
        assert [one.path for one in self.foretold[: len(standing)]] == standing
        model = self._process.model
        assert len(self.foretold) <= len(model.elements) * 3


def play(process: CompiledProcess, scenario: Scenario) -> int:
    story = Foretold(process, scenario)
    story.start()
    for step in scenario.steps:
        story.take(step)
    return story.compared


@pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])
def test_what_happens_in_a_shipped_process_was_foreseen(name: str) -> None:
    package, process = shipped(name)
    assert sum(play(process, scenario) for scenario in read_scenarios(package.scenarios or "")) > 0


@pytest.mark.parametrize("case", RETURNED, ids=lambda case: case.name)
def test_what_happens_in_a_hard_process_was_foreseen(case) -> None:
    assert all(play(case.process, scenario) for scenario in case.scenarios)
