"""Cases that have not moved since the first format go on from where they stand."""

from base64 import b64decode
from pathlib import Path

import orjson
import pytest

from app.engine.changes import Changes
from tests.unit.engine.playing import (
    Player,
    compiled,
    diagram,
    ends,
    gateways,
    line,
    people,
    start,
    timer,
)
from tests.unit.engine.test_jumps import PROCESS, advance

# Written by the platform of the first format: process, where it stands, state, what waits by number, timers.
STATES = orjson.loads(Path(__file__).with_name("old_states.json").read_bytes())
RACE = compiled(
    diagram(
        start(), people("draft", "after"), gateways("eventBased", "race"), gateways("exclusive", "merge"),
        timer("first"), timer("second"), ends("done"),
        line("begin", "draft", "race", "first", "merge", "after", "done"), line("race", "second", "merge"),
    )
)  # fmt: skip


def restored(name: str, state: str, waiting: dict[str, str], timers: dict[str, str]) -> Player:
    player = Player(PROCESS if name == "long" else RACE)
    player.changes = Changes(b64decode(state), {"draft": {}})
    player.waiting = {int(number): path for number, path in waiting.items()}
    player.timers = {int(number): path for number, path in timers.items()}
    return player


@pytest.mark.parametrize(("name", "where", "state", "waiting", "timers"), STATES, ids=[row[1] for row in STATES])
def test_an_old_state_goes_on_as_a_new_one(name, where, state, waiting, timers):
    player = restored(name, state, waiting, timers)
    if where == "ended":
        return
    if where == "pause":
        player.wake("pause")
    if where == "race":
        player.wake("second")
    assert advance(player, None).changes.outcome == "done"


@pytest.mark.parametrize("row", [row for row in STATES if row[4]], ids=lambda row: row[1])
def test_timers_of_an_old_state_can_be_woken(row):
    name, _, state, waiting, timers = row
    for path in timers.values():
        assert path not in restored(name, state, waiting, timers).wake(path).armed
