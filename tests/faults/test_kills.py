"""Processes killed at random moments under load: what was answered is there once, what was not is asked again."""

import random
import time

from tests.faults.checking import is_whole
from tests.faults.conftest import ROUNDS, Stage
from tests.servers.load import Load
from tests.servers.programs import eventually


def test_servers_killed_at_random_moments(stage: Stage) -> None:
    chance = random.Random(2026)  # noqa: S311 - the same moments each time, as far as a machine allows
    with Load(stage.deployment, stage.world) as load:
        for _ in range(ROUNDS):
            before = load.answers()
            eventually(lambda seen=before: load.answers() > seen, "people work")  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.5))
            chance.choice(list(stage.deployment.programs.values())).kill()
            stage.deployment.start()
    is_whole(stage.deployment, load)


def test_everything_killed_at_once(stage: Stage) -> None:
    with Load(stage.deployment, stage.world) as load:
        for _ in range(max(1, ROUNDS // 3)):
            before = load.answers()
            eventually(lambda seen=before: load.answers() > seen + 3, "people work")  # type: ignore[misc]
            stage.deployment.stop()
            stage.deployment.start()
    is_whole(stage.deployment, load)
