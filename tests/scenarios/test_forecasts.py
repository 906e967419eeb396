"""Whatever happens next in a scenario was foreseen, at every moment of every process."""

from typing import Any

import pytest

from app.engine.changes import Changes
from app.engine.compiler import CompiledProcess
from app.engine.forecasts import Ahead, forecast, forecast_start
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


class Foretold(Play):
    """A play that compares each step with the forecast before it."""

    def __init__(self, process: CompiledProcess, scenario: Scenario) -> None:
        super().__init__(process, scenario)
        values = {process.model.start.id: scenario.start.values}
        self.foretold = forecast_start(process, values, self._context)
        self.compared = 0

    def _note(self, changes: Changes, again: Any = None) -> None:
        came = {one.element for one in (*changes.opened, *changes.awaited)}
        came |= {one.element for one in changes.armed if not one.is_at_border}
        came |= {changes.outcome} if changes.outcome else set()
        assert came <= named(self.foretold), (came, self.foretold)
        self.compared += len(came)
        super()._note(changes, again)
        waits = [*self._waits.awaited.values(), *self._waits.timers.values()]
        model = self._process.model
        between = [
            one.element for one in waits if getattr(self._process.element(one.element), "attached_to", None) is None
        ]
        standing = [*dict.fromkeys(self._open.values()), *between]
        self.foretold = forecast(self._process, changes.values, self._context, standing) if standing else []
        assert [one.path for one in self.foretold[: len(standing)]] == standing
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
