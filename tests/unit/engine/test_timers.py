"""Timers are named waits: the clock is outside, the step wakes one of them."""

import pytest

from app.domain.errors import Stale
from app.engine import run
from app.engine.changes import VisitKind
from app.engine.due_values import Period
from tests.unit.engine.playing import border, diagram, ends, flow, gateways, line, people, play, start, timer, within

WAIT = diagram(start(), timer("pause"), people("go"), ends("done"), line("begin", "pause", "go", "done"))


def bordered(*, interrupting: bool) -> str:
    return diagram(
        start(), people("sign", "chase", "after"), border("late", "sign", interrupting=interrupting, due="P2D"),
        ends("done", "chased"), line("begin", "sign", "after", "done"), line("late", "chase", "chased"),
    )  # fmt: skip


RACE = diagram(
    start(),
    people("ask", "early", "late"),
    gateways("eventBased", "race"),
    gateways("exclusive", "merge"),
    timer("two_days"),
    timer("nine_days"),
    ends("done"),
    line("begin", "merge", "ask", "race", "two_days", "early", "merge"),
    line("race", "nine_days", "late", "done"),
)


def test_intermediate_timer_waits_until_woken():
    player = play(WAIT).start()
    assert (player.at, player.armed) == ([], ["pause"])
    assert player.changes.armed[0].due == Period(3 * 24 * 60)
    assert player.wake("pause").at == ["go"]
    assert player.armed == []


def test_waking_twice_is_stale():
    player = play(WAIT).start()
    task_id = next(iter(player.timers))
    player.wake("pause")
    with pytest.raises(Stale):
        run.wake(player.process, player.changes.state, {}, task_id, player.context, player.operate)


def test_interrupting_timer_takes_the_task_away():
    player = play(bordered(interrupting=True)).start()
    assert (player.at, player.armed) == (["sign"], ["late"])
    task_id = player.task("sign")
    player.wake("late")
    assert player.at == ["chase"]
    assert player.changes.closed == (task_id,)
    assert player.visits(VisitKind.CANCELLED) == ["sign"]
    assert player.complete("chase").changes.outcome == "chased"


def test_completing_disarms_the_border():
    for interrupting in (True, False):
        player = play(bordered(interrupting=interrupting)).start().complete("sign")
        assert (player.at, player.armed) == (["after"], [])
        assert player.complete("after").changes.outcome == "done"


def test_non_interrupting_timer_adds_a_branch():
    player = play(bordered(interrupting=False)).start().wake("late")
    assert (player.at, player.armed) == (["chase", "sign"], [])
    player.complete("sign")
    assert player.at == ["after", "chase"]
    player.complete("after")
    assert not player.changes.is_ended
    assert player.complete("chase").changes.outcome == "done"


def test_branch_of_a_timer_may_end_first():
    player = play(bordered(interrupting=False)).start().wake("late").complete("chase")
    assert player.at == ["sign"]
    player.complete("sign").complete("after")
    assert player.changes.outcome == "done"


def test_first_timer_of_a_race_wins():
    player = play(RACE).start().complete("ask")
    assert player.armed == ["nine_days", "two_days"]
    player.wake("nine_days")
    assert (player.at, player.armed) == (["late"], [])
    assert player.visits(VisitKind.CANCELLED) == ["two_days"]
    assert player.complete("late").changes.is_ended


def test_race_is_run_again_in_a_loop():
    player = play(RACE).start()
    for _ in range(3):
        player.complete("ask").wake("two_days").complete("early")
        assert (player.at, player.armed) == (["ask"], [])
    assert player.complete("ask").wake("nine_days").at == ["late"]


def test_looping_back_to_a_bordered_task_arms_its_timer_again():
    text = diagram(
        start(), people("sign", "revise"), border("late", "sign"), gateways("exclusive", "merge"), ends("done"),
        line("begin", "merge", "sign", "done"), line("late", "revise", "merge"),
    )  # fmt: skip
    player = play(text).start()
    for _ in range(3):
        player.wake("late").complete("revise")
        assert (player.at, player.armed) == (["sign"], ["late"])
    assert player.complete("sign").changes.outcome == "done"


def test_timer_looping_straight_back_reports_old_and_new_task():
    text = diagram(
        start(), people("sign"), border("late", "sign"), gateways("exclusive", "merge"), ends("done"),
        line("begin", "merge", "sign", "done"), flow("late", "merge"),
    )  # fmt: skip
    player = play(text).start()
    old = player.task("sign")
    player.wake("late")
    assert player.changes.closed == (old,)
    assert player.task("sign") != old
    kinds = [visit.kind.value for visit in player.changes.visited if visit.element == "sign"]
    assert kinds == ["cancelled", "entered"]


def test_two_borders_at_one_task():
    text = diagram(
        start(), people("sign", "chase", "expired"), border("soon", "sign", interrupting=False), border("late", "sign"),
        ends("done", "chased", "over"),
        line("begin", "sign", "done"), line("soon", "chase", "chased"), line("late", "expired", "over"),
    )  # fmt: skip
    player = play(text).start()
    assert player.armed == ["late", "soon"]
    player.wake("soon")
    assert (player.at, player.armed) == (["chase", "sign"], ["late"])
    player.wake("late")
    assert player.at == ["chase", "expired"]
    player.complete("expired").complete("chase")
    assert player.changes.is_ended


def test_border_of_a_subprocess_interrupts_what_is_inside():
    inner = (start("open"), people("inside"), timer("pause"), gateways("parallel", "fork"), ends("closed", "paused"),
             line("open", "fork", "inside", "closed"), line("fork", "pause", "paused"))  # fmt: skip
    text = diagram(
        start(), within("panel", *inner), border("late", "panel"), people("expired"), ends("done", "over"),
        line("begin", "panel", "done"), line("late", "expired", "over"),
    )  # fmt: skip
    player = play(text).start()
    assert (player.at, player.armed) == (["inside"], ["late", "pause"])
    player.wake("late")
    assert (player.at, player.armed) == (["expired"], [])
    assert set(player.visits(VisitKind.CANCELLED)) == {"panel", "inside", "pause"}
    assert player.complete("expired").changes.outcome == "over"


def test_a_reminder_may_lead_back_to_its_own_activity():
    # Two tokens at one activity: what ends one leaves the other with its deadline.
    text = diagram(
        start(), gateways("exclusive", "merge"), people("sign", "fix", "after"), border("soon", "sign", interrupting=False),
        border("late", "sign"), ends("done", "over"),
        line("begin", "merge", "sign", "after", "done"), line("soon", "fix", "merge"), line("late", "over"),
    )  # fmt: skip
    player = play(text).start().wake("soon").complete("fix")
    assert (player.at, player.armed) == (["sign", "sign"], ["late", "late", "soon"])
    player.complete("sign").complete("after")
    assert len(player.at) == 1
    assert "late" in player.armed
    player.wake("late")
    assert player.changes.outcome == "over"
