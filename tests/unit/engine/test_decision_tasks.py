import json

import pytest

from app.engine.compiler import compile_process
from app.engine.decision_tasks import DecisionFailed
from app.engine.expressions import ExpressionError
from app.engine.problems import PackageError
from tests.unit.decisions.building import file_of, table
from tests.unit.engine.playing import (
    Player,
    call,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    package,
    people,
    start,
    within,
)

RULES = [
    (["< 3", "-"], ['"wait"', "0"]),
    ([">= 3", '"war"'], ['"none"', "0"]),
    ([">= 3", "-"], ['"go"', "years * 100"]),
]
RANK = table(
    [("years", "number"), ("begin.mood", "string")],
    [("path", "string"), ("fee", "number")],
    RULES,
    "FIRST",
    name="rank",
)
POINTS = table(
    [("years", "number")], [("points", "number")], [([">= 1"], ["1"]), ([">= 2"], ["5"])], "COLLECT", name="points"
)
SUM = POINTS.replace("COLLECT", 'COLLECT" aggregation="SUM').replace("points", "total")
ONLY = table([("years", "number")], [("ok", "boolean")], [(["5"], ["true"])], name="only")
FILES = {"tables.dmn": file_of(RANK), "more.dmn": file_of(POINTS, SUM, ONLY)}


def decision(name, wanted, **params):
    given = "".join(f'<shenpi:param name="{key}" value="{value}"/>' for key, value in params.items())
    body = f"<bpmn:extensionElements>{given}</bpmn:extensionElements>" if given else ""
    return element("businessRuleTask", name, body, shenpi_decision=wanted)


def played(*body, files=FILES):
    return Player(compile_process(package(diagram(*body), **files)))


def one_task(wanted, **params):
    return played(
        start(), decision("judge", wanted, **params), people("ask"), ends("done"), line("begin", "judge", "ask", "done")
    )


def test_the_results_are_kept_under_the_element():
    player = one_task("rank", years="begin.years + 1").start(begin={"years": 4, "mood": "calm"})
    assert player.values["judge"] == {"path": "go", "fee": 500}
    assert player.at == ["ask"]


def test_a_single_output_has_its_name_too():
    assert one_task("total", years="begin.years").start(begin={"years": 2}).values["judge"] == {"total": 6}


def test_several_rules_give_a_list():
    assert one_task("points", years="begin.years").start(begin={"years": 2}).values["judge"] == {"points": [1, 5]}


def test_what_was_decided_and_why_goes_with_the_changes():
    player = one_task("rank", years="begin.years").start(begin={"years": 1, "mood": "calm", "secret": "x"})
    (decided,) = player.changes.decided
    assert (decided.element, decided.decision) == ("judge", "rank")
    assert decided.inputs == {"years": 1, "begin": {"mood": "calm"}}
    assert decided.outputs == {"path": "wait", "fee": 0}
    assert [rule["matched"] for rule in decided.explanation["rules"]] == [True, False, False]
    assert json.loads(json.dumps(decided.explanation)) == decided.explanation
    assert player.complete("ask").changes.decided == ()


def test_a_gateway_goes_by_the_decision():
    def path(years):
        player = played(
            start(), decision("judge", "total", years="begin.years"), gateways("exclusive", "is_enough"),
            people("few", "many"), ends("done", "over"), line("begin", "judge", "is_enough"),
            flow("is_enough", "few", "judge.total < 3"), flow("is_enough", "many", "judge.total >= 3"),
            line("few", "done"), line("many", "over"),
        )  # fmt: skip
        return player.start(begin={"years": years}).at

    assert (path(1), path(2)) == (["few"], ["many"])


def test_each_round_decides_anew_and_a_failing_one_leaves_nothing_behind():
    body = (
        start(), decision("judge", "only", years="ask.years or begin.years"), people("ask"),
        gateways("exclusive", "is_done"), ends("done"), line("begin", "judge", "ask", "is_done"),
        flow("is_done", "judge", "ask.verdict == 'return'"), flow("is_done", "done", "ask.verdict != 'return'"),
    )  # fmt: skip
    player = played(*body).start(begin={"years": 5})
    assert player.values["judge"] == {"ok": True}
    before = player.changes
    task = player.task("ask")
    with pytest.raises(DecisionFailed, match="没有一条规则对得上") as caught:
        player.complete("ask", "return", years=6)
    assert caught.value.element == "judge"
    assert "judge" in str(caught.value)
    assert player.changes is before
    player.waiting[task] = "ask"
    player.complete("ask", "return", years=5)
    assert "judge" in player.changes.cleared
    assert player.at == ["ask"]


def test_the_memo_takes_no_decision_for_another():
    process = compile_process(
        package(
            diagram(
                start(),
                decision("judge", "total", years="begin.years"),
                people("ask"),
                ends("done"),
                line("begin", "judge", "ask", "done"),
            ),
            **FILES,
        )
    )
    found = [Player(process).start(begin={"years": years}).values["judge"]["total"] for years in (1, 2, 1)]
    assert found == [1, 6, 1]


def test_a_decision_in_a_group_and_in_a_called_process():
    inner = diagram(
        start(),
        decision("judge", "only", years="params.years"),
        people("ask"),
        ends("done"),
        line("begin", "judge", "ask", "done"),
        key="inner",
    )
    outer = diagram(
        start(), within("group", start("enter"), decision("weigh", "total", years="begin.years"), ends("out"), line("enter", "weigh", "out")),
        call("block", "inner", '<shenpi:in name="years" value="begin.years"/>'), ends("end"), line("begin", "group", "block", "end"),
    )  # fmt: skip
    process = compile_process(package(outer, **FILES), {"inner": package(inner, "inner", **FILES)})
    player = Player(process).start(begin={"years": 5})
    assert player.values["weigh"] == {"total": 6}
    assert player.values["block"]["judge"] == {"ok": True}
    assert [one.element for one in player.changes.decided] == ["weigh", "block/judge"]


@pytest.mark.parametrize("value", ["'five'", "true"])
def test_a_value_of_another_kind_is_a_fault(value):
    with pytest.raises(DecisionFailed, match="要的是数字"):
        one_task("only", years=value).start()


def test_an_expression_without_a_value_is_a_fault():
    with pytest.raises(ExpressionError):
        one_task("only", years="1 / 0").start()


@pytest.mark.parametrize(
    ("files", "element_id"),
    [
        ({}, "judge"),
        ({"tables.dmn": file_of(RANK)}, "judge"),
        ({"a.dmn": file_of(ONLY), "b.dmn": file_of(ONLY)}, "only"),
        ({"a.dmn": file_of(ONLY), "b.dmn": "<x/>"}, ""),
    ],
)
def test_a_package_without_the_decision_or_with_a_broken_file_is_not_compiled(files, element_id):
    text = diagram(start(), decision("judge", "only", years="5"), ends("done"), line("begin", "judge", "done"))
    with pytest.raises(PackageError) as caught:
        compile_process(package(text, **files))
    assert caught.value.problems[0].element == element_id
