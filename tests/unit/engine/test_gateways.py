"""Exclusive and parallel gateways, loops, and what re-entering clears."""

import pytest

from app.domain.errors import Stale
from app.engine import run
from app.engine.changes import VisitKind
from app.engine.due_values import WorkingDays
from app.engine.problems import RunError
from tests.unit.engine.playing import (
    Player,
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
)

CHOICE = diagram(
    start(),
    people("judge", "small", "large"),
    element("exclusiveGateway", "size", default="size_to_small"),
    ends("done", "done_large"),
    line("begin", "judge", "size"),
    flow("size", "large", "judge.amount > params.limit"),
    flow("size", "small"),
    line("small", "done"),
    line("large", "done_large"),
)
FORK = diagram(
    start(),
    people("draft", "left", "right", "after"),
    gateways("parallel", "fork", "join"),
    gateways("exclusive", "merge"),
    element("exclusiveGateway", "again", default="again_to_done"),
    ends("done"),
    line("begin", "merge", "draft", "fork", "left", "join", "after", "again", "done"),
    line("fork", "right", "join"),
    flow("again", "merge", "after.verdict == 'return'"),
)
ROUND = diagram(
    start(),
    people("write", "review"),
    service("check", "check_expense"),
    element("exclusiveGateway", "verdict", default="verdict_to_done"),
    ends("done"),
    line("begin", "write", "check", "review", "verdict", "done"),
    flow("verdict", "write", "review.verdict == 'return'"),
)


@pytest.mark.parametrize(("amount", "where"), [(1001, "large"), (1000, "small"), (None, "small")])
def test_condition_decides(amount, where):
    assert play(CHOICE).start().complete("judge", amount=amount).at == [where]


def test_outcome_is_the_end_event_reached():
    player = play(CHOICE).start().complete("judge", amount=5000).complete("large")
    assert player.changes.outcome == "done_large"
    assert player.changes.is_ended
    assert not player.at


def test_no_condition_holds_is_an_incident():
    text = diagram(
        start(), people("a", "b"), gateways("exclusive", "x"), ends("done"),
        line("begin", "x"), flow("x", "a", "1 > 2"), flow("x", "b", "begin.amount == 7"), line("a", "done"), line("b", "done"),
    )  # fmt: skip
    with pytest.raises(RunError, match="没有一条出线"):
        play(text).start()


def test_join_waits_for_both_branches_in_either_order():
    for first, second in (("left", "right"), ("right", "left")):
        player = play(FORK).start().complete("draft")
        assert player.at == ["left", "right"]
        assert player.complete(first).at == [second]
        assert player.complete(second).at == ["after"]
        assert player.complete("after").changes.outcome == "done"


def test_join_of_a_second_round_waits_again():
    # The stock parallel gateway lets the first round's arrival count again.
    player = play(FORK).start().complete("draft").complete("left").complete("right").complete("after", "return")
    for first, second in (("right", "left"), ("left", "right"), ("right", "left")):
        player.complete("draft").complete(first)
        assert player.at == [second]
        player.complete(second).complete("after", "return")
    assert player.at == ["draft"]


def test_reentry_clears_verdict_and_result_and_keeps_what_was_typed():
    player = play(ROUND)
    player.results["check"] = {"total": 7}
    player.start().complete("write", text="一").complete("review", "return", comment="再改")
    assert not player.changes.cleared
    assert player.values["review"] == {"comment": "再改", "verdict": "return"}
    player.results["check"] = None
    player.complete("write", text="二")
    assert player.changes.cleared == ("check", "review")
    assert player.values == {"write": {"text": "二"}, "review": {"comment": "再改"}}
    assert player.complete("review", "agree").changes.outcome == "done"


def test_edited_element_gets_the_submission_and_the_task_the_verdict():
    text = diagram(
        start(),
        element("userTask", "revise", shenpi_role="initiator", shenpi_edits="begin"),
        ends("done"),
        line("begin", "revise", "done"),
    )
    player = play(text).start(begin={"amount": 1}).complete("revise", "submit", amount=2)
    assert player.values == {"begin": {"amount": 2}, "revise": {"verdict": "submit"}}


def test_visits_tell_what_happened_in_order():
    player = play(ROUND).start()
    assert [(visit.element, visit.kind.value) for visit in player.changes.visited] == [
        ("begin", "completed"),
        ("write", "entered"),
    ]
    player.complete("write")
    assert player.visits(VisitKind.COMPLETED) == ["write", "check"]
    assert player.visits(VisitKind.ENTERED) == ["review"]


def test_completing_twice_is_stale():
    player = play(CHOICE).start()
    task_id = player.task("judge")
    player.complete("judge", amount=1)
    changes = player.changes
    with pytest.raises(Stale):
        run.complete(player.process, changes.state, changes.values, task_id, {}, None, player.context, player.operate)


def test_terminating_end_closes_the_other_branch():
    text = diagram(
        start(),
        people("left", "right"),
        gateways("parallel", "fork"),
        element("endEvent", "stopped", "<bpmn:terminateEventDefinition/>"),
        ends("done"),
        line("begin", "fork", "left", "stopped"),
        line("fork", "right", "done"),
    )
    player = play(text).start()
    right = player.task("right")
    player.complete("left")
    assert player.changes.closed == (right,)
    assert player.changes.outcome == "stopped"
    assert player.visits(VisitKind.CANCELLED) == ["right"]


def test_operation_error_passes_unchanged_and_leaves_values():
    player = play(ROUND).start()
    error = ValueError("no")
    player.results["check"] = error
    before = player.values
    task_id = player.task("write")
    with pytest.raises(ValueError, match="no") as raised:
        run.complete(
            player.process, player.changes.state, before, task_id, {"text": "x"}, None, player.context, player.operate
        )
    assert raised.value is error
    assert before == {}
    assert player.at == ["write"]
    player.results["check"] = None
    assert player.complete("write").at == ["review"]


def test_service_circle_is_stopped():
    text = diagram(
        start(), service("a", "check_expense"), element("exclusiveGateway", "x", default="x_to_a"), ends("done"),
        line("begin", "a", "x"), flow("x", "a"), flow("x", "done", "a.total == 1"),
    )  # fmt: skip
    with pytest.raises(RunError, match="转圈"):
        play(text).start()


def test_retry_changes_nothing_where_only_people_are_awaited():
    player = play(ROUND).start()
    changes = run.retry(player.process, player.changes.state, player.values, player.context, player.operate)
    assert changes.state == player.changes.state
    assert not changes.opened
    assert not changes.visited


def test_cancel_closes_everything():
    player = play(FORK).start().complete("draft")
    changes = run.cancel(player.process, player.changes.state)
    assert set(changes.closed) == set(player.waiting)
    assert changes.outcome is None
    assert changes.is_ended


def test_due_is_given_with_the_task():
    text = diagram(
        start(), element("userTask", "sign", shenpi_role="principal", shenpi_due="working_days(rules['sign.days'])"), ends("done"),
        line("begin", "sign", "done"),
    )  # fmt: skip
    player = Player(play(text).process, rules={"sign.days": 3}).start()
    assert player.changes.opened[0].due == WorkingDays(3)
