"""What the reader understands, and what it refuses with the element and a remedy."""

import pytest

from app.engine.compiler import compile_process
from app.engine.handover.texts import LARGEST_DIAGRAM
from app.engine.model import CallActivity, EndEvent, Gateway, ServiceTask, StartEvent, SubProcess, TimerEvent, UserTask
from app.engine.problems import PackageError
from app.engine.reader import read_model
from tests.unit.engine.playing import (
    border,
    call,
    compiled,
    diagram,
    element,
    ends,
    flow,
    gateways,
    line,
    package,
    people,
    service,
    start,
    timer,
    within,
)

PLAIN = (start(), people("sign"), ends("done"), line("begin", "sign", "done"))


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PackageError) as raised:
        compile_process(package(text))
    for problem in raised.value.problems:
        assert problem.text.endswith("。")
    return [(problem.element, problem.rule) for problem in raised.value.problems]


def test_attributes_become_fields():
    lanes = '<bpmn:laneSet><bpmn:lane name="校长"><bpmn:flowNodeRef>sign</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
    text = diagram(
        lanes,
        element("startEvent", "begin", shenpi_form="draft", shenpi_roles="teacher studio_host", shenpi_of="studio"),
        element(
            "userTask", "sign", "<bpmn:documentation> 说明 </bpmn:documentation>", shenpi_role="principal", shenpi_of="parent",
            shenpi_verdicts="sign return", shenpi_distinctFrom="begin", shenpi_signature="我已核对。", shenpi_signs="begin",
            shenpi_due="P3D", shenpi_clause="a.b", shenpi_ask="核对", shenpi_next="以后", shenpi_edits="begin",
        ),
        ends("done"), line("begin", "sign", "done"),
    )  # fmt: skip
    model = read_model("case", "case.bpmn", text)
    assert model.start == StartEvent(
        id="begin", name="begin", form="draft", roles=("teacher", "studio_host"), of="studio"
    )
    assert model.user_task("sign") == UserTask(
        id="sign", name="sign", documentation="说明", lane="校长", clause="a.b", role="principal", of="parent", edits="begin",
        verdicts=("sign", "return"), due="P3D", distinct_from=("begin",), signature="我已核对。", signs=("begin",),
        ask="核对", next="以后",
    )  # fmt: skip
    assert not model.user_task("sign").is_initiator


def test_kinds_of_elements():
    callee = diagram(start(), ends("ok"), line("begin", "ok"), key="review")
    text = diagram(
        start(), gateways("parallel", "fork"), timer("pause", "P1D"), border("late", "sign", interrupting=False), people("sign"),
        element("serviceTask", "check", shenpi_operation="check_expense"),
        call("panel", "review", '<shenpi:in name="a" value="1"/><shenpi:out name="b" value="2"/>'),
        within("part", start("open"), ends("closed"), line("open", "closed")),
        element("endEvent", "stop", "<bpmn:terminateEventDefinition/>"), ends("done", "gone"),
        line("begin", "fork", "pause", "sign", "check", "panel", "part", "stop"), line("fork", "done"), flow("late", "gone"),
    )  # fmt: skip
    elements = compiled(text, review=callee).model.elements
    assert elements["fork"] == Gateway(id="fork", name="fork", kind="parallel")
    assert elements["pause"] == TimerEvent(id="pause", name="pause", due="P1D")
    assert elements["late"] == TimerEvent(id="late", name="late", due="P3D", attached_to="sign", is_interrupting=False)
    assert elements["check"] == ServiceTask(id="check", name="check", operation="check_expense")
    assert elements["panel"] == CallActivity(
        id="panel", name="panel", called="review", inputs={"a": "1"}, outputs={"b": "2"}
    )
    assert elements["part"] == SubProcess(id="part", name="part")
    assert elements["open"].parent == "part"
    assert elements["stop"] == EndEvent(id="stop", name="stop", is_terminating=True)


def test_main_line_leaves_out_exceptions_and_takes_parallel_branches():
    text = diagram(
        start(), people("draft", "left", "right", "sign", "revise"), gateways("parallel", "fork", "join"),
        element("exclusiveGateway", "good", default="good_to_done"), border("late", "sign"), ends("done", "expired"),
        line("begin", "draft", "fork", "left", "join", "sign", "good", "done"), line("fork", "right", "join"),
        flow("good", "revise", "sign.verdict == 'return'"), line("revise", "draft"), flow("late", "expired"),
    )  # fmt: skip
    assert compiled(text).model.order == ("begin", "draft", "left", "right", "sign", "done")


def test_main_line_takes_no_time_out_although_its_way_is_longer():
    text = diagram(
        start(), people("sign", "hurry", "ask"), border("late", "sign"), gateways("eventBased", "which"),
        element("intermediateCatchEvent", "heard", "<bpmn:messageEventDefinition/>", shenpi_message="heard_of", shenpi_key="case.serial"),
        timer("waited"), people("chase", "give_up"), ends("done", "expired", "unheard"),
        line("begin", "sign", "which", "heard", "done"), line("late", "hurry", "ask", "expired"),
        line("which", "waited", "chase", "give_up", "unheard"),
    )  # fmt: skip
    assert compiled(text).model.order == ("begin", "sign", "heard", "done")


@pytest.mark.parametrize(
    ("kind", "marker"),
    [
        ("serviceTask", "<bpmn:multiInstanceLoopCharacteristics/>"),
        ("subProcess", "<bpmn:multiInstanceLoopCharacteristics/>"),
        ("userTask", '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'),
        (
            "userTask",
            element("multiInstanceLoopCharacteristics", "marker", "<bpmn:loopCardinality>3</bpmn:loopCardinality>"),
        ),
    ],
)
def test_many_people_are_asked_at_once_and_only_at_a_user_task(kind: str, marker: str) -> None:
    assert problems(diagram(*PLAIN, element(kind, "strange", marker))) == [("strange", "multi-instance")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ((start(), people("sign"), ends("done"), line("begin", "sign")), [("sign", "no-way-on")]),
        ((start(), people("a", "b"), ends("done"), line("begin", "a", "done"), line("a", "b", "done")), [("a", "implicit-split")]),
        ((start(), ends("done"), line("begin", "done"), line("done", "begin")), [("begin", "before-start"), ("begin", "loop"), ("done", "after-end"), ("done", "loop")]),
        ((people("a"), ends("done"), line("a", "done")), [("", "start")]),
        ((start(), start("again"), ends("done"), line("begin", "done"), line("again", "done")), [("", "start")]),
        ((start(), people("a"), line("begin", "a", "begin")), [("", "end")]),
        ((start(), ends("done"), line("begin", "nowhere")), [("begin_to_nowhere", "flow")]),
        ((start(), people("a", "a"), ends("done"), line("begin", "a", "done")), [("a", "id")]),
        ((start(), people("params"), ends("done"), line("begin", "params", "done")), [("params", "id")]),
        ((start(), people("a-b"), ends("done"), line("begin", "done")), [("a-b", "id")]),
        ((start(), people("a"), ends("done"), flow("begin", "a", "1 == 1"), line("a", "done")), [("begin_to_a", "condition-misplaced")]),
        ((*PLAIN, border("late", "nothing"), flow("late", "done")), [("late", "boundary-host")]),
        ((*PLAIN, border("late", "sign", due=""), flow("late", "done")), [("late", "due")]),
        (
            (start(), people("a", "b"), gateways("parallel", "f"), ends("done"), line("begin", "a", "f", "b", "a"), line("f", "done")),
            [("a", "loop"), ("b", "loop"), ("f", "loop")],
        ),
        ((start(), service("s", "erase_all"), ends("done"), line("begin", "s", "done")), [("s", "operation")]),
    ],
)  # fmt: skip
def test_shape_is_checked(body, found):
    assert sorted(problems(diagram(*body))) == found


def test_flow_through_a_border_is_refused():
    text = diagram(
        start(), people("a"), within("part", start("open"), people("b"), ends("closed"), line("open", "b", "closed")), ends("done"),
        line("begin", "part", "done"), line("a", "b"),
    )  # fmt: skip
    assert ("a_to_b", "flow-crossing") in problems(text)


def test_exclusive_gateway_needs_conditions():
    text = diagram(
        start(), gateways("exclusive", "x"), people("a", "b"), ends("done"),
        line("begin", "x", "a", "done"), line("x", "b", "done"),
    )  # fmt: skip
    assert problems(text) == [("x_to_a", "condition-missing"), ("x_to_b", "condition-missing")]


def test_event_gateway_races_timers_only():
    text = diagram(
        start(), gateways("eventBased", "race"), people("a"), timer("wait"), ends("done"),
        line("begin", "race", "a", "done"), line("race", "wait", "done"),
    )  # fmt: skip
    assert problems(text) == [("a", "event-gateway")]


def test_wrong_expressions_name_their_element():
    text = diagram(
        start(),
        element("userTask", "sign", shenpi_due="import os"),
        element("exclusiveGateway", "x", default="x_to_done"),
        service("check", "check_expense").replace(
            "></bpmn:serviceTask>",
            '><bpmn:extensionElements><shenpi:param name="a" value="a.__b"/></bpmn:extensionElements></bpmn:serviceTask>',
        ),
        ends("done", "other"),
        line("begin", "sign", "check", "x", "done"),
        flow("x", "other", "open('x')"),
    )
    assert sorted(problems(text)) == [
        ("check", "expression"),
        ("check", "operation"),
        ("sign", "expression"),
        ("x_to_other", "expression"),
    ]


def test_unknown_attributes_are_refused():
    text = diagram(
        start(), element("userTask", "sign", shenpi_colour="red"), ends("done"), line("begin", "sign", "done")
    )
    assert problems(text) == [("sign", "attribute")]


def test_result_of_a_call_may_not_take_an_elements_name():
    callee = diagram(start(), people("score"), ends("ok"), line("begin", "score", "ok"), key="review")
    text = diagram(
        start(), call("panel", "review", '<shenpi:out name="score" value="1"/>'), ends("done"), line("begin", "panel", "done")
    )  # fmt: skip
    with pytest.raises(PackageError, match="重名"):
        compiled(text, review=callee)


def test_missing_form_is_refused():
    text = diagram(element("startEvent", "begin", shenpi_form="draft"), ends("done"), line("begin", "done"))
    assert problems(text) == [("begin", "form")]


def test_wrong_form_is_a_problem_of_its_file():
    with pytest.raises(PackageError) as raised:
        compile_process(package(diagram(*PLAIN), **{"forms/draft.json": '{"components": [{"type": "html"}]}'}))
    assert {problem.file for problem in raised.value.problems} == {"forms/draft.json"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<bpmn:definitions", "xml"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-doctype"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml-doctype"),
        ("<!DOCTYPE a><a/>", "xml-doctype"),
        (f"<a>{'x' * LARGEST_DIAGRAM}</a>", "xml-size"),
        ("<a/>", "process"),
        (diagram(*PLAIN, key="other"), "process"),
    ],
)
def test_hostile_xml_is_refused(text, rule):
    assert [found for _, found in problems(text)] == [rule]


def test_billion_laughs_are_not_expanded():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    assert problems(f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e11;</a>')[0][1] in {"xml", "xml-doctype"}


def test_too_many_elements_are_refused():
    names = [f"n{number}" for number in range(200)]
    text = diagram(start(), people(*names), ends("done"), line("begin", *names, "done"))
    assert problems(text) == [("", "size")]


def test_a_long_chain_is_compiled():
    names = [f"n{number}" for number in range(140)]
    process = compiled(diagram(start(), people(*names), ends("done"), line("begin", *names, "done")))
    assert process.model.order == ("begin", *names, "done")
