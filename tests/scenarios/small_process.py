"""A process with deadlines, small enough to read: one asks, a clerk answers or is late, a chaser reminds."""

from app.engine.package import ProcessPackage, package_from_files

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">'
)
TIMER = '<bpmn:timerEventDefinition id="{0}_timer"/>'
DIAGRAM = f"""{HEAD}<bpmn:process id="small" name="小流程" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>
<bpmn:serviceTask id="check" name="核对" shenpi:operation="check_expense"/>
<bpmn:userTask id="answer" name="答复" shenpi:role="principal" shenpi:verdicts="agree return" shenpi:due="P2D"
  shenpi:distinctFrom="ask" shenpi:form="answer"/>
<bpmn:boundaryEvent id="remind" name="提醒" attachedToRef="answer" cancelActivity="false" shenpi:due="working_days(1)">
  {TIMER.format("remind")}</bpmn:boundaryEvent>
<bpmn:boundaryEvent id="give_up" name="超时" attachedToRef="answer" shenpi:due="P30D">
  {TIMER.format("give_up")}</bpmn:boundaryEvent>
<bpmn:userTask id="chase" name="催办" shenpi:role="teacher" shenpi:verdicts="submit"/>
<bpmn:exclusiveGateway id="is_agreed" name="同意？" default="to_again"/>
<bpmn:intermediateCatchEvent id="rest" name="等一周" shenpi:due="P7D">{TIMER.format("rest")}</bpmn:intermediateCatchEvent>
<bpmn:userTask id="again" name="再提" shenpi:role="initiator" shenpi:verdicts="submit" shenpi:edits="ask" shenpi:form="ask"/>
<bpmn:endEvent id="agreed" name="已同意"/><bpmn:endEvent id="late" name="已超时"/><bpmn:endEvent id="chased" name="已催"/>
<bpmn:sequenceFlow id="to_check" sourceRef="ask" targetRef="check"/>
<bpmn:sequenceFlow id="to_answer" sourceRef="check" targetRef="answer"/>
<bpmn:sequenceFlow id="to_gate" sourceRef="answer" targetRef="is_agreed"/>
<bpmn:sequenceFlow id="to_chase" sourceRef="remind" targetRef="chase"/>
<bpmn:sequenceFlow id="to_chased" sourceRef="chase" targetRef="chased"/>
<bpmn:sequenceFlow id="to_late" sourceRef="give_up" targetRef="late"/>
<bpmn:sequenceFlow id="to_rest" sourceRef="is_agreed" targetRef="rest"><bpmn:conditionExpression
  xsi:type="bpmn:tFormalExpression">answer.verdict == "agree"</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="to_again" sourceRef="is_agreed" targetRef="again"/>
<bpmn:sequenceFlow id="to_agreed" sourceRef="rest" targetRef="agreed"/>
<bpmn:sequenceFlow id="back" sourceRef="again" targetRef="check"/>
</bpmn:process></bpmn:definitions>"""
FORM = """{{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {{"id": "t", "type": "textfield", "key": "{0}", "label": "内容", "validate": {{"required": true}}}}]}}"""
PEOPLE = "people: {周敏: [teacher], 陈国栋: [principal], 许文彬: [teacher, principal]}\n"
MANIFEST = 'key = "small"\ntitle = "小流程"\ncode = "XL"\ncategory = "其他"\n'


def small_process(scenarios: str) -> ProcessPackage:
    return package_from_files(
        {
            "process.toml": MANIFEST,
            "small.bpmn": DIAGRAM,
            "forms/ask.json": FORM.format("topic"),
            "forms/answer.json": FORM.format("opinion"),
            "scenarios.yaml": PEOPLE + scenarios,
        }
    )
