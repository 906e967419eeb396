"""What is checked of messages and of a process that begins by itself."""

import re
from pathlib import Path

import pytest

from app.domain.platform_messages import PLATFORM_MESSAGES
from app.engine.checks import check_package
from app.engine.checks.package import load_packages
from app.engine.model import EndEvent, MessageEvent, ThrowEvent
from app.engine.package import load_package, package_from_files
from app.engine.problems import PackageError
from app.engine.reader import read_model
from tests.integration.called_process import ASK, ASK_FORM, flows, package
from tests.integration.talking_processes import hears, sends

ROOT = Path(__file__).parents[3]
PACKAGE = load_package("expense_approval", ROOT / "processes", ROOT / "forms")
PLAN = '[schedule]\nstarts = "yearly 09-01"\n'


def planned(plan: str) -> dict[str, str]:
    return {**PACKAGE.files, "process.toml": PACKAGE.files["process.toml"] + "\n" + plan}


def found(files: dict[str, str]) -> set[tuple[str, str]]:
    return {(one.element, one.rule) for one in check_package(package_from_files(files))}


def test_a_process_that_begins_by_itself_asks_no_initiator():
    assert ("revise_draft", "schedule") in found(planned(PLAN))


def test_a_process_that_begins_by_itself_may_be_closed_to_everybody():
    def unstartable(files: dict[str, str]) -> dict[str, str]:
        return {**files, PACKAGE.diagram_file: re.sub(r'shenpi:roles="[^"]*"', "", PACKAGE.diagram, count=1)}

    assert ("submit_draft", "role") in found(unstartable(dict(PACKAGE.files)))
    assert ("submit_draft", "role") not in found(unstartable(planned(PLAN)))


def test_its_values_are_the_start_forms():
    assert ("schedule", "schedule") in found(planned(f'{PLAN}values = {{colour = "red"}}\n'))
    assert ("schedule", "schedule") in found(planned(f"{PLAN}values = {{purpose = 3}}\n"))
    right = told(f'{PLAN}values = {{purpose = "开学准备"}}\n')
    assert not any("purpose" in text for text in right)


def test_what_its_form_requires_is_there_but_for_named_lists():
    required = told(f"{PLAN}values = {{}}\n")
    assert any("purpose" in text for text in required)
    assert not any("budget_line" in text for text in required)


def told(plan: str) -> list[str]:
    return [one.text for one in check_package(package_from_files(planned(plan))) if one.element == "schedule"]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ('[schedule]\nstarts = "daily"\n', "yearly 09-01"),
        ("[schedule]\nstarts = 3\n", "yearly 09-01"),
        ("[schedule]\nvalues = {}\n", "yearly 09-01"),
        (f'{PLAN}catch_up = "all"\n', "catch_up"),
        (f"{PLAN}values = {{day = 2026-09-01}}\n", "带引号"),
        (f"{PLAN}values = [1]\n", "字段 = 值"),
        (f"{PLAN}colour = 1\n", "只能写"),
        ("schedule = 3\n", "只能写"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(plan, words):
    files = planned(plan)
    if plan.startswith("schedule"):
        files["process.toml"] = plan + PACKAGE.files["process.toml"]
    with pytest.raises(PackageError) as raised:
        package_from_files(files)
    assert any(words in one.text for one in raised.value.problems)


@pytest.mark.parametrize(
    ("key", "rule"),
    [("host_sign.mood", "name"), ("case.serial", "")],
)
def test_a_key_names_what_exists_by_then(key, rule):
    diagram = PACKAGE.files[PACKAGE.diagram_file]
    event = (
        f'<bpmn:boundaryEvent id="called_off" attachedToRef="host_sign" shenpi:message="call_off" shenpi:key="{key}">'
        '<bpmn:outgoing>off</bpmn:outgoing><bpmn:messageEventDefinition id="m"/></bpmn:boundaryEvent>'
        '<bpmn:endEvent id="stopped" name="已取消"><bpmn:incoming>off</bpmn:incoming></bpmn:endEvent>'
        '<bpmn:sequenceFlow id="off" sourceRef="called_off" targetRef="stopped"/></bpmn:process>'
    )
    text = re.sub("</bpmn:process>", event, diagram, count=1)
    problems = found({**PACKAGE.files, PACKAGE.diagram_file: text})
    assert {one for one in problems if one[0] == "called_off" and one[1].startswith("name")} == (
        {("called_off", rule)} if rule else set()
    )


@pytest.mark.parametrize(("name", "is_refused"), [("rank_settled", True), ("rank_settled_here", False)])
def test_no_diagram_sends_what_the_platform_says(name, is_refused):
    address = f'shenpi:message="{name}" shenpi:key="ask.topic"'
    body = (
        ASK + hears("hear", "听", address) + sends("say", "说", address) + sends("end", "完", address, kind="endEvent")
    )
    made = package("talk", "一件事", body + flows("ask", "hear", "say", "end"), forms__ask_json=ASK_FORM)
    told = {one.element: one.text for one in check_package(made) if one.rule == "message"}
    assert set(told) == ({"say", "end"} if is_refused else set())
    assert all("“rank_settled”是平台自己发的消息" in text for text in told.values())


def test_what_the_shipped_diagrams_await_the_platform_alone_sends():
    awaited, sent = set(), set()
    for shipped in load_packages(ROOT / "processes", ROOT / "forms").values():
        model = read_model(shipped.key, shipped.diagram_file, shipped.diagram)
        awaited |= {event.message for event in model.of_kind(MessageEvent)}
        sent |= {one.id for one in model.elements.values() if isinstance(one, ThrowEvent | EndEvent) and one.sending}
    assert (awaited, sent) == (set(PLATFORM_MESSAGES), set())
