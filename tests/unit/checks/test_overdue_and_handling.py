"""What a task says of lateness and of who does it: read, and refused with a way to mend it."""

import re
from datetime import date
from pathlib import Path

import pytest

from app.domain import clock
from app.domain.overdue import Kind, Plan, read_days, read_reminders
from app.engine.checks.package import check_package
from app.engine.package import load_package, package_from_files
from app.engine.reader import read_model
from app.services.timing import calendars

ROOT = Path(__file__).parents[3]
SHIPPED = load_package("semester_plan", ROOT / "processes", ROOT / "forms")
# The same without what it says of lateness, and without scenarios that speak of it.
PLAN = package_from_files(
    {
        **SHIPPED.files,
        SHIPPED.diagram_file: re.sub(r'\s+shenpi:escalate\w+="[^"]*"', "", SHIPPED.diagram),
        "scenarios.yaml": "scenarios: []\n",
    }
)


def plan_with(element, *attributes, drop=""):
    """Return the semester plan with attributes added to a task, and one dropped from it."""
    found = re.search(rf'<bpmn:userTask id="{element}"[^>]*>', PLAN.diagram)
    assert found
    head = found[0]
    changed = re.sub(rf'\s+shenpi:{drop}="[^"]*"', "", head) if drop else head
    changed = changed[:-1] + "".join(f" shenpi:{one}" for one in attributes) + ">"
    return package_from_files({**PLAN.files, PLAN.diagram_file: PLAN.diagram.replace(head, changed)})


def problems(package, rule):
    return [problem.text for problem in check_package(package) if problem.rule == rule]


def test_all_of_it_is_read():
    said = (
        'remind="-2 0 5"',
        'escalateTo="principal"',
        'escalateAfter="2"',
        'overdueVerdict="agree"',
        'overdueAfter="4"',
    )
    package = plan_with("office_review", *said, 'unheld="superior"', 'initiator="skip"', 'repeated="ask"')
    assert check_package(package) == []
    task = read_model("semester_plan", "x.bpmn", package.diagram).user_task("office_review")
    assert task.overdue.plan == Plan((-2, 0, 5), "principal", 2, "agree", 4)
    assert (task.handling.unheld, task.handling.initiator, task.handling.repeated) == ("superior", "skip", "ask")


def test_nothing_said_means_the_usual():
    task = read_model("semester_plan", "x.bpmn", PLAN.diagram).user_task("office_review")
    assert task.overdue.plan == Plan((-1, 0, 2))
    assert task.handling.unheld == "administrators"


@pytest.mark.parametrize(
    ("element", "said", "words"),
    [
        ("office_review", ['remind="两天前"'], "例如 -2 -1 0 2"),
        ("office_review", ['remind="-61"'], "每个不超过 60"),
        ("office_review", ['escalateTo="principal"'], "shenpi:escalateAfter"),
        ("office_review", ['escalateTo="principal"', 'escalateAfter="两天"'], "1 到 60 的整数"),
        ("office_review", ['escalateTo="principal"', 'escalateAfter="0"'], "1 到 60 的整数"),
        ("office_review", ['escalateTo="boss"', 'escalateAfter="1"'], "办理单位里的一个职务"),
        ("office_review", ['escalateTo="initiator"', 'escalateAfter="1"'], "办理单位里的一个职务"),
        ("office_review", ['escalateTo="bureau_clerk"', 'escalateAfter="1"'], "学校办的写学校的职务"),
        ("office_review", ['escalateTo="moral_education_office"', 'escalateAfter="1"'], "写它上面的职务"),
        ("office_review", ['overdueVerdict="agree"'], "shenpi:overdueAfter"),
        ("office_review", ['overdueVerdict="refuse"', 'overdueAfter="1"'], "shenpi:verdicts 里有的"),
        ("office_review", ['overdueVerdict="agree"', 'overdueAfter="x"'], "0 到 60 的整数"),
        ("revise_plan", ['overdueVerdict="submit"', 'overdueAfter="1"'], "要填表的任务不能超时自动办理"),
        (
            "office_review",
            ['escalateTo="principal"', 'escalateAfter="3"', 'overdueVerdict="agree"', 'overdueAfter="3"'],
            "要大于 shenpi:escalateAfter",
        ),
        (
            "deputy_approve",
            ['overdueVerdict="agree"', 'overdueAfter="1"', 'distinctFrom="office_review"'],
            "distinctFrom",
        ),
        ("office_review", ['closing="all"', 'remind="2"'], "多实例标记"),
    ],
)
def test_what_cannot_be_is_refused(element, said, words):
    found = problems(plan_with(element, *said), "overdue") + problems(plan_with(element, *said), "attribute")
    assert any(words in text for text in found), found


def test_lateness_needs_a_deadline():
    assert "shenpi:due" in problems(plan_with("office_review", 'remind="0"', drop="due"), "overdue")[0]


@pytest.mark.parametrize(
    ("element", "said", "words"),
    [
        ("office_review", ['unheld="nobody"'], "administrators、superior、skip、ask"),
        ("office_review", ['unheld="self"'], "administrators、superior、skip、ask"),
        ("office_review", ['initiator="yes"'], "self、administrators"),
        ("office_review", ['returns="some"'], "只能写 none"),
        ("revise_plan", ['unheld="superior"'], "由发起人办理的任务不写"),
        ("revise_plan", ['repeated="skip"'], "不用填表"),
        ("deputy_approve", ['unheld="skip"', 'distinctFrom="office_review"'], "要换一个人来办"),
    ],
)
def test_who_does_it_is_checked(element, said, words):
    found = problems(plan_with(element, *said), "handling")
    assert any(words in text for text in found), found


def test_when_things_happen():
    due = clock.at(date(2026, 9, 30), 17, 30)
    plan = Plan((-1, 0, 2), "principal", 2, "agree", 5)
    found = [
        (clock.shanghai(event.at).strftime("%m-%d %H:%M"), event.kind)
        for event in plan.events(due, calendars.national())
    ]
    assert found == [
        ("09-29 09:00", Kind.REMIND),
        ("09-30 09:00", Kind.REMIND),
        ("10-09 09:00", Kind.REMIND),
        ("10-09 17:30", Kind.ESCALATE),
        ("10-13 17:30", Kind.VERDICT),
    ]
    assert Plan((), verdict="agree", verdict_after=0).events(due, calendars.national())[0].at == due


@pytest.mark.parametrize(("text", "days"), [("3", 3), ("0", 0), ("61", None), ("-1", None), ("二", None), ("", None)])
def test_days(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize(
    ("text", "days"), [("none", ()), ("2 -1 2", (-1, 2)), (" 0 ", (0,)), ("1,2", None), ("--1", None), ("一", None)]
)
def test_reminders(text, days):
    assert read_reminders(text) == days


def test_a_task_says_which_part_of_a_file_it_reads():
    package = plan_with("office_review", 'reads="file sanctions"')
    assert check_package(package) == []
    assert read_model("semester_plan", "x.bpmn", package.diagram).user_task("office_review").reads == (
        "file",
        "sanctions",
    )
    [problem] = problems(plan_with("office_review", 'reads="sanctions"'), "reads")
    assert "只能写 file" in problem
    [problem] = problems(plan_with("revise_plan", 'reads="file"'), "reads")
    assert "自己的档案总能看" in problem


def test_a_task_of_one_person_says_whom():
    assert "shenpi:person" in problems(plan_with("office_review", 'person="case.serial"'), "role")[0]
    named = plan_with("office_review", 'role="person"', 'person="case.serial"', drop="role")
    assert problems(named, "role") == []
    assert "shenpi:person" in problems(plan_with("office_review", 'role="person"', drop="role"), "role")[0]
