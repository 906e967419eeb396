"""Scenarios tell what a case sends, what others send it, and reminders that come again."""

import pytest

from app.engine.package import ProcessPackage, package_from_files
from app.engine.scenarios import problems_of, run_scenarios
from tests.scenarios.small_process import FORM, HEAD, MANIFEST, PEOPLE

EVENT = "<bpmn:messageEventDefinition/>"
DIAGRAM = f"""{HEAD}<bpmn:process id="small" name="小流程" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
<bpmn:intermediateThrowEvent id="request" name="请示" shenpi:message="request" shenpi:key="ask.topic" shenpi:to="parent">
  <bpmn:extensionElements><shenpi:param name="topic" value="ask.topic"/></bpmn:extensionElements>{EVENT}
</bpmn:intermediateThrowEvent>
<bpmn:userTask id="wait" name="等批复" shenpi:role="teacher" shenpi:verdicts="submit"/>
<bpmn:boundaryEvent id="hear" name="批复" attachedToRef="wait" shenpi:message="reply" shenpi:key="ask.topic"
  shenpi:from="parent" shenpi:fields="is_granted">{EVENT}</bpmn:boundaryEvent>
<bpmn:boundaryEvent id="remind" name="催" attachedToRef="wait" cancelActivity="false" shenpi:due="R2/P1D">
  <bpmn:timerEventDefinition id="remind_t"/></bpmn:boundaryEvent>
<bpmn:userTask id="chase" name="催办" shenpi:role="teacher" shenpi:verdicts="submit"/>
<bpmn:exclusiveGateway id="is_granted" name="准了？" default="to_refused"/>
<bpmn:endEvent id="granted" name="已准"/><bpmn:endEvent id="refused" name="未准"/><bpmn:endEvent id="given_up" name="作罢"/>
<bpmn:endEvent id="chased" name="已催"/>
<bpmn:sequenceFlow id="a" sourceRef="ask" targetRef="request"/><bpmn:sequenceFlow id="b" sourceRef="request" targetRef="wait"/>
<bpmn:sequenceFlow id="c" sourceRef="wait" targetRef="given_up"/><bpmn:sequenceFlow id="d" sourceRef="hear" targetRef="is_granted"/>
<bpmn:sequenceFlow id="e" sourceRef="is_granted" targetRef="granted"><bpmn:conditionExpression>hear.is_granted</bpmn:conditionExpression>
</bpmn:sequenceFlow><bpmn:sequenceFlow id="to_refused" sourceRef="is_granted" targetRef="refused"/>
<bpmn:sequenceFlow id="f" sourceRef="remind" targetRef="chase"/><bpmn:sequenceFlow id="g" sourceRef="chase" targetRef="chased"/>
</bpmn:process></bpmn:definitions>"""


def process(scenarios: str) -> ProcessPackage:
    files = {"process.toml": MANIFEST, "small.bpmn": DIAGRAM, "forms/ask.json": FORM.format("topic")}
    return package_from_files({**files, "scenarios.yaml": PEOPLE + scenarios})


def told(*steps: str, outcome: str | None = None) -> list[str]:
    lines = ["scenarios:", "- name: 一件事", "  start: {by: 周敏, values: {topic: 开会}}", "  steps:"]
    lines += [f"  - {{{step}}}" for step in steps]
    report = run_scenarios(process("\n".join([*lines, *([f"  outcome: {outcome}"] if outcome else [])])))
    return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]


def test_a_request_and_its_reply():
    assert told(
        "expect_sent: [{message: request, key: 开会, values: {topic: 开会}}]",
        "send: reply, key: 开会, values: {is_granted: true, more: 1}",
        "expect_sent: []",
        outcome="granted",
    ) == []  # fmt: skip
    assert told("expect_sent: request", "send: reply, key: 开会", outcome="refused") == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("send: reply, key: 别的", "第 1 步：现在没有环节在等消息“reply”（别的）。"),
        ("send: request, key: 开会", "第 1 步：现在没有环节在等消息“request”（开会）。"),
        (
            "expect_sent: [{message: request, key: 别的}]",
            "第 1 步：应当发出的消息是“request 别的”，实际是“request 开会”。",
        ),
        ("expect_sent: []", "第 1 步：应当发出的消息是“没有”，实际是“request 开会”。"),
        ("expect_sent: [{message: request, values: {}}]", "第 1 步：应当发出的消息是“request”，实际是“request 开会”。"),
    ],
)
def test_another_message_is_told(step, said):
    assert told(step, "wake: remind") == [said]


def test_a_reminder_comes_again_as_often_as_it_says():
    assert told("pass: P1D", "expect: [wait, chase]", "pass: P1D", "expect: [wait, chase, chase]",
                "pass: P5D", "expect: [wait, chase, chase]") == []  # fmt: skip


def test_a_reply_finds_the_case_by_its_serial():
    def answered(start: str, key: str) -> list[str]:
        story = f"scenarios: [{{name: x, start: {{{start}}}, steps: [{{send: reply, key: {key}}}], outcome: refused}}]"
        package = process(story)
        files = {**package.files, "small.bpmn": DIAGRAM.replace('"ask.topic"', '"case.serial"')}
        report = run_scenarios(package_from_files(files))
        return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]

    filed = "by: 周敏, values: {topic: 开会}"
    assert answered(filed, "XL-XX-2026-0001") == []
    assert answered(f"{filed}, serial: XL-SF01-2026-0318", "XL-SF01-2026-0318") == []
    assert answered(filed, "XL-SF01-2026-0318") != []


def test_only_what_begins_by_itself_needs_nobody_to_start_it():
    def said(manifest: str) -> list[str]:
        story = "scenarios: [{name: x, start: {values: {topic: 开会}}, steps: [{send: reply, key: 开会}], outcome: refused}]"
        files = {**process(story).files, "process.toml": MANIFEST + manifest}
        report = run_scenarios(package_from_files(files))
        return [problem.text for problem in problems_of(report) if problem.rule != "coverage"]

    assert said("") == ["第 0 步：没有办成：请在 start 里写明谁发起：by。"]
    assert said('[schedule]\nstarts = "monthly 05"\nvalues = {topic = "开会"}\n') == []


def test_what_cannot_be_read_is_told_with_its_line_or_its_name():
    def said(text: str) -> list[str]:
        return [problem.text for problem in problems_of(run_scenarios(process(text)))]

    assert said("scenarios:\n  - name: [\n") == ["scenarios.yaml 第 4 行读不出来，请检查缩进和引号。"]
    (switch,) = said("scenarios: [{name: x, start: {by: 周敏, values: {on: 2026-12-07}}}]")
    assert "on、off、yes、no 作名称时" in switch


def test_what_is_written_wrongly_is_told():
    assert told("send: reply, to: 开会") == ["不认识“to”，请删去。"]
    assert told("expect_sent: [{message: request, to: 1}]") == ["不认识“to”，请删去。"]
