"""Expressions are typed against what exists where they stand; null is of every type."""

import json

import pytest

from app.engine.checks.expressions import check_expressions
from app.engine.checks.facts import Registry, read_facts
from app.engine.package import ProcessPackage
from app.services.rulebook.rule_packs import parameter_types
from tests.unit.engine.playing import (
    border,
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

FIELDS = [
    {"type": "number", "id": "a", "key": "amount", "label": "金额", "properties": {"format": "money"}},
    {"type": "textfield", "id": "b", "key": "purpose", "label": "用途"},
    {"type": "datetime", "id": "c", "key": "day", "subtype": "date", "dateLabel": "日期"},
    {"type": "checkbox", "id": "d", "key": "urgent", "label": "急"},
    {"type": "select", "id": "e", "key": "kind", "label": "种类", "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]},
    {"type": "checklist", "id": "f", "key": "tags", "label": "标签", "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": "b"}]},
    {"type": "select", "id": "g", "key": "studio", "label": "工作室", "valuesKey": "own_studios"},
    {"type": "filepicker", "id": "h", "key": "files", "label": "附件", "multiple": True},
    {"type": "dynamiclist", "id": "i", "path": "items", "label": "明细", "components": [
        {"type": "number", "id": "j", "key": "price", "label": "单价"},
        {"type": "textfield", "id": "k", "key": "name", "label": "名称"},
    ]},
]  # fmt: skip
FORM = json.dumps({"schemaVersion": 19, "type": "default", "id": "draft", "components": FIELDS})
BEGIN = element("startEvent", "begin", shenpi_form="draft", shenpi_roles="teacher")
SIGN = element("userTask", "sign", shenpi_role="principal", shenpi_verdicts="sign return")


def found(text: str, *callees: ProcessPackage) -> list[tuple[str, str]]:
    drawn = package(text, **{"forms/draft.json": FORM})
    reading = read_facts(drawn, {one.key: one for one in callees}, Registry(parameters=parameter_types()))
    assert reading.facts is not None, [problem.text for problem in reading.problems]
    problems = list(check_expressions(reading.facts))
    for problem in problems:
        assert "%(" not in problem.text
        assert problem.text.endswith("。")
    return [(problem.element, problem.rule) for problem in problems]


def condition(text: str) -> list[str]:
    """Return the rules that a condition breaks behind a start with a form and a task with a verdict."""
    drawn = diagram(
        BEGIN, SIGN, element("exclusiveGateway", "x", default="x_to_other"), ends("done", "other"),
        line("begin", "sign", "x", "other"), flow("x", "done", text),
    )  # fmt: skip
    return [rule for name, rule in found(drawn) if name == "x_to_done"]


@pytest.mark.parametrize(
    "text",
    [
        "begin.amount > 100", "begin.amount == null", "begin.purpose == 'x'", "begin.day > '2026-01-31'",
        "begin.urgent", "not begin.urgent", "begin.kind == 'a'", "begin.kind in ['a', 'b']", "'a' in begin.tags",
        "begin.studio == 7", "begin.studio == 'x'", "len(begin.files) > 0", "sum(pluck(begin.items, 'price')) > 5",
        "begin.items[0].price > 1", "begin.items[0]['name'] == 'x'", "sign.verdict == 'sign'", "sign.verdict != null",
        "begin.amount + 1 > 2 and begin.urgent", "params.limit > begin.amount", "(begin.amount or 0) > 3",
        "(1 if begin.urgent else 2) == begin.amount", "begin.purpose + 'x' == 'yx'", "max(begin.amount, 3) == 3",
        "rules['expense.sign_working_days'] > 2", "'x' in begin.purpose", "true", "1 < begin.amount < 3",
        "begin.day == begin.purpose", "'x' in pluck(begin.items, 'name')", "round(begin.amount / 3, 1) > 1",
        "begin.urgent == true", "min(pluck(begin.items, 'price')) == 0", "begin.kind is null",
    ],
)  # fmt: skip
def test_what_fits_raises_no_alarm(text):
    assert condition(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("begin.amount > 'x'", "type"),
        ("begin.amount == 'x'", "type"),
        ("begin.amount == begin.purpose", "type"),
        ("begin.urgent > true", "type"),
        ("begin.tags > 1", "type"),
        ("begin.purpose * 2 == 4", "type"),
        ("-begin.purpose == 4", "type"),
        ("begin.day + 1 == 4", "type"),
        ("begin.amount / 0 > 1", "type"),
        ("begin.amount in begin.kind", "type"),
        ("begin.amount in 5", "type"),
        ("begin.amount in ['x']", "type"),
        ("3 in begin.tags", "type"),
        ("begin.amount", "type"),
        ("begin.purpose and begin.urgent", "type"),
        ("not begin.amount", "type"),
        ("begin.amount + 1", "type"),
        ("begin.urgent if begin.amount else true", "type"),
        ("begin.kind == 'c'", "option"),
        ("begin.kind in ['a', 'c']", "option"),
        ("'c' in begin.tags", "option"),
        ("sign.verdict == 'agree'", "option"),
        ("'refuse' != sign.verdict", "option"),
        ("begin.day > 'soon'", "type"),
        ("len(begin.amount) > 1", "type"),
        ("sum(begin.items) > 1", "type"),
        ("sum(pluck(begin.items, 'name')) > 1", "type"),
        ("sum(pluck(begin.items, 'cost')) > 1", "name"),
        ("pluck(begin.amount, 'name') == []", "type"),
        ("abs(begin.purpose) > 1", "type"),
        ("max(begin.amount, begin.purpose) == 3", "type"),
        ("begin.items.price > 1", "type"),
        ("begin.items[0].cost > 1", "name"),
        ("begin.purpose.length > 1", "type"),
        ("begin.amonut > 1", "name"),
        ("sing.verdict == 'sign'", "name"),
        ("amount > 1", "name"),
        ("rules['expense.sign_days'] > 1", "rule"),
        ("rules[begin.purpose] > 1", "rule"),
        ("rules.expense > 1", "rule"),
        ("rules['expense.sign_working_days'] == 'x'", "type"),
        ("working_days(3) > 2", "type"),
        ("begin.amount in [1, 'x']", "type"),
        ("(begin.amount or begin.purpose) == 1", "type"),
        ("(1 if begin.urgent else 'x') == 1", "type"),
    ],
)  # fmt: skip
def test_what_cannot_be_evaluated_or_never_holds_is_a_problem(text, rule):
    assert rule in condition(text)


def test_a_misspelt_name_is_told_with_the_nearest_one():
    drawn = package(
        diagram(BEGIN, element("userTask", "sign", shenpi_role="teacher", shenpi_due="working_days(begin.amonut)"),
                ends("done"), line("begin", "sign", "done")), **{"forms/draft.json": FORM},
    )  # fmt: skip
    facts = read_facts(drawn, {}, Registry()).facts
    assert facts is not None
    assert ["begin.amount" in problem.text for problem in check_expressions(facts)] == [True]


@pytest.mark.parametrize(
    ("due", "rules"),
    [
        ("P3D", []),
        ("working_days(3)", []),
        ("working_days(begin.amount)", []),
        ("'P3D' if begin.urgent else working_days(3)", []),
        ("'P3D' if begin.urgent else 'soon'", ["due"]),
        ("begin.amount", ["due"]),
        ("3", ["due"]),
        ("begin.urgent", ["due"]),
        ("working_days(begin.purpose)", ["type"]),
    ],
)
def test_a_deadline_gives_a_length_of_time(due, rules):
    task = element("userTask", "sign", shenpi_role="teacher", shenpi_due=due)
    assert found(diagram(BEGIN, task, ends("done"), line("begin", "sign", "done"))) == [("sign", one) for one in rules]
    assert [
        rule for _name, rule in found(diagram(BEGIN, SIGN, border("late", "sign", due=due), ends("done", "lapsed"),
                                              line("begin", "sign", "done"), line("late", "lapsed")))
    ] == rules  # fmt: skip


def asks(name: str, other: str) -> str:
    return element("userTask", name, shenpi_role="teacher", shenpi_verdicts="agree", shenpi_due=f"working_days(1 if {other}.verdict == 'agree' else 2)")  # fmt: skip


def test_a_name_is_too_early_where_no_path_sets_it_before():
    text = diagram(
        start(),
        asks("first", "second"),
        asks("second", "first"),
        ends("done"),
        line("begin", "first", "second", "done"),
    )
    assert found(text) == [("first", "name-too-early")]


def test_a_name_that_only_some_paths_set_is_allowed():
    back = diagram(
        start(), asks("first", "second"), asks("second", "first"), element("exclusiveGateway", "x", default="x_to_done"),
        ends("done"), line("begin", "first", "second", "x", "done"), flow("x", "first", "second.verdict == 'agree'"),
    )  # fmt: skip
    branches = diagram(
        start(), asks("left", "right"), asks("right", "left"), gateways("parallel", "fork", "join"), ends("done"),
        line("begin", "fork", "left", "join", "done"), line("fork", "right", "join"),
    )  # fmt: skip
    beside = diagram(
        start(), asks("host", "aside"), asks("aside", "host"), border("soon", "host", interrupting=False), asks("after", "aside"),
        ends("done", "told"), line("begin", "host", "after", "done"), line("soon", "aside", "told"),
    )  # fmt: skip
    assert found(back) == found(branches) == []
    assert found(beside) == [("host", "name-too-early")]


def test_an_interrupted_task_has_not_been_done_but_what_a_subprocess_held_may_have_been():
    exit_of_task = diagram(
        start(), people("host"), border("late", "host"), asks("after", "host"), ends("done", "lapsed"),
        line("begin", "host", "done"), line("late", "after", "lapsed"),
    )  # fmt: skip
    inner = within("part", start("open"), people("one", "two"), ends("closed"), line("open", "one", "two", "closed"))
    exit_of_part = diagram(
        start(), inner, border("late", "part"), asks("after", "one"), ends("done", "lapsed"),
        line("begin", "part", "done"), line("late", "after", "lapsed"),
    )  # fmt: skip
    assert ("after", "name-too-early") in found(exit_of_task)
    assert "name-too-early" not in {rule for _name, rule in found(exit_of_part)}


def test_results_of_a_called_process_are_typed_by_its_own_values():
    inner = diagram(BEGIN, ends("ok"), line("begin", "ok"), key="review")
    callee = package(inner, "review", **{"forms/draft.json": FORM})
    results = '<shenpi:out name="total" value="begin.amount"/><shenpi:out name="bad" value="begin.amonut"/>'
    drawn = diagram(
        start(), call("panel", "review", results), element("exclusiveGateway", "x", default="x_to_other"),
        ends("done", "other"), line("begin", "panel", "x", "other"), flow("x", "done", "panel.total == 'x'"),
    )  # fmt: skip
    assert found(drawn, callee) == [("x_to_done", "type"), ("panel", "name")]
