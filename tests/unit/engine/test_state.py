"""The state is canonical and stays small."""

import logging
import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor

from app.engine import run
from tests.unit.engine.playing import (
    Player,
    border,
    compiled,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    people,
    start,
    within,
)

LOOP = diagram(
    start(),
    people("write", "left", "right", "review"),
    border("late", "write"),
    border("soon", "review", interrupting=False),
    within("part", start("open"), people("inside"), ends("closed"), line("open", "inside", "closed")),
    gateways("parallel", "fork", "join"),
    border("stuck", "part"),
    gateways("exclusive", "merge", "meet"),
    element("exclusiveGateway", "verdict", default="verdict_to_done"),
    ends("done", "reminded", "expired"),
    line("begin", "merge", "write", "fork", "left", "join", "part", "meet", "review", "verdict", "done"),
    line("fork", "right", "join"),
    flow("verdict", "merge", "review.verdict == 'return'"),
    flow("late", "expired"),
    flow("stuck", "meet"),
    flow("soon", "reminded"),
)
PROCESS = compiled(LOOP)


def turn(player: Player, verdict: str, *, reminded: bool = False, stuck: bool = False) -> Player:
    player.complete("write").complete("left").complete("right")
    if stuck:
        player.wake("stuck")
    else:
        player.complete("inside")
    if reminded:
        player.wake("soon")
    return player.complete("review", verdict)


def test_five_hundred_returns_come_back_to_the_same_state():
    player = Player(PROCESS).start()
    first = player.changes.state
    for number in range(500):
        turn(player, "return", reminded=number % 2 == 0, stuck=number % 3 == 0)
        assert player.changes.state == first
    assert turn(player, "agree").changes.outcome == "done"


def test_a_task_that_follows_itself_takes_two_numbers_in_turn():
    text = diagram(
        start(), people("write"), gateways("exclusive", "back"), ends("done"), line("begin", "back", "write", "again", "done"),
        element("exclusiveGateway", "again", default="again_to_done"), flow("again", "back", "write.verdict == 'return'"),
    )  # fmt: skip
    player = Player(compiled(text)).start()
    states = [player.complete("write", "return").changes.state for _ in range(20)]
    assert len(set(states)) == 2
    assert states[::2] == states[:1] * 10


def test_a_reminder_that_has_ended_leaves_no_trace():
    plain, reminded = (turn(Player(PROCESS).start(), "return", reminded=reminded) for reminded in (False, True))
    assert plain.changes.state == reminded.changes.state


def test_a_repeated_reminder_takes_two_numbers_in_turn():
    player = Player(PROCESS).start().complete("write").complete("left").complete("right").complete("inside")
    states = [player.changes.state, *(player.wake("soon", again=True).changes.state for _ in range(6))]
    assert states[::2] == states[:1] * 4
    assert states[1::2] == states[1:2] * 3


def test_either_order_of_branches_comes_to_the_same_state():
    one = Player(PROCESS).start().complete("write").complete("left").complete("right")
    other = Player(PROCESS).start().complete("write").complete("right").complete("left")
    assert one.changes.state == other.changes.state


def test_a_return_by_jump_comes_to_the_state_of_the_first_visit():
    first = Player(PROCESS).start()
    returned = (
        turn(Player(PROCESS).start(), "return").complete("write").complete("left").complete("right").complete("inside")
    )
    assert returned.jump("write").changes.state == first.changes.state


HASHES = """
from hashlib import sha256
from random import Random
from tests.random_processes import draw_process
from tests.unit.engine.walking import Walk
digest = sha256()
for seed in range(8):
    random = Random(seed)
    walk = Walk(draw_process(random).compiled(), random)
    while not walk.is_ended and len(walk.actions) < 15:
        walk.step()
    for changes in walk.player.history:
        digest.update(repr(changes).encode())
print(digest.hexdigest())
"""


def test_nothing_hangs_on_the_order_of_sets():
    told = {
        subprocess.run(
            [sys.executable, "-c", HASHES], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_state_of_an_ended_process_is_its_root_alone():
    player = turn(Player(PROCESS).start(), "agree")
    assert player.changes.state == b'[2,"done",1,[]]'


def test_same_way_gives_the_same_bytes(monkeypatch):
    plain = turn(Player(PROCESS).start(), "return").changes.state
    numbers = iter(range(10**9, 0, -1))
    monkeypatch.setattr("SpiffWorkflow.task.uuid4", lambda: uuid.UUID(int=next(numbers)))
    monkeypatch.setattr("SpiffWorkflow.task.time.time", lambda: float(next(numbers)))
    assert turn(Player(compiled(LOOP)).start(), "return").changes.state == plain


def test_threads_share_one_compiled_process():
    def play_one(_: int) -> list[bytes]:
        player = Player(PROCESS).start()
        states = [turn(player, "return", reminded=True).changes.state for _ in range(10)]
        return [*states, turn(player, "agree").changes.state]

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(play_one, range(8))
    assert all(states == first for states in others)


def test_a_step_changes_nothing_that_was_handed_in():
    player = Player(PROCESS).start(begin={"amount": 1})
    state, values = player.changes.state, {"begin": {"amount": 1}}
    for _ in range(2):
        changes = run.complete(
            PROCESS, state, values, player.task("write"), {"a": [1]}, "agree", player.context, player.operate
        )
        assert values == {"begin": {"amount": 1}}
        assert changes.values == {"begin": {"amount": 1}, "write": {"a": [1], "verdict": "agree"}}


def test_no_clock_and_no_recursion_grows_with_the_rounds():
    player = Player(PROCESS).start()
    for _ in range(20):
        turn(player, "return")
    limit = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(400)
        turn(player, "return")
    finally:
        sys.setrecursionlimit(limit)
    assert player.at == ["write"]


def test_engine_logs_carry_no_task_data():
    for name in ("spiff", "spiff.task", "spiff.workflow"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
