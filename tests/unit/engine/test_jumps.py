"""Return by jump: from everywhere, with timers and pruning, and never out of half a parallel."""

import pytest

from app.domain.errors import Conflict
from app.engine.changes import VisitKind
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
    play,
    service,
    start,
    timer,
    within,
)

CALLEE = diagram(
    start("open"),
    people("score", "confirm"),
    border("slow", "score", interrupting=False),
    service("note", "check_expense"),
    ends("ok", "noted"),
    line("open", "score", "confirm", "ok"),
    line("slow", "note", "noted"),
    key="review",
)
INNER = (
    start("enter"), service("prepare", "check_expense"), people("inside", "closing"), border("overdue", "inside"),
    ends("part_done", "overdue_end"), line("enter", "prepare", "inside", "closing", "part_done"), flow("overdue", "overdue_end"),
)  # fmt: skip
# draft → sign (deadline) → fork(left ∥ right) → panel (deadline) → judge → a wait → embedded part (deadline) → last
LONG = diagram(
    start(),
    people("draft", "sign", "left", "right", "judge", "last", "escalated"),
    border("sign_late", "sign"),
    gateways("parallel", "fork", "join"),
    call("panel", "review", '<shenpi:in name="limit" value="draft.limit"/>'),
    border("panel_late", "panel"),
    timer("pause"),
    within("part", *INNER),
    border("part_late", "part", interrupting=False),
    gateways("exclusive", "merge"),
    ends("done", "reminded"),
    line("begin", "draft", "sign", "fork", "left", "join", "panel", "judge", "pause", "part", "last", "done"),
    line("fork", "right", "join"),
    line("sign_late", "merge", "escalated", "sign"),
    flow("panel_late", "merge"),
    flow("part_late", "reminded"),
)

TARGETS = ("draft", "sign", "panel", "panel/score", "panel/confirm", "judge", "part", "inside", "closing", "last")
PROCESS = compiled(LONG, review=CALLEE)


def advance(player: Player, until: str | None) -> Player:
    """Complete what waits, in order, until the named element waits."""
    while player.at and until not in player.at:
        player.complete(player.at[0], "agree", note="写过的")
        if "pause" in player.armed:
            player.wake("pause")
    return player


@pytest.mark.parametrize(
    "origin", ["draft", "sign", "panel/score", "panel/confirm", "judge", "inside", "closing", "last"]
)
@pytest.mark.parametrize("target", TARGETS)
def test_from_everywhere_to_everywhere(origin, target):
    player = advance(Player(PROCESS).start(), origin)
    old = player.task(origin)
    player.jump(target)
    waits_at = {"panel": "panel/score", "part": "inside"}.get(target, target)
    assert player.at == [waits_at]
    assert player.changes.closed == (old,)
    assert player.visits(VisitKind.CANCELLED)[0] == origin
    assert advance(player, None).changes.outcome == "done"


def test_what_was_typed_stays_and_the_verdict_goes():
    player = advance(Player(PROCESS).start(), "judge")
    player.jump("sign")
    assert player.values["sign"] == {"note": "写过的"}
    assert player.changes.cleared == ("sign",)
    assert player.values["panel"]["score"] == {"note": "写过的", "verdict": "agree"}


def test_left_behind_timer_is_disarmed_and_the_new_one_armed():
    player = advance(Player(PROCESS).start(), "sign")
    assert player.armed == ["sign_late"]
    player.jump("draft")
    assert player.armed == []
    player.complete("draft")
    assert (player.at, player.armed) == (["sign"], ["sign_late"])
    assert player.wake("sign_late").at == ["escalated"]


def test_jump_within_a_subprocess_keeps_its_deadline():
    player = advance(Player(PROCESS).start(), "panel/confirm")
    deadline = next(key for key, path in player.timers.items() if path == "panel_late")
    player.jump("panel/score")
    assert player.timers[deadline] == "panel_late"
    assert player.armed == ["panel/slow", "panel_late"]
    assert player.wake("panel_late").at == ["escalated"]


def test_jump_into_a_subprocess_arms_its_deadline_and_skips_what_comes_before():
    player = advance(Player(PROCESS).start(), "draft")
    player.jump("closing")
    assert (player.at, player.armed) == (["closing"], ["part_late"])
    assert player.ran == []
    assert player.wake("part_late").at == ["closing"]
    assert advance(player, None).changes.outcome == "done"


def test_jump_after_the_join_awaits_both_branches_again():
    player = advance(Player(PROCESS).start(), "judge")
    player.jump("sign").complete("sign")
    assert player.at == ["left", "right"]
    player.complete("right")
    assert player.at == ["left"]
    assert player.complete("left").at == ["panel/score"]


def test_refused_while_a_sibling_branch_is_live_or_waits_at_the_join():
    player = advance(Player(PROCESS).start(), "left")
    with pytest.raises(Conflict, match="同时办理"):
        player.jump("draft")
    player.complete("left")
    with pytest.raises(Conflict, match="同时办理"):
        player.jump("draft")


def test_refused_into_a_branch():
    player = advance(Player(PROCESS).start(), "judge")
    with pytest.raises(Conflict, match="分开办理之前"):
        player.jump("left")


@pytest.mark.parametrize("target", ["nothing", "fork", "done", "judge/score", "panel/nothing", "pause"])
def test_refused_to_what_is_no_activity(target):
    player = advance(Player(PROCESS).start(), "judge")
    with pytest.raises(Conflict, match="没有可以退回的环节"):
        player.jump(target)


def test_refused_after_the_end():
    player = advance(Player(PROCESS).start(), None)
    with pytest.raises(Conflict, match="已经办结"):
        player.jump("draft")


def test_jump_from_a_waiting_timer():
    player = advance(Player(PROCESS).start(), "judge")
    player.complete("judge")
    assert player.armed == ["pause"]
    player.jump("judge")
    assert (player.at, player.armed) == (["judge"], [])
    assert player.visits(VisitKind.CANCELLED) == ["pause"]


def test_jump_to_the_same_element_opens_a_new_task():
    player = advance(Player(PROCESS).start(), "judge")
    old = player.task("judge")
    player.jump("judge")
    assert player.changes.closed == (old,)
    kinds = [visit.kind for visit in player.changes.visited]
    assert kinds == [VisitKind.CANCELLED, VisitKind.ENTERED]


def test_ended_reminder_does_not_hinder():
    player = advance(Player(PROCESS).start(), "panel/score").wake("panel/slow")
    assert player.ran == [("check_expense", "panel/note", {})]
    assert player.jump("draft").at == ["draft"]
    assert advance(player, None).changes.outcome == "done"


def test_live_branch_of_a_timer_hinders():
    text = diagram(
        start(), people("draft", "sign", "chase"), border("late", "sign", interrupting=False), ends("done", "chased"),
        line("begin", "draft", "sign", "done"), line("late", "chase", "chased"),
    )  # fmt: skip
    player = play(text).start().complete("draft").wake("late")
    with pytest.raises(Conflict):
        player.jump("draft")
    assert player.complete("chase").jump("draft").at == ["draft"]


def test_many_returns_keep_the_state_small():
    player = advance(Player(PROCESS).start(), "judge")
    sizes = []
    for _ in range(40):
        player.jump("draft")
        sizes.append(len(player.changes.state))
        advance(player, "judge")
    assert max(sizes) < min(sizes) + 40


def test_service_task_can_be_the_target():
    text = diagram(
        start(), people("draft", "judge"), service("check", "check_expense"), element("userTask", "after", shenpi_role="teacher"),
        ends("done"), line("begin", "draft", "check", "judge", "after", "done"),
    )  # fmt: skip
    player = play(text).start().complete("draft").complete("judge", "agree")
    assert player.jump("check").at == ["judge"]
    assert player.ran == [("check_expense", "check", {})] * 2


def test_activities_around_what_is_left_are_noted_too():
    player = advance(Player(PROCESS).start(), "panel/score")
    player.jump("draft")
    assert player.visits(VisitKind.CANCELLED) == ["panel/score", "panel"]
    player = advance(Player(PROCESS).start(), "panel/confirm")
    player.jump("panel/score")
    assert player.visits(VisitKind.CANCELLED) == ["panel/confirm"]


def test_refused_behind_a_join_that_stands_within_a_branch():
    # fork(first ∥ inner fork(one ∥ two) → joined → second) → last: `second` is still one of two.
    text = diagram(
        start(), people("first", "one", "two", "second", "last"), ends("done"),
        gateways("parallel", "fork", "join", "inner_fork", "inner_join"),
        line("begin", "fork", "first", "join", "last", "done"),
        line("fork", "inner_fork", "one", "inner_join", "second", "join"), line("inner_fork", "two", "inner_join"),
    )  # fmt: skip
    player = play(text).start()
    for name in ("first", "one", "two", "second"):
        player.complete(name)
    for target in ("first", "one", "second"):
        with pytest.raises(Conflict, match="分开办理之前"):
            player.jump(target)


SIDE = diagram(
    start(), people("draft", "sign", "chase", "report"), border("late", "sign", interrupting=False), ends("done", "chased"),
    line("begin", "draft", "sign", "done"), line("late", "chase", "report", "chased"),
)  # fmt: skip


def test_the_main_line_is_not_left_for_a_reminder():
    player = play(SIDE).start().complete("draft").wake("late").complete("chase").complete("report")
    with pytest.raises(Conflict, match="主线"):
        player.jump("chase")


def test_a_reminder_that_is_still_on_its_way_can_be_returned():
    player = play(SIDE).start().complete("draft").wake("late").complete("sign").complete("chase")
    assert player.jump("chase").at == ["chase"]
    # The main line has ended before, and tells how.
    assert player.complete("chase").complete("report").changes.outcome == "done"
