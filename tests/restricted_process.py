"""A process whose reviewer does not see a field of the form: the phone number of who asks for help."""

from app.engine.package import ProcessPackage, package_from_files
from tests.panel_process import NAMESPACES

MANIFEST = 'key = "aid"\ntitle = "困难补助申请"\ncode = "BZ"\ncategory = "其他"\ntitle_template = "{ask.topic}"\n'
FORM = """{"schemaVersion": 19, "type": "default", "id": "aid", "components": [
  {"id": "t", "type": "textfield", "key": "topic", "label": "事由", "validate": {"required": true}},
  {"id": "w", "type": "textarea", "key": "words", "label": "说明", "validate": {"maxLength": 5000}},
  {"id": "p", "type": "textfield", "key": "phone", "label": "家长电话", "properties": {"hidden": "review"}}]}"""
DIAGRAM = f"""<bpmn:definitions {NAMESPACES}><bpmn:process id="aid" name="困难补助申请" isExecutable="true">
<bpmn:startEvent id="ask" name="提出" shenpi:form="aid" shenpi:roles="homeroom_teacher"/>
<bpmn:userTask id="review" name="核对申请" shenpi:role="finance_officer" shenpi:verdicts="agree return" shenpi:form="aid"
  shenpi:edits="ask" shenpi:ask="请核对。"/>
<bpmn:exclusiveGateway id="is_agreed" name="通过？" default="way_back"/>
<bpmn:userTask id="revise" name="修改申请" shenpi:role="initiator" shenpi:verdicts="submit" shenpi:form="aid"
  shenpi:edits="ask" shenpi:ask="请修改后再提。"/>
<bpmn:userTask id="decide" name="审批申请" shenpi:role="principal" shenpi:verdicts="agree" shenpi:ask="请审批。"/>
<bpmn:endEvent id="helped" name="已同意"/>
<bpmn:sequenceFlow id="a" sourceRef="ask" targetRef="review"/>
<bpmn:sequenceFlow id="b" sourceRef="review" targetRef="is_agreed"/>
<bpmn:sequenceFlow id="way_back" name="退回" sourceRef="is_agreed" targetRef="revise"/>
<bpmn:sequenceFlow id="c" name="通过" sourceRef="is_agreed" targetRef="decide">
  <bpmn:conditionExpression>review.verdict == "agree"</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="d" sourceRef="revise" targetRef="review"/>
<bpmn:sequenceFlow id="e" sourceRef="decide" targetRef="helped"/>
</bpmn:process></bpmn:definitions>"""


def restricted_package() -> ProcessPackage:
    files = {"process.toml": MANIFEST, "aid.bpmn": DIAGRAM, "forms/aid.json": FORM}
    return package_from_files({**files, "scenarios.yaml": "scenarios: []\n"})
