"""Embedded subprocesses share the values around them; called processes have their own."""

import pytest

from app.engine.problems import PackageError
from tests.unit.engine.playing import (
    Player,
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
    within,
)

EMBEDDED = diagram(
    start(),
    within("panel", start("open"), people("score"), ends("closed"), line("open", "score", "closed")),
    people("judge"),
    element("exclusiveGateway", "good", default="good_to_bad"),
    ends("passed", "bad"),
    line("begin", "panel", "judge", "good"),
    flow("good", "passed", "score.points >= 60"),
    flow("good", "bad"),
)
CALLEE = diagram(
    start("open"),
    people("score"),
    element("exclusiveGateway", "enough", default="enough_to_low"),
    ends("high", "low"),
    line("open", "score", "enough"),
    flow("enough", "high", "score.points >= params.limit"),
    flow("enough", "low"),
    key="review",
)
CALLER = diagram(
    start(),
    people("draft", "judge"),
    call(
        "panel",
        "review",
        '<shenpi:in name="limit" value="draft.limit"/><shenpi:out name="points" value="score.points * 2"/>',
    ),
    element("exclusiveGateway", "good", default="good_to_bad"),
    ends("passed", "bad"),
    line("begin", "draft", "panel", "judge", "good"),
    flow("good", "passed", "panel.points >= 120"),
    flow("good", "draft", "judge.verdict == 'return'"),
    flow("good", "bad"),
)


def test_embedded_subprocess_shares_values():
    player = play(EMBEDDED).start()
    assert player.at == ["score"]
    player.complete("score", points=60)
    assert player.values == {"score": {"points": 60}}
    assert player.complete("judge").changes.outcome == "passed"


def test_called_process_has_values_params_and_results_of_its_own():
    player = play(CALLER, review=CALLEE).start().complete("draft", limit=50)
    assert player.at == ["panel/score"]
    player.complete("panel/score", "agree", points=60)
    assert player.values["panel"] == {
        "params": {"limit": 50},
        "score": {"points": 60, "verdict": "agree"},
        "points": 120,
    }
    assert "panel/high" in [visit.element for visit in player.changes.visited]
    assert player.complete("judge").changes.outcome == "passed"


def test_calling_again_clears_what_was_decided_and_keeps_what_was_typed():
    player = play(CALLER, review=CALLEE).start().complete("draft", limit=50)
    player.complete("panel/score", "agree", points=10).complete("judge", "return").complete("draft", limit=70)
    assert player.values["panel"] == {"params": {"limit": 70}, "score": {"points": 10}}
    assert set(player.changes.cleared) == {"panel", "panel/score"}
    player.complete("panel/score", "agree", points=70)
    assert player.complete("judge", "agree").changes.outcome == "passed"


def test_operations_in_a_called_process_see_its_values():
    callee = diagram(
        start("open"), service("check", "check_expense"), ends("ok"), line("open", "check", "ok"), key="review"
    )
    caller = diagram(
        start(), call("panel", "review", '<shenpi:in name="who" value="begin.who"/>'), people("after"), ends("done"),
        line("begin", "panel", "after", "done"),
    )  # fmt: skip
    player = play(caller, review=callee)
    player.results["panel/check"] = lambda values: {"total": values["params"]["who"]}
    player.start(begin={"who": 7})
    assert player.ran == [("check_expense", "panel/check", {})]
    assert player.values["panel"]["check"] == {"total": 7}


def test_processes_may_use_the_same_ids():
    callee = diagram(
        start(), within("part", start("open"), people("draft"), ends("closed"), line("open", "draft", "closed")),
        ends("done"), line("begin", "part", "done"), key="review",
    )  # fmt: skip
    caller = diagram(
        start(), within("part", start("open"), people("draft"), ends("closed"), line("open", "draft", "closed")),
        call("panel", "review"), ends("done"), line("begin", "part", "panel", "done"),
    )  # fmt: skip
    player = play(caller, review=callee).start()
    assert player.complete("draft", a=1).at == ["panel/draft"]
    player.complete("panel/draft", b=2)
    assert player.values == {"draft": {"a": 1}, "panel": {"params": {}, "draft": {"b": 2}}}
    assert player.changes.outcome == "done"


def test_two_calls_at_once_are_kept_apart():
    caller = diagram(
        start(), gateways("parallel", "fork", "join"), call("one", "review"), call("two", "review"), ends("done"),
        line("begin", "fork", "one", "join", "done"), line("fork", "two", "join"),
    )  # fmt: skip
    player = play(caller, review=CALLEE).start()
    assert player.at == ["one/score", "two/score"]
    player.complete("two/score", points=2).complete("one/score", points=1)
    assert player.values["one"]["score"] == {"points": 1}
    assert player.values["two"]["score"] == {"points": 2}
    assert player.changes.outcome == "done"


def test_elements_and_forms_are_found_by_path():
    process = compiled(CALLER, review=CALLEE)
    assert process.element("panel/score").id == "score"
    assert process.form_of("panel/score") is None
    with pytest.raises(KeyError):
        process.element("panel/nothing")


def test_missing_callee_is_refused():
    with pytest.raises(PackageError) as raised:
        compiled(CALLER)
    assert [(problem.element, problem.rule) for problem in raised.value.problems] == [("panel", "call")]


def test_process_calling_itself_is_refused():
    text = diagram(start("open"), call("panel", "review"), ends("ok"), line("open", "panel", "ok"), key="review")
    with pytest.raises(PackageError, match="调用自己"):
        compiled(CALLER, review=text)


def test_instances_share_one_compiled_process():
    process = compiled(CALLER, review=CALLEE)
    players = [Player(process).start().complete("draft", limit=limit) for limit in (1, 2)]
    assert [player.complete("panel/score", points=1).values["panel"]["params"]["limit"] for player in players] == [1, 2]


def test_paths_that_no_row_could_hold_are_refused():
    outer, middle, inner = "a" * 39, "b" * 39, "c" * 39
    text = diagram(start(), people(inner), ends("done"), line("begin", inner, "done"), key="inside")
    between = diagram(start(), call(middle, "inside"), ends("done"), line("begin", middle, "done"), key="review")
    caller = diagram(start(), call(outer, "review"), ends("done"), line("begin", outer, "done"))
    with pytest.raises(PackageError, match="超过 100 个字符"):
        compiled(caller, review=between, inside=text)
    compiled(caller, review=between, inside=text.replace(inner, "c"))
