"""Every process can be returned from every task to every task that is offered, in both ways, and comes to its end.

What is tried comes from the scenarios alone: a new process is covered by its own.
"""

from collections.abc import Iterator

import pytest

from app.domain.errors import Conflict
from app.domain.vocabulary import Verdict
from app.engine.checks import load_siblings
from app.engine.come_backs import is_back
from app.engine.compiler import CompiledProcess, compile_process
from app.engine.model import TimerEvent, UserTask
from app.engine.package import ProcessPackage, load_package
from app.engine.paths import beside, name_in
from app.engine.return_targets import Barred, Offered, missing_before, targets_from
from app.engine.scenarios.model import Scenario
from app.engine.scenarios.reading import read_scenarios
from tests.scenarios.returned_processes import RETURNED
from tests.scenarios.test_scenarios import FOLDERS, FORMS, PROCESSES
from tests.scenarios.walking_back import Returnable

Case = tuple[ProcessPackage, CompiledProcess]


def shipped(name: str) -> Case:
    folder = PROCESSES / name
    package = load_package(name, PROCESSES, FORMS)
    return package, compile_process(package, load_siblings(folder, FORMS))


def stops(process: CompiledProcess, scenarios: tuple[Scenario, ...]) -> Iterator[Returnable]:
    """Yield each moment of each scenario, one of those that are alike."""
    seen = set()
    for scenario in scenarios:
        play = Returnable(process, scenario, scenarios)
        play.start()
        if scenario.start.refused is not None:
            continue
        for step in (*scenario.steps, None):
            moment = play.latest.state, tuple(sorted(set(play.finished))), repr(play.latest.values)
            if moment not in seen and not play.latest.is_ended:
                seen.add(moment)
                yield play.fork()
            if step is not None:
                play.take(step)


def walk_again(play: Returnable, target: str) -> None:
    play.send_back(target)
    assert play.at == [target] or target not in play.at  # a roll on which nobody is closes at once
    asked, model = play.latest.opened, play.ground.process.part_of(target).model
    if play.at == [target]:
        task = model.user_task(name_in(target))
        assert [one.due is not None for one in asked] == [task.due is not None]
        borders = {beside(target, event.id) for event in model.of_kind(TimerEvent) if event.attached_to == task.id}
        assert borders <= {one.element for one in play.latest.armed}
    assert play.finish_somehow().outcome


def walk_back(play: Returnable, origin: str, target: str) -> bool:
    """Return whether the case came straight back, or the answer ended it."""
    play.send_back(target, origin)
    if play.at == [target]:
        play.answer(target)
    ground = play.ground
    came_back = play.at == [origin] and is_back(play.latest, origin)
    is_sound = missing_before(ground.process, ground.values, origin, ground.signed) is None
    is_over = play.latest.is_ended
    assert came_back or not is_sound or is_over, (origin, target, play.at)
    assert play.finish_somehow().outcome
    return came_back or is_over


def try_all(process: CompiledProcess, scenarios: tuple[Scenario, ...]) -> dict[str, set[tuple[str, str]]]:
    """Return every pair of task and target that was tried, by the way of going on."""
    tried: dict[str, set[tuple[str, str]]] = {"again": set(), "back": set(), "barred": set()}
    for play in stops(process, scenarios):
        for origin in play.asked_alone:
            for one in targets_from(play.ground, origin):
                pair = origin, one.element
                if isinstance(one, Barred):
                    tried["barred"].add(pair)
                    refuse(play.fork(), one)
                    continue
                walk_again(play.fork(), one.element)
                tried["again"].add(pair)
                if offers_back(one) and walk_back(play.fork(), origin, one.element):
                    tried["back"].add(pair)
    return tried


def offers_back(one: Offered) -> bool:
    return one.no_way_back is None


def refuse(play: Returnable, one: Barred) -> None:
    if one.is_beside_others:
        with pytest.raises(Conflict, match=one.reason.chinese()):
            play.send_back(one.element)


@pytest.mark.parametrize("name", [folder.name for folder in FOLDERS])
def test_every_task_of_a_shipped_process_can_be_returned(name: str) -> None:
    package, process = shipped(name)
    tried = try_all(process, tuple(read_scenarios(package.scenarios or "")))
    origins = {origin for origin, _target in tried["again"]}
    # A task that draws its own return needs no other.
    alone = {
        task.id
        for task in process.model.of_kind(UserTask)
        if task.collective is None and Verdict.RETURN not in task.verdicts
    }
    is_revised = any(task.edits == process.model.start.id for task in process.model.of_kind(UserTask))
    # Tasks of processes that it calls are tried beside its own.
    assert not is_revised or origins >= alone, "a task from which no scenario can be returned"
    assert tried["back"] or not tried["again"]


@pytest.mark.parametrize("case", RETURNED, ids=lambda case: case.name)
def test_every_task_of_a_hard_process_can_be_returned(case) -> None:
    tried = try_all(case.process, case.scenarios)
    assert tried == {way: set(pairs) for way, pairs in case.pairs.items()}
