"""A process for tests alone: a task with a reminder and a deadline, two signatures side by side, a group, a rest."""

from app.engine.package import ProcessPackage, package_from_files

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">'
)
SIGN = 'shenpi:verdicts="sign" shenpi:signature="我已核对。" shenpi:signs="ask" shenpi:ask="核对后签字。"'
FLOWS = (
    ("ask", "check"),
    ("check", "answer"),
    ("answer", "is_agreed"),
    ("remind", "ping"),
    ("ping", "reminded"),
    ("give_up", "give_back"),
    ("give_back", "late"),
    ("again", "check"),
    ("split", "first_sign"),
    ("split", "second_sign"),
    ("first_sign", "meet"),
    ("second_sign", "meet"),
    ("meet", "group"),
    ("begin", "seal"),
    ("seal", "sealed"),
    ("group", "rest"),
    ("rest", "book"),
    ("book", "done"),
)


def _timer(name: str, attributes: str, kind: str = "boundaryEvent") -> str:
    return f'<bpmn:{kind} id="{name}" {attributes}><bpmn:timerEventDefinition id="{name}_t"/></bpmn:{kind}>'


def _flows(names: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in names)


DIAGRAM = f"""{HEAD}<bpmn:process id="watched" name="看着的流程" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
<bpmn:serviceTask id="check" name="核对" shenpi:operation="check_expense"/>
<bpmn:userTask id="answer" name="答复" shenpi:role="principal" shenpi:verdicts="agree return" shenpi:due="P2D"
  shenpi:ask="请答复。"/>
{_timer("remind", 'attachedToRef="answer" cancelActivity="false" shenpi:due="P1D"')}
{_timer("give_up", 'attachedToRef="answer" shenpi:due="P5D"')}
<bpmn:serviceTask id="ping" name="提醒" shenpi:operation="reserve_funds"/><bpmn:endEvent id="reminded" name="已提醒"/>
<bpmn:serviceTask id="give_back" name="退还" shenpi:operation="release_funds"/><bpmn:endEvent id="late" name="已超时"/>
<bpmn:exclusiveGateway id="is_agreed" name="同意？" default="to_again"/>
<bpmn:userTask id="again" name="再提" shenpi:role="initiator" shenpi:verdicts="submit" shenpi:edits="ask"
  shenpi:form="ask" shenpi:ask="请修改。"/>
<bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="meet"/>
<bpmn:userTask id="first_sign" name="财务签字" shenpi:role="finance_officer" {SIGN}/>
<bpmn:userTask id="second_sign" name="法定代表人签字" shenpi:role="legal_representative"
  shenpi:distinctFrom="first_sign" {SIGN}/>
<bpmn:subProcess id="group" name="盖章"><bpmn:startEvent id="begin"/>
<bpmn:userTask id="seal" name="盖章" shenpi:role="process_admin" shenpi:verdicts="submit return" shenpi:ask="请盖章。"/>
<bpmn:endEvent id="sealed" name="已盖章"/>{_flows(FLOWS[13:15])}</bpmn:subProcess>
{_timer("rest", 'name="等一周" shenpi:due="P7D"', "intermediateCatchEvent")}
<bpmn:serviceTask id="book" name="记账" shenpi:operation="book_expense"/><bpmn:endEvent id="done" name="已办"/>
{_flows(FLOWS[:13] + FLOWS[15:])}
<bpmn:sequenceFlow id="to_again" sourceRef="is_agreed" targetRef="again"/>
<bpmn:sequenceFlow id="to_split" sourceRef="is_agreed" targetRef="split"><bpmn:conditionExpression
  xsi:type="bpmn:tFormalExpression">answer.verdict == "agree"</bpmn:conditionExpression></bpmn:sequenceFlow>
</bpmn:process></bpmn:definitions>"""
FORM = """{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {"id": "t", "type": "textfield", "key": "topic", "label": "内容", "validate": {"required": true}}]}"""
MANIFEST = (
    'key = "watched"\ntitle = "看着的流程"\ncode = "KZ"\ncategory = "其他"\n'
    'title_template = "{ask.topic}"\non_abandon = ["release_funds"]\n'
)


def watched_process() -> ProcessPackage:
    return package_from_files(
        {"process.toml": MANIFEST, "watched.bpmn": DIAGRAM, "forms/ask.json": FORM, "scenarios.yaml": "scenarios: []\n"}
    )
