"""What authors write in words where a sign is wanted: the sentence says what is wrong and how to write it right."""

import pytest

from app.engine.checks.package import check_package
from app.engine.decisions import CellError, parse_unary_tests
from app.engine.wordings import comparison_in, length_of, share_in
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task

QUIET = {"not-drawn", "scenario", "coverage", "role"}


def said(body: str) -> list[tuple[str, str]]:
    made = package("late", "一件事", body, forms__ask_json=ASK_FORM)
    return [(problem.rule, problem.text) for problem in check_package(made) if problem.rule not in QUIET]


def with_due(due: str) -> list[tuple[str, str]]:
    check = task("check", "核对", "teacher", f'shenpi:due="{due}"')
    return said(f"{ASK}{check}{DONE}{flows('ask', 'check', 'done')}")


def with_share(attributes: str) -> list[tuple[str, str]]:
    many = task("check", "核对", "teacher", f'shenpi:due="P3D" {attributes}', "agree disagree")
    many = many.replace("/>", "><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>")
    return said(f"{ASK}{many}{DONE}{flows('ask', 'check', 'done')}")


def with_item(name: str) -> list[tuple[str, str]]:
    event = (
        '<bpmn:intermediateThrowEvent id="say" name="告诉" shenpi:message="told" shenpi:key="ask.topic">'
        f'<bpmn:extensionElements><shenpi:param name="{name}" value="ask.topic"/></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition id="m"/></bpmn:intermediateThrowEvent>'
    )
    return said(f"{ASK}{event}{DONE}{flows('ask', 'say', 'done')}")


@pytest.mark.parametrize(
    ("due", "meant"),
    [
        ("两周", "P2W"),
        ("3天", "P3D"),
        ("三个工作日", "working_days(3)"),
        ("8 小时内", "PT8H"),
        ("3 working days", "working_days(3)"),
    ],
)
def test_a_deadline_in_words(due, meant):
    [(rule, text)] = with_due(due)
    assert rule == "due"
    assert text.startswith(f"期限“{due}”要写成 {meant}。")


def test_a_deadline_that_says_nothing():
    assert with_due("尽快") == [
        ("due", "期限“尽快”看不懂。天数写 P3D，周写 P2W，工作日写 working_days(3)，日期写 2026-09-30。")
    ]


@pytest.mark.parametrize(
    ("share", "meant"), [("二分之一", "1/2"), ("三分之二", "2/3"), ("50%", "50/100"), ("5人", "5"), ("2／3", "2/3")]
)
def test_a_share_in_words(share, meant):
    [(rule, text)] = with_share(f'shenpi:closing="quorum" shenpi:quorum="{share}"')
    assert rule == "collective"
    assert text == f"shenpi:quorum 写的“{share}”要写成 {meant}：比例写 2/3，人数写 5。"
    [(rule, text)] = with_share(f'shenpi:closing="quorum" shenpi:quorum="1/2" shenpi:majority="{share}"')
    assert text.startswith(f"shenpi:majority 写的“{share}”要写成 {meant}")


def test_a_share_that_has_no_sign():
    [(rule, text)] = with_share('shenpi:closing="quorum" shenpi:quorum="过半"')
    assert (rule, text) == ("collective", "shenpi:quorum 写的“过半”看不懂：比例写 2/3，人数写 5。")


@pytest.mark.parametrize("name", ["a", "A", "内容", "a" * 64])
def test_what_a_message_carries_is_named_right(name):
    [(rule, text)] = with_item(name)
    assert rule == "message"
    assert text.startswith(f"消息带的“{name}”名称不能用：以小写字母开头")
    assert "2 到 63 个字符" in text


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("小于20", "< 20"), ("小于 20", "< 20"), ("大于等于3", ">= 3"), ("不少于三年", ">= 3"), ("20以上", ">= 20"),
        ("3到6之间", "[3..6]"), ("不是高级", 'not("高级")'), ('等于"高级"', '"高级"'),
    ],
)  # fmt: skip
def test_a_cell_in_words(cell, meant):
    with pytest.raises(CellError) as raised:
        parse_unary_tests(cell)
    assert f"请写成 {meant}。" in str(raised.value)
    parse_unary_tests(meant)


def test_a_name_that_looks_like_words_is_a_name():
    assert parse_unary_tests("大于一年", ["大于一年"]).tests


@pytest.mark.parametrize("text", ["P3D", "working_days(3)", "rules['a.b']", "2/3", "5", "<= 5", '"大于"', "尽快"])
def test_what_is_written_right_means_nothing_else(text):
    assert (length_of(text), share_in(text), comparison_in(text)) == (None, None, None)
