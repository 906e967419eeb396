"""Every scenario goes the same way, step by step, whether its steps are known or not."""

from dataclasses import replace

import orjson
import pytest

from app.engine.changes import Changes
from app.engine.checks import load_siblings
from app.engine.compiler import CompiledProcess, compile_process
from app.engine.memo import Memo
from app.engine.package import load_package
from app.engine.scenarios.model import Scenario
from app.engine.scenarios.playing import Play
from app.engine.scenarios.reading import read_scenarios
from tests.scenarios.test_scenarios import FOLDERS, FORMS, PROCESSES

# Every step runs an operation, which is never taken from the memo.
ALL_OPERATE = {"application_stage", "decision_stage", "rank_application"}


def play(process: CompiledProcess, scenario: Scenario) -> list[Changes]:
    story = Play(process, scenario)
    story.start()
    for step in scenario.steps:
        story.take(step)
    story.finish()
    return story.steps


def exact(steps: list[Changes]) -> list[tuple[Changes, bytes]]:
    """Return steps so that 1, 1.0 and true are told apart."""
    return [(changes, orjson.dumps(changes.values)) for changes in steps]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_scenarios_with_and_without_the_memo(folder):
    package = load_package(folder.name, PROCESSES, FORMS)
    process = compile_process(package, load_siblings(folder, FORMS))
    plain = replace(process, memo=Memo(max_bytes=0))
    for scenario in read_scenarios(package.scenarios or ""):
        expected = play(plain, scenario)
        assert exact(play(process, scenario)) == exact(expected)
        assert exact(play(process, scenario)) == exact(expected)
    assert plain.memo.hits == 0
    assert process.memo.hits > 0 or folder.name in ALL_OPERATE
