import pytest

from app.engine.checks import check_package
from app.engine.checks.facts import Registry, read_facts
from app.engine.checks.scope import names_of
from app.engine.handover.targets import check_path
from app.engine.package import package_from_files
from app.engine.types import NUMBER, TEXT, choice, list_of
from tests.unit.decisions.building import file_of, literal, table
from tests.unit.engine.playing import diagram, element, ends, line, package

FORM = """{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {"id": "y", "type": "number", "key": "years", "label": "年限"},
  {"id": "t", "type": "textfield", "key": "title", "label": "职称"}]}"""
RANK = table(
    [("years", "number")], [("rank", "string", '"a","b"')], [(["< 3"], ['"a"']), ([">= 3"], ['"b"'])], name="rank"
)
DIRECT = RANK.replace(">years<", ">begin.years<")
SPACED = table([("years", "number")], [("结果 一", "string")], [(["-"], ['"a"'])], name="spaced")


def checked(decision, *, wanted="rank", **params):
    given = "".join(f'<shenpi:param name="{key}" value="{value}"/>' for key, value in params.items())
    task = element(
        "businessRuleTask",
        "judge",
        f"<bpmn:extensionElements>{given}</bpmn:extensionElements>" if given else "",
        shenpi_decision=wanted,
    )
    begin = element("startEvent", "begin", shenpi_form="ask", shenpi_roles="teacher")
    text = diagram(begin, task, ends("done"), line("begin", "judge", "done"))
    return package(text, **{"rank.dmn": file_of(decision), "forms/ask.json": FORM})


def problems_of(found):
    silent = {"label", "not-drawn", "bpmn-schema"}
    return [(one.file, one.element, one.rule, one.text) for one in check_package(found) if one.rule not in silent]


def test_a_task_that_gives_what_the_decision_needs_is_right():
    assert problems_of(checked(RANK, years="begin.years")) == []
    assert problems_of(checked(DIRECT)) == []


@pytest.mark.parametrize(
    ("decision", "wanted", "params", "rule", "words"),
    [
        (RANK, "rank", {}, "decision", "要看“years”"),
        (RANK, "rank", {"years": "begin.years", "age": "3"}, "decision", "用不到参数“age”"),
        (RANK, "rang", {"years": "begin.years"}, "decision", "没有决策“rang”"),
        (RANK, "rank", {"years": "begin.title"}, "type", "要数字"),
        (RANK, "rank", {"years": "begin.age"}, "name", "begin.age"),
        (RANK, "rank", {"years": "begin.years +"}, "expression", "写法不对"),
        (DIRECT.replace("begin.years", "begin.age"), "rank", {}, "decision", "要看“begin.age”"),
        (SPACED, "spaced", {"years": "begin.years"}, "decision", "写不出来"),
    ],
)
def test_a_task_that_does_not_is_refused(decision, wanted, params, rule, words):
    (problem,) = problems_of(checked(decision, wanted=wanted, **params))
    assert problem[:3] == ("case.bpmn", "judge", rule)
    assert words in problem[3]


def test_a_task_without_a_decision_is_refused():
    found = package(
        diagram(
            element("startEvent", "begin"),
            element("businessRuleTask", "judge"),
            ends("done"),
            line("begin", "judge", "done"),
        )
    )
    assert ("judge", "decision") in {(one[1], one[2]) for one in problems_of(found)}


def test_beside_a_file_that_cannot_be_read_no_decision_is_missed():
    sound = checked(RANK, years="begin.years")
    broken = package_from_files({**sound.files, "rank.dmn": "<x"})
    assert {problem[2] for problem in problems_of(broken)} == {"xml"}


def test_the_tables_are_checked_with_the_package():
    (problem,) = problems_of(checked(RANK.replace("&gt;= 3", "&gt;= 2"), years="begin.years"))
    assert problem[:3] == ("rank.dmn", "rank_2", "dmn-overlap")


def test_a_file_alone_is_checked(tmp_path):
    path = tmp_path / "rank.dmn"
    path.write_text(file_of(RANK.replace("&gt;= 3", "&gt; 3")), "utf-8")
    assert [one.rule for one in check_path(path, tmp_path)] == ["dmn-gap"]
    path.write_text("<x/>", "utf-8")
    assert [one.rule for one in check_path(path, tmp_path)] == ["dmn"]


@pytest.mark.parametrize(
    ("decision", "wanted", "offered"),
    [
        (RANK, "rank", {"rank": choice(("a", "b"))}),
        (RANK.replace("UNIQUE", "RULE ORDER"), "rank", {"rank": list_of(choice(("a", "b")))}),
        (RANK.replace("UNIQUE", 'COLLECT" aggregation="COUNT'), "rank", {"rank": NUMBER}),
        (literal("1 + 1", "sum", kind="number"), "sum", {"sum": NUMBER}),
        (literal('"a"', "word", kind="string"), "word", {"word": TEXT}),
    ],
)
def test_the_results_have_the_types_that_the_tables_declare(decision, wanted, offered):
    facts = read_facts(checked(decision, wanted=wanted), {}, Registry()).facts
    assert facts is not None
    assert names_of(facts)["judge"] == offered
