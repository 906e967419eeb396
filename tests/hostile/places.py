"""A diagram with one expression at every kind of place that takes one."""

from itertools import pairwise
from xml.sax.saxutils import quoteattr

from tests.hostile.corpus.cases import escaped

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x"'
)
MESSAGE = "<bpmn:messageEventDefinition/>"
PARAM = '<bpmn:extensionElements><shenpi:param name="x" value={q}/></bpmn:extensionElements>'
TIMER = "<bpmn:timerEventDefinition/>"
PANEL = (
    'shenpi:role="leadership_group_member" shenpi:verdicts="agree disagree" shenpi:closing="quorum" shenpi:due="P3D"'
)
# What stands at each element where the expression goes; the element's id says which place it is.
ELEMENTS = {
    "due": '<bpmn:userTask id="due" shenpi:role="principal" shenpi:verdicts="agree" shenpi:due={q}/>',
    "quorum": f'<bpmn:userTask id="quorum" {PANEL} shenpi:quorum={{q}}><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>',
    "majority": f'<bpmn:userTask id="majority" {PANEL} shenpi:quorum="1" shenpi:majority={{q}}><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>',
    "about": f'<bpmn:userTask id="about" {PANEL} shenpi:quorum="1" shenpi:about={{q}}><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>',
    "remind": f'<bpmn:userTask id="remind" {PANEL} shenpi:quorum="1" shenpi:remind={{q}}><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>',
    "decided": f'<bpmn:businessRuleTask id="decided" shenpi:decision="rank">{PARAM}</bpmn:businessRuleTask>',
    "parameter": f'<bpmn:serviceTask id="parameter" shenpi:operation="check_expense">{PARAM}</bpmn:serviceTask>',
    "given": f'<bpmn:callActivity id="given" calledElement="other">{PARAM.replace(":param", ":in")}</bpmn:callActivity>',
    "taken": f'<bpmn:callActivity id="taken" calledElement="other">{PARAM.replace(":param", ":out")}</bpmn:callActivity>',
    "waited": f'<bpmn:intermediateCatchEvent id="waited" shenpi:message="news" shenpi:key={{q}}>{MESSAGE}</bpmn:intermediateCatchEvent>',
    "sent": f'<bpmn:intermediateThrowEvent id="sent" shenpi:message="news" shenpi:key={{q}}>{MESSAGE}</bpmn:intermediateThrowEvent>',
    "carried": f'<bpmn:intermediateThrowEvent id="carried" shenpi:message="news" shenpi:key="1">{PARAM}{MESSAGE}</bpmn:intermediateThrowEvent>',
    "timed": f'<bpmn:intermediateCatchEvent id="timed" shenpi:due={{q}}>{TIMER}</bpmn:intermediateCatchEvent>',
}  # fmt: skip
LATE = f'<bpmn:boundaryEvent id="late" attachedToRef="due" shenpi:due={{q}}>{TIMER}</bpmn:boundaryEvent><bpmn:endEvent id="was_late"/>'
PLACES = frozenset({*ELEMENTS, "late", "condition"})


def diagram_of(expression: str) -> str:
    """Return the diagram with the expression at every place."""
    body = "".join(ELEMENTS.values()) + LATE
    names = ["begin", *ELEMENTS, "gate"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="to_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(names)
    )
    return (
        f'<bpmn:definitions {NAMESPACES}><bpmn:process id="places" isExecutable="true"><bpmn:startEvent id="begin"/>'
        f"{body.replace('{q}', quoteattr(expression))}"
        f'<bpmn:exclusiveGateway id="gate" default="otherwise"/><bpmn:endEvent id="done"/><bpmn:endEvent id="undone"/>{flows}'
        '<bpmn:sequenceFlow id="otherwise" sourceRef="gate" targetRef="undone"/><bpmn:sequenceFlow id="condition" sourceRef="gate" targetRef="done">'
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escaped(expression)}</bpmn:conditionExpression></bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="from_late" sourceRef="late" targetRef="was_late"/></bpmn:process></bpmn:definitions>'
    )
