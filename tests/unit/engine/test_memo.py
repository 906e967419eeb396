"""A known step is repeated without the engine, and never where anything differs that moves a token."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from app.engine import run
from app.engine.acts import Act, Verb
from app.engine.changes import Changes
from app.engine.compiler import CompiledProcess
from app.engine.due_values import Period
from app.engine.expressions import ExpressionError
from app.engine.memo import MAX_WAYS, Memo, Transition
from tests.unit.engine.playing import (
    Player,
    border,
    call,
    compiled,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    people,
    service,
    start,
)

CALLEE = diagram(
    start("open"), people("score"), ends("scored"), line("open", "score", "scored"), key="panel"
)  # fmt: skip
CALL = '<shenpi:in name="limit" value="write.amount * 2"/><shenpi:out name="points" value="score.points"/>'
# write → how much? → small | large → a called panel → review → back to write | done
TEXT = diagram(
    start(), people("write", "small", "large"),
    element("userTask", "review", shenpi_role="teacher", shenpi_due="write.due"),
    gateways("exclusive", "back", "merge"),
    element("exclusiveGateway", "how_much", default="how_much_to_small"),
    element("exclusiveGateway", "verdict", default="verdict_to_done"),
    call("panel", "panel", CALL), ends("done"),
    line("begin", "back", "write", "how_much", "small", "merge", "panel", "review", "verdict", "done"),
    flow("how_much", "large", "write.amount > 100"), flow("large", "merge"),
    flow("verdict", "back", "review.verdict == 'return'"),
)  # fmt: skip


@pytest.fixture
def process() -> CompiledProcess:
    return compiled(TEXT, panel=CALLEE)


def go_round(player: Player, amount: Any, verdict: str, due: str = "P1D") -> list[Changes]:
    """Play from writing to the review's verdict."""
    found = []
    player.complete("write", amount=amount, due=due)
    found.append(player.changes)
    player.complete(player.at[0])
    found.append(player.changes)
    player.complete("panel/score", points=7)
    found.append(player.changes)
    player.complete("review", verdict, comment="好")
    return [*found, player.changes]


def test_a_second_case_repeats_every_step_of_the_first(process):
    first = go_round(Player(process).start(), 5, "agree")
    assert (process.memo.hits, process.memo.misses) == (0, 5)
    assert go_round(Player(process).start(), 5, "agree") == first
    assert (process.memo.hits, process.memo.misses) == (5, 5)


def test_what_is_repeated_takes_the_present_values(process):
    go_round(Player(process).start(), 5, "return")
    player = Player(process).start()
    steps = go_round(player, 8, "return", due="P2D")
    assert process.memo.misses == 5
    assert steps[1].values["panel"]["params"] == {"limit": 16}
    assert steps[2].opened[0].due == Period(2 * 24 * 60)
    assert steps[2].values["panel"]["points"] == 7
    assert steps[3].values["review"] == {"comment": "好", "verdict": "return"}


def test_another_answer_to_a_condition_is_another_step(process):
    go_round(Player(process).start(), 5, "agree")
    player = Player(process).start()
    player.complete("write", amount=500)
    assert player.at == ["large"]
    player = Player(process).start()
    player.complete("write", amount=50)
    assert player.at == ["small"]
    player = Player(process).start()
    player.complete("write", amount=501)
    assert player.at == ["large"]
    assert process.memo.misses == 6


def test_a_known_step_clears_what_this_case_decided_before(process):
    for is_known in (False, True):
        player = Player(process).start()
        go_round(player, 5, "return")
        assert player.changes.cleared == ()
        steps = go_round(player, 5, "agree")
        assert [step.cleared for step in steps] == [(), ("panel",), ("review",), ()], is_known


def test_what_cannot_be_evaluated_fails_with_and_without_a_known_step(process):
    go_round(Player(process).start(), 5, "agree")
    with pytest.raises(ExpressionError):
        Player(process).start().complete("write", amount="多")


def test_an_operation_and_an_armed_timer_are_never_repeated():
    text = diagram(
        start(), people("write", "wait"), service("check", "check_expense"), border("late", "wait"), ends("done", "over"),
        line("begin", "write", "check", "wait", "done"), flow("late", "over"),
    )  # fmt: skip
    process = compiled(text)
    for _ in range(3):
        player = Player(process).start().complete("write")
        assert [name for name, _, _ in player.ran] == ["check_expense"]
    timers = compiled(text.replace(service("check", "check_expense"), people("check")))
    for _ in range(3):
        player = Player(timers).start().complete("write").complete("check")
        assert player.armed == ["late"]
        player.complete("wait")
    assert timers.memo.hits == 2 * 3


def test_without_a_memo_nothing_is_known(process):
    plain = replace(process, memo=Memo(max_bytes=0))
    steps = [go_round(Player(plain).start(), 5, "agree") for _ in range(2)]
    assert steps[0] == steps[1] == go_round(Player(process).start(), 5, "agree")
    assert (plain.memo.hits, plain.memo.size) == (0, 0)


def answering(answers: dict[str, bool | None]) -> Callable[[Act], bool | None]:
    return lambda act: answers[act.subject]


def way(*answers: bool) -> list[tuple[Act, bool | None]]:
    return [(Act(Verb.ASK, (), str(place)), answer) for place, answer in enumerate(answers)]


def test_memory_is_bounded_and_the_longest_unused_goes_first():
    memo = Memo(max_bytes=50_000)
    for number in range(100):
        memo.remember(Transition(b"x" * 1000, "complete", number), [], Changes(b"y" * 1000, {}))
        memo.recall(Transition(b"x" * 1000, "complete", 0), answering({}))
    assert memo.size <= 50_000
    assert memo.recall(Transition(b"x" * 1000, "complete", 0), answering({})) is not None
    assert memo.recall(Transition(b"x" * 1000, "complete", 1), answering({})) is None
    assert memo.recall(Transition(b"x" * 1000, "complete", 99), answering({})) is not None


def test_one_step_too_large_drives_out_no_other():
    memo = Memo(max_bytes=50_000)
    memo.remember(Transition(b"a", "start"), [], Changes(b"", {}))
    memo.remember(Transition(b"b", "start"), [], Changes(b"z" * 40_000, {}))
    assert memo.recall(Transition(b"a", "start"), answering({})) is not None


def test_conditions_that_vary_without_end_are_not_kept_without_end():
    memo, transition = Memo(), Transition(b"", "start")
    for number in range(1_000):
        memo.remember(
            transition, way(*(bool(number >> bit & 1) for bit in range(10))), Changes(str(number).encode(), {})
        )
    known = [
        number
        for number in range(1_000)
        if memo.recall(transition, answering({str(bit): bool(number >> bit & 1) for bit in range(10)}))
    ]
    assert known == list(range(MAX_WAYS))


def test_threads_share_a_memo(process):
    def play_one(number: int) -> list[Changes]:
        player = Player(process).start()
        return [step for _ in range(5) for step in go_round(player, 5 + 100 * (number % 2), "return")]

    with ThreadPoolExecutor(4) as pool:
        played = list(pool.map(play_one, range(12)))
    assert all(steps == played[number % 2] for number, steps in enumerate(played))
    assert process.memo.hits > process.memo.misses


def test_starting_many_runs_the_engine_once(process):
    states = {run.start(process, {"begin": {"n": n}}, {}, lambda *_: None).state for n in range(100)}
    assert len(states) == 1
    assert process.memo.misses == 1
