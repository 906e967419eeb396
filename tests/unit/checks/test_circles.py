"""Circles turn no faster than a person or time, and a constant deadline comes to something."""

from itertools import pairwise

import pytest

from app.engine.checks.expressions import check_expressions
from app.engine.checks.paths import check_paths
from tests.unit.checks.drawing import facts_of, told_by
from tests.unit.engine.playing import diagram, element

SAY = ("intermediateThrowEvent", "messageEventDefinition", {"shenpi_message": "ping", "shenpi_key": "case.serial"})
HEAR = ("intermediateCatchEvent", "messageEventDefinition", {"shenpi_message": "pong", "shenpi_key": "case.serial"})
WORK = ("userTask", "", {"shenpi_role": "teacher", "shenpi_verdicts": "submit"})


def pause(due: str) -> tuple[str, str, dict[str, str]]:
    return "intermediateCatchEvent", "timerEventDefinition", {"shenpi_due": due}


def circle(*nodes: tuple[str, str, dict[str, str]]) -> str:
    """Return a diagram that goes round through nodes until a gateway lets it out."""
    names = [f"n{number}" for number in range(len(nodes))]
    drawn = [
        element(kind, name, f"<bpmn:{event}/>" if event else "", **attributes)
        for name, (kind, event, attributes) in zip(names, nodes, strict=True)
    ]
    way = ["begin", "again", *names, "more"]
    pairs = [*pairwise(way), ("more", "done")]
    flows = [f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairs)]
    condition = '<bpmn:conditionExpression>case.serial == "x"</bpmn:conditionExpression>'
    back = f'<bpmn:sequenceFlow id="back" sourceRef="more" targetRef="again">{condition}</bpmn:sequenceFlow>'
    gateways = [element("exclusiveGateway", "again"), element("exclusiveGateway", "more", default=f"f{len(pairs) - 1}")]
    return diagram(element("startEvent", "begin"), *gateways, *drawn, element("endEvent", "done"), *flows, back)


@pytest.mark.parametrize(
    ("nodes", "is_refused"),
    [
        ((SAY, HEAR), True),
        ((HEAR, SAY, pause("PT0M")), True),
        ((SAY, HEAR, pause("PT5M")), False),
        ((SAY, HEAR, WORK), False),
        ((HEAR,), False),
        ((pause("PT0M"),), True),
        ((pause("P0D"),), True),
        ((pause("2020-01-01"),), True),
        ((pause("working_days(0)"),), True),
        ((pause("working_days(1)"),), False),
        ((pause("P1D"),), False),
    ],
)
def test_a_circle_waits_for_a_person_or_for_time(nodes, is_refused):
    told = told_by(check_paths, facts_of(circle(*nodes), has_form=False))
    assert bool(told) is is_refused
    assert {rule for _element, rule in told} <= {"endless"}


@pytest.mark.parametrize(
    "due",
    [
        "every(working_days(0), 3)",
        'every("PT0M", 3)',
        "every(working_days(1), 0)",
        "working_days(-1)",
        'working_days_before("2026-01-01", 99999999999)',
    ],
)
def test_a_constant_deadline_comes_to_something(due):
    assert ("n0", "due") in told_by(check_expressions, facts_of(circle(pause(due)), has_form=False))


@pytest.mark.parametrize("due", ["working_days(3)", 'working_days_before("2026-09-30", 2)', "P3D"])
def test_a_constant_deadline_that_does_is_taken(due):
    assert told_by(check_expressions, facts_of(circle(pause(due)), has_form=False)) == []
