"""Every construct that is not ours is refused by a rule of its own, with a sentence that says how to mend it."""

import re

import pytest

from app.engine.foreign import EXECUTABLE
from app.engine.problems import PackageError, Problem
from app.engine.reader import read_model
from app.engine.refusals import CARRIED, REFUSED
from tests.unit.engine.playing import NAMESPACES, TIMER, diagram, element, ends, flow, gateways, line, people, start

BEGIN, SIGN, DONE = start(), people("sign"), ends("done")
PLAIN = (BEGIN, SIGN, DONE, line("begin", "sign", "done"))
MENDS = re.compile("请|要|只能")


def problems(text: str) -> list[Problem]:
    with pytest.raises(PackageError) as raised:
        read_model("case", "case.bpmn", text)
    for problem in raised.value.problems:
        assert MENDS.search(problem.text), problem.text
        assert problem.text.endswith("。")
    return list(raised.value.problems)


def found(text: str) -> list[tuple[str, str]]:
    return [(problem.element, problem.rule) for problem in problems(text)]


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_an_element_that_is_not_ours_is_refused_by_its_own_rule(kind):
    text = diagram(BEGIN, SIGN, element(kind, "strange"), DONE, line("begin", "sign", "strange", "done"))
    assert found(text) == [("strange", REFUSED[kind].rule)]


@pytest.mark.parametrize("kind", sorted(CARRIED))
@pytest.mark.parametrize("host", ["serviceTask", "subProcess"])
def test_what_an_element_may_not_carry_is_refused_at_the_element(kind, host):
    assert found(diagram(*PLAIN, element(host, "strange", f"<bpmn:{kind}/>"))) == [("strange", CARRIED[kind].rule)]


@pytest.mark.parametrize(
    ("kind", "body", "attributes", "rule"),
    [
        ("intermediateCatchEvent", "<bpmn:linkEventDefinition/>", {}, "link-event"),
        ("intermediateCatchEvent", "<bpmn:signalEventDefinition/>", {}, "signal-event"),
        ("intermediateCatchEvent", "<bpmn:conditionalEventDefinition/>", {}, "conditional-event"),
        ("intermediateCatchEvent", "", {}, "event-type"),
        ("intermediateCatchEvent", TIMER + TIMER, {}, "event-type"),
        ("intermediateCatchEvent", TIMER, {"parallelMultiple": "true"}, "event-type"),
        ("intermediateCatchEvent", "<bpmn:eventDefinitionRef>x</bpmn:eventDefinitionRef>", {}, "event-type"),
        ("boundaryEvent", "<bpmn:errorEventDefinition/>", {"attachedToRef": "sign"}, "error-event"),
        ("boundaryEvent", "<bpmn:escalationEventDefinition/>", {"attachedToRef": "sign"}, "escalation-event"),
        ("boundaryEvent", "<bpmn:compensateEventDefinition/>", {"attachedToRef": "sign"}, "compensation"),
        ("boundaryEvent", "<bpmn:cancelEventDefinition/>", {"attachedToRef": "sign"}, "cancel-event"),
        ("endEvent", "<bpmn:errorEventDefinition/>", {}, "error-event"),
        ("endEvent", "<bpmn:signalEventDefinition/>", {}, "signal-event"),
        ("endEvent", "<bpmn:cancelEventDefinition/>", {}, "cancel-event"),
        ("startEvent", TIMER, {}, "timer-event"),
        ("startEvent", "<bpmn:signalEventDefinition/>", {}, "signal-event"),
        ("subProcess", "", {"triggeredByEvent": "true"}, "event-subprocess"),
        ("userTask", "", {"isForCompensation": "true"}, "compensation"),
        ("userTask", "", {"startQuantity": "2"}, "quantity"),
        ("userTask", "", {"completionQuantity": "2"}, "quantity"),
        ("userTask", "", {"default": "sign_to_done"}, "default"),
        ("parallelGateway", "", {"default": "sign_to_done"}, "default"),
        ("eventBasedGateway", "", {"instantiate": "true"}, "instantiate"),
        ("eventBasedGateway", "", {"eventGatewayType": "Parallel"}, "event-gateway"),
    ],
)  # fmt: skip
def test_a_detail_that_the_engine_would_run_otherwise_is_refused(kind, body, attributes, rule):
    assert set(found(diagram(*PLAIN, element(kind, "strange", body, **attributes)))) == {("strange", rule)}


@pytest.mark.parametrize("namespace", sorted(EXECUTABLE))
def test_behaviour_of_another_engine_is_refused_by_the_engines_name(namespace):
    script = (
        f'<bpmn:extensionElements><x:preScript xmlns:x="{namespace}" id="p">x</x:preScript></bpmn:extensionElements>'
    )
    text = diagram(BEGIN, element("userTask", "sign", script), DONE, line("begin", "sign", "done"))
    assert found(text) == [("sign", "foreign-extension")]
    assert EXECUTABLE[namespace] in problems(text)[0].text
    attribute = f'<bpmn:userTask xmlns:x="{namespace}" x:assignee="me" id="sign" name="sign"/>'
    assert found(diagram(BEGIN, attribute, DONE, line("begin", "sign", "done"))) == [("sign", "foreign-extension")]


def test_colours_and_notes_of_a_modeller_may_stay():
    task = (
        '<bpmn:userTask id="sign" name="sign" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" bioc:fill="red" '
        'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:note="x"/>'
    )
    read_model("case", "case.bpmn", diagram(BEGIN, task, DONE, line("begin", "sign", "done")))


@pytest.mark.parametrize(
    ("before", "rule", "element_id"),
    [
        ('<bpmn:collaboration id="c"><bpmn:participant id="one" processRef="case"/><bpmn:participant id="two"/></bpmn:collaboration>', "participants", "two"),
        ('<bpmn:collaboration id="c"><bpmn:messageFlow id="m" sourceRef="a" targetRef="b"/></bpmn:collaboration>', "message-flow", "m"),
        ('<bpmn:choreography id="h"/>', "collaboration", "h"),
    ],
)  # fmt: skip
def test_others_are_not_drawn(before, rule, element_id):
    text = diagram(*PLAIN).replace("<bpmn:process", f"{before}<bpmn:process", 1)
    assert found(text) == [(element_id, rule)]


def test_a_file_holds_one_process():
    text = diagram(*PLAIN).replace("</bpmn:definitions>", '<bpmn:process id="other"/></bpmn:definitions>')
    assert found(text) == [("other", "several-processes")]
    assert found(f"<bpmn:definitions {NAMESPACES}/>") == [("case", "process")]
    assert found(diagram(*PLAIN, key="other")) == [("case", "process")]


@pytest.mark.parametrize("word", ["false", "0", "1"])
def test_a_process_is_there_to_be_run(word):
    text = diagram(*PLAIN).replace('isExecutable="true"', f'isExecutable="{word}"')
    assert found(text) == [("case", "not-executable")]


CHOICE = (BEGIN, people("a", "b"), DONE, line("begin", "x"), line("a", "done"), line("b", "done"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ((*CHOICE, element("exclusiveGateway", "x", default="a_to_done"), flow("x", "a", "true"), flow("x", "b", "true")), {("x", "default")}),
        ((*CHOICE, element("exclusiveGateway", "x", default="x_to_a"), flow("x", "a", "true"), flow("x", "b", "true")), {("x_to_a", "default")}),
        ((*CHOICE[:1], SIGN, DONE, element("exclusiveGateway", "x"), line("begin", "x"), flow("x", "sign", "true"), line("sign", "done")), {("x_to_sign", "condition-misplaced")}),
        ((BEGIN, SIGN, DONE, gateways("parallel", "f"), line("begin", "f"), flow("f", "sign", "true"), line("sign", "done")), {("f_to_sign", "condition-misplaced")}),
        ((BEGIN, SIGN, DONE, gateways("parallel", "f"), line("begin", "f", "sign", "done"), flow("f", "sign").replace('id="f_to_sign"', 'id="again"')), {("again", "flow-twice")}),
        ((*PLAIN, element("boundaryEvent", "late", TIMER, attachedToRef="sign", shenpi_due="P1D"), people("a"), line("late", "a"), flow("a", "late")), {("late", "before-boundary")}),
        ((*PLAIN, element("boundaryEvent", "late", TIMER, attachedToRef="done", shenpi_due="P1D"), ends("other"), line("late", "other")), {("late", "boundary-host")}),
    ],
)  # fmt: skip
def test_flows_say_one_thing(body, expected):
    assert set(found(diagram(*body))) == expected
