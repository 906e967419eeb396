"""A process with one task that many people are asked at once: a request, the panel's answers, what they come to."""

from app.engine.package import ProcessPackage, package_from_files

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x"'
)
OUTCOMES = ("agree", "disagree", "no_quorum", "incomplete", "tied")
MANIFEST = 'key = "panel"\ntitle = "评议事项"\ncode = "PY"\ncategory = "其他"\ntitle_template = "{ask.topic}"\n'
FORM = """{{"schemaVersion": 19, "type": "default", "id": "{name}", "components": [
  {{"id": "t", "type": "textfield", "key": "{key}", "label": "{label}", "validate": {{"required": true}}}},
  {{"id": "c", "type": "number", "key": "candidate", "label": "编号"}}]}}"""
ASKED = {
    "role": "leadership_group_member",
    "verdicts": "agree disagree abstain",
    "closing": "all",
    "due": "P3D",
    "ask": "请对申请发表意见。",
}


def _flow(source: str, target: str, condition: str = "") -> str:
    body = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{body}</bpmn:sequenceFlow>'


def panel_diagram(**attributes: str | None) -> str:
    """Draw the process; an attribute that is None is left out of the panel's task."""
    asked = {name: text for name, text in {**ASKED, **attributes}.items() if text is not None}
    words = " ".join(f'shenpi:{name}="{text}"' for name, text in asked.items())
    ways = "".join(_flow("is_agreed", f"was_{one}", f'judge.verdict == "{one}"') for one in OUTCOMES)
    ends = "".join(f'<bpmn:endEvent id="was_{one}" name="{one}"/>' for one in OUTCOMES)
    return f"""<bpmn:definitions {NAMESPACES}><bpmn:process id="panel" name="评议事项" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
<bpmn:userTask id="judge" name="评议" {words}><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>
<bpmn:exclusiveGateway id="is_agreed" name="结果如何？" default="is_agreed_again"/>
<bpmn:userTask id="again" name="修改" shenpi:role="initiator" shenpi:verdicts="submit" shenpi:form="ask"
  shenpi:edits="ask" shenpi:ask="请修改后再提。"/>
{ends}{_flow("ask", "judge")}{_flow("judge", "is_agreed")}{ways}{_flow("is_agreed", "again")}{_flow("again", "judge")}
</bpmn:process></bpmn:definitions>"""


def panel_package(scenarios: str = "scenarios: []\n", **attributes: str | None) -> ProcessPackage:
    opinion = FORM.format(name="opinion", key="opinion", label="意见")
    return package_from_files(
        {
            "process.toml": MANIFEST,
            "panel.bpmn": panel_diagram(**attributes),
            "forms/ask.json": FORM.format(name="ask", key="topic", label="事由"),
            "scenarios.yaml": scenarios,
            **({"forms/opinion.json": opinion} if attributes.get("form") else {}),
        }
    )
