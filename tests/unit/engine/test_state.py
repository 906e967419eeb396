"""The state is canonical and stays small."""

import logging
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
    gateways("exclusive", "merge"),
    element("exclusiveGateway", "verdict", default="verdict_to_done"),
    ends("done", "reminded", "expired"),
    line("begin", "merge", "write", "fork", "left", "join", "part", "review", "verdict", "done"),
    line("fork", "right", "join"),
    flow("verdict", "merge", "review.verdict == 'return'"),
    flow("late", "expired"),
    flow("soon", "reminded"),
)
PROCESS = compiled(LOOP)


def turn(player: Player, verdict: str, *, reminded: bool = False) -> Player:
    player.complete("write").complete("left").complete("right").complete("inside")
    if reminded:
        player.wake("soon")
    return player.complete("review", verdict)


def test_three_hundred_returns_keep_the_state_small():
    player = turn(Player(PROCESS).start(), "return")
    first, states = len(player.changes.state), set()
    for number in range(300):
        turn(player, "return", reminded=number % 2 == 0)
        states.add(player.changes.state)
        assert len(player.changes.state) == first
    assert len(states) <= 4
    assert turn(player, "agree").changes.outcome == "done"


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
