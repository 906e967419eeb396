"""A process for tests alone: years are handed in, confirmed, and decide the rank."""

from app.engine.package import ProcessPackage, package_from_files
from tests.unit.decisions.building import file_of, table

FORM = """{"schemaVersion": 19, "type": "default", "id": "f", "components": [
  {"id": "y", "type": "number", "key": "years", "label": "年限"}]}"""
DIAGRAM = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:shenpi="urn:shenpi:bpmn:1"
  id="d" targetNamespace="x"><bpmn:process id="judged" name="对应职级" isExecutable="true">
<bpmn:startEvent id="apply" name="申报" shenpi:form="ask" shenpi:roles="teacher finance_officer"/>
<bpmn:businessRuleTask id="decide_rank" name="对应职级" shenpi:decision="rank"><bpmn:extensionElements>
  <shenpi:param name="years" value="apply.years"/></bpmn:extensionElements></bpmn:businessRuleTask>
<bpmn:userTask id="confirm" name="确认年限" shenpi:role="initiator" shenpi:verdicts="submit" shenpi:edits="apply"
  shenpi:form="ask" shenpi:ask="请核对年限。"/>
<bpmn:endEvent id="ranked" name="已对应"/>
<bpmn:sequenceFlow id="a" sourceRef="apply" targetRef="confirm"/>
<bpmn:sequenceFlow id="c" sourceRef="confirm" targetRef="decide_rank"/>
<bpmn:sequenceFlow id="b" sourceRef="decide_rank" targetRef="ranked"/>
</bpmn:process></bpmn:definitions>"""
RANK = table(
    [("years", "number")],
    [("rank", "string")],
    [(["[1..3]"], ['"junior_2"']), (["[3..6]"], ['"junior_1"'])],
    name="rank",
)


def decided_process() -> ProcessPackage:
    manifest = 'key = "judged"\ntitle = "对应职级"\ncode = "ZJ"\ncategory = "其他"\n'
    return package_from_files(
        {"process.toml": manifest, "judged.bpmn": DIAGRAM, "forms/ask.json": FORM, "rank.dmn": file_of(RANK)}
    )
