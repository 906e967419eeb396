from pathlib import Path

import pytest

from app.engine.decisions.checks import check_decision_text
from tests.unit.decisions.building import data, file_of, literal, requirement, table

YEARS = ("years", "number")
WHOLE = ("years", "integer")
TITLE = ("title", "string", '"junior","senior"')
RANK = ("rank", "string")
FEE = ("fee", "number")
CLEAN = table(
    [WHOLE, TITLE], [RANK], [(["< 3", "-"], ['"a"']), ([">= 3", '"junior"'], ['"b"']), ([">= 3", '"senior"'], ['"c"'])]
)


def problems_of(*decisions, inputs=""):
    return [(one.rule, one.text) for one in check_decision_text("test.dmn", file_of(*decisions, inputs=inputs))]


def only_problem_of(*decisions, inputs=""):
    (problem,) = problems_of(*decisions, inputs=inputs)
    return problem


@pytest.mark.parametrize("file", ["rank.dmn", "host_eligibility.dmn"])
def test_the_examples_are_clean(file):
    assert check_decision_text(file, (Path(__file__).parent / file).read_text("utf-8")) == []


@pytest.mark.parametrize(
    "decision",
    [
        CLEAN,
        table([YEARS], [RANK], [(["<= 3"], ['"a"']), (["(3..6]"], ['"b"']), (["> 6"], ['"c"'])]),
        table([WHOLE], [RANK], [(["<= 3"], ['"a"']), (["[4..6]"], ['"b"']), ([">= 7"], ['"c"'])]),
        table([("years", "number", "[0..60]")], [RANK], [(["[0..3]"], ['"a"']), (["]3..60]"], ['"b"'])]),
        table([("on", "date")], [RANK], [(['<= date("2026-08-31")'], ['"a"']), (['>= date("2026-09-01")'], ['"b"'])]),
        table([("ok", "boolean")], [RANK], [(["true"], ['"a"']), (["false"], ['"b"'])]),
        table([("title", "string")], [RANK], [(['"a"'], ['"a"']), (['not("a")'], ['"b"'])]),
        table([TITLE], [RANK], [(['"junior"'], ['"a"']), (["-"], ['"b"'])], "FIRST"),
        table([YEARS], [RANK], [(["> 3"], ['"a"']), (["> 2"], ['"a"'])], "ANY").replace(
            "</output>", "<defaultOutputEntry><text>null</text></defaultOutputEntry></output>"
        ),
        table([YEARS], [RANK], [(["> 3"], ['"a"']), (["> 2"], ['"a"'])], "COLLECT"),
        table([YEARS], [(*RANK, "", '"z"')], [(["> 3"], ['"a"'])]),
        table([YEARS], [("on", "date")], [(["-"], ['"2026-09-01"'])]),
        table([YEARS], [RANK], [(["null"], ['"a"']), (["not(null)"], ['"b"'])]),
        table([YEARS], [RANK], [(["null"], ['"a"']), (["-"], ['"b"'])], "FIRST"),
        # What is compared with is not known, so nothing is sure.
        table([YEARS], [RANK], [(["< limit"], ['"a"']), ([">= limit"], ['"b"'])]),
        # Two columns that look at one value: no box is sure to be reached.
        table([("a - b", "number"), ("a", "number")], [RANK], [(["> 0", "> 5"], ['"a"']), (["<= 0", "-"], ['"b"'])]),
    ],
)
def test_a_sound_table_has_no_problem(decision):
    assert problems_of(decision) == []


@pytest.mark.parametrize(
    ("decision", "rule", "words"),
    [
        (table([YEARS], [RANK], [(["<= 3"], ['"a"']), ([">= 3"], ['"b"'])]), "dmn-overlap", "第 2 条规则：和第 1 条同时对得上，例如 years = 3"),
        (table([YEARS, TITLE], [RANK], [(["-", '"junior"'], ['"a"']), (["> 5", "-"], ['"b"']), (["<= 5", '"senior"'], ['"c"'])]), "dmn-overlap", 'years = 6，title = "junior"'),
        (table([YEARS], [RANK], [(["-"], ['"a"']), (["null"], ['"b"'])]), "dmn-overlap", "years = null"),
        (table([YEARS], [RANK], [(["< 9"], ['"a"']), ([">= 5"], ['"b"'])], "ANY"), "dmn-overlap", "ANY"),
        (table([YEARS], [RANK], [(["< 3"], ['"a"']), (["> 3"], ['"b"'])]), "dmn-gap", "years = 3"),
        (table([YEARS], [RANK], [(["<= 3"], ['"a"']), ([">= 4"], ['"b"'])]), "dmn-gap", "years = 3.5"),
        (table([WHOLE], [RANK], [(["<= 3"], ['"a"']), ([">= 5"], ['"b"'])]), "dmn-gap", "years = 4"),
        (table([("years", "number", ">= 0")], [RANK], [(["[1..3]"], ['"a"']), (["> 3"], ['"b"'])]), "dmn-gap", "years = 0"),
        (table([("on", "date")], [RANK], [(['< date("2026-08-31")'], ['"a"']), (['> date("2026-08-31")'], ['"b"'])]), "dmn-gap", "on = 2026-08-31"),
        (table([TITLE], [RANK], [(['"junior"'], ['"a"'])], "FIRST"), "dmn-gap", 'title = "senior"'),
        (table([("title", "string")], [RANK], [(['"a","b"'], ['"a"'])]), "dmn-gap", 'title = "其他"'),
        (table([("ok", "boolean"), TITLE], [RANK], [(["true", "-"], ['"a"']), (["false", '"senior"'], ['"b"'])]), "dmn-gap", 'ok = false，title = "junior"'),
        (table([YEARS], [RANK], [(["-"], ['"a"']), (["> 5"], ['"b"'])], "FIRST"), "dmn-dead-rule", "第 2 条规则：前面的规则"),
        (table([TITLE], [RANK], [(['"junior"'], ['"a"']), (['"senior"' ], ['"b"']), (['"junior","senior"'], ['"c"'])], "FIRST"), "dmn-dead-rule", "第 3 条规则"),
        (table([YEARS], [RANK], [(["[5..3]"], ['"a"'])], "COLLECT"), "dmn-dead-rule", "没有一个值对得上"),
        (table([("years", "number", "[0..5]")], [RANK], [(["> 5"], ['"a"'])], "COLLECT"), "dmn-dead-rule", "没有一个值对得上"),
        (table([YEARS], [RANK], [(['"a"'], ['"a"'])]), "dmn-type", "数字和文字不能比较"),
        (table([YEARS], [RANK], [(["true"], ['"a"'])]), "dmn-type", "不能比较"),
        (table([("ok", "boolean")], [RANK], [(["> true"], ['"a"'])]), "dmn-type", "真假不能比大小"),
        (table([("on", "date")], [RANK], [(['"2026-09-01"'], ['"a"'])]), "dmn-type", "日期和文字不能比较"),
        (table([YEARS], [RANK], [(['[1.."b"]'], ['"a"'])]), "dmn-type", "不能比较"),
        (table([YEARS], [FEE], [(["-"], ['"a"'])]), "dmn-type", "第 1 条规则“fee”：要的是数字"),
        (table([YEARS], [RANK], [(["-"], ["years + 1"])]), "dmn-type", "算出来的是数字，声明的却是文字"),
        (table([YEARS], [RANK], [(["-"], ['years + "a"'])]), "dmn-type", "只有数字才能计算"),
        (table([YEARS], [("n", "integer")], [(["-"], ["1.5"])]), "dmn-type", "要的是整数"),
        (table([('years + "a"', "number")], [RANK], [(["-"], ['"a"'])]), "dmn-type", '输入“years + "a"”'),
        (table([("1 > 2", "number")], [RANK], [(["-"], ['"a"'])]), "dmn-type", "算出来的是真假"),
        (table([YEARS], [RANK], [(["< 1 / 0"], ['"a"'])], "COLLECT"), "dmn-allowed", "除数"),
        (table([TITLE], [RANK], [(['"boss"'], ['"a"'])], "COLLECT"), "dmn-allowed", "boss"),
        (table([YEARS], [("rank", "string", '"a","b"')], [(["-"], ['"c"'])]), "dmn-allowed", "“rank”"),
        (table([YEARS], [("rank", "string", '"a","b"', '"c"')], [(["-"], ['"a"'])]), "dmn-allowed", "默认结果"),
        (table([("years", "number", '"a"')], [RANK], [(["-"], ['"a"'])]), "dmn-type", "的允许值"),
        (table([YEARS], [RANK], [(["-"], [""])]), "dmn-output", "是空的"),
        (table([YEARS], [(*RANK, "", '"a"'), FEE], [(["-"], ['"a"', "1"])]), "dmn-output", "默认结果要么"),
        (table([YEARS], [RANK], [(["-"], ['"a"'])], "PRIORITY"), "dmn-hit-policy", "先后"),
        (table([YEARS], [RANK], [(["-"], ['"a"'])], "OUTPUT ORDER"), "dmn-hit-policy", "先后"),
        (table([YEARS], [RANK], [(["-"], ['"a"'])], "COLLECT", "SUM"), "dmn-hit-policy", "只有数字"),
        (literal("1 + true"), "dmn-type", "只有数字"),
        (literal('"a"', kind="number"), "dmn-type", "要的是数字"),
        (literal("if 1 then 2 else 3"), "dmn-type", "真假"),
        (literal('not("a")'), "dmn-type", "真假"),
        (literal("5 < true"), "dmn-type", "不能比较"),
        (literal("x and 5"), "dmn-type", "真假"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_rule_and_example(decision, rule, words):
    found = only_problem_of(decision)
    assert found[0] == rule
    assert words in found[1]


def test_kinds_follow_names_through_requirements():
    lower = table([YEARS], [("grade", "string"), FEE], [(["-"], ['"a"', "1"])], name="lower")
    line = requirement("lower")
    assert problems_of(lower, literal("lower.fee + 1", "top", line)) == []
    assert "只有数字" in only_problem_of(lower, literal("lower.grade + 1", "top", line))[1]
    assert only_problem_of(lower, literal("lower.salary", "top", line))[0] == "dmn-name"
    assert "只有数字" in only_problem_of(literal("on + 1"), inputs=data("on", "date"))[1]


def test_a_name_that_no_input_data_has_is_found():
    assert only_problem_of(literal("yaers + 1"), inputs=data("years", "number"))[0] == "dmn-name"


def test_more_than_can_be_looked_at_is_left_alone():
    rules = [
        ([f'"{number}"' if number % 8 == column else "-" for column in range(12)], ['"x"']) for number in range(500)
    ]
    inputs = [(f"i{column}", "string") for column in range(12)]
    assert {rule for rule, _text in problems_of(table(inputs, [RANK], rules, "FIRST"))} <= {"dmn-gap", "dmn-dead-rule"}
    wide = [([",".join(f'"{rule}_{item}"' for item in range(90))], ['"x"']) for rule in range(150)]
    assert problems_of(table([("i", "string")], [RANK], wide)) == []


def test_no_more_overlaps_are_told_than_a_person_reads():
    assert len(problems_of(table([YEARS], [RANK], [(["-"], ['"a"'])] * 30))) == 20
