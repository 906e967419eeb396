"""Diagrams as other tools write them, made up here: each is refused by names that its author knows."""

from tests.hostile.corpus.cases import Case, fixed

MODEL = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
FLOWS = '<bpmn:sequenceFlow id="Flow_1" sourceRef="Start_1" targetRef="Task_1"/><bpmn:sequenceFlow id="Flow_2" sourceRef="Task_1" targetRef="End_1"/>'


def drawn(task: str, spaces: str = "", start: str = '<bpmn:startEvent id="Start_1"/>', more: str = "") -> str:
    """Return a diagram of one task as a modelling tool exports it."""
    body = f'{start}{task}<bpmn:endEvent id="End_1"/>{FLOWS}{more}'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {MODEL} {spaces} id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn">'
        f'<bpmn:process id="annual_budget" name="请假" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    )


CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
FLOWABLE = 'xmlns:flowable="http://flowable.org/bpmn"'
ACTIVITI = 'xmlns:activiti="http://activiti.org/bpmn"'
SPIFF = 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
SAMPLES = {
    "a first drawing of bpmn.io": drawn('<bpmn:task id="Task_1" name="审批"/>'),
    "a manual task": drawn('<bpmn:manualTask id="Task_1" name="盖章"/>'),
    "a task of Camunda 7": drawn('<bpmn:userTask id="Task_1" name="审批" camunda:assignee="${initiator}" camunda:formKey="embedded:app:forms/a.html"/>', CAMUNDA),
    "a script of Camunda 7": drawn('<bpmn:scriptTask id="Task_1" name="算" scriptFormat="groovy"><bpmn:script>"id".execute()</bpmn:script></bpmn:scriptTask>', CAMUNDA),
    "a Java class of Camunda 7": drawn('<bpmn:serviceTask id="Task_1" name="发" camunda:class="java.lang.Runtime"/>', CAMUNDA),
    "a connector of Camunda 7": drawn('<bpmn:serviceTask id="Task_1" name="发"><bpmn:extensionElements><camunda:connector><camunda:connectorId>http-connector</camunda:connectorId></camunda:connector></bpmn:extensionElements></bpmn:serviceTask>', CAMUNDA),
    "a listener of Camunda 7": drawn('<bpmn:userTask id="Task_1" name="审批"><bpmn:extensionElements><camunda:taskListener event="create" expression="${x.run()}"/></bpmn:extensionElements></bpmn:userTask>', CAMUNDA),
    "a job worker of Camunda 8": drawn('<bpmn:serviceTask id="Task_1" name="发"><bpmn:extensionElements><zeebe:taskDefinition type="send"/></bpmn:extensionElements></bpmn:serviceTask>', ZEEBE),
    "an assignment of Camunda 8": drawn('<bpmn:userTask id="Task_1" name="审批"><bpmn:extensionElements><zeebe:assignmentDefinition assignee="=initiator"/></bpmn:extensionElements></bpmn:userTask>', ZEEBE),
    "a task of Flowable": drawn('<bpmn:userTask id="Task_1" name="审批" flowable:candidateGroups="hr" flowable:dueDate="${now()}"/>', FLOWABLE),
    "an expression of Flowable": drawn('<bpmn:serviceTask id="Task_1" name="发" flowable:expression="${execution.setVariable(1)}"/>', FLOWABLE),
    "a mail of Activiti": drawn('<bpmn:serviceTask id="Task_1" name="发" activiti:type="mail"/>', ACTIVITI),
    "a script of SpiffWorkflow": drawn('<bpmn:userTask id="Task_1" name="办"><bpmn:extensionElements><spiffworkflow:preScript>__import__("os").system("id")</spiffworkflow:preScript></bpmn:extensionElements></bpmn:userTask>', SPIFF),
    "a service of SpiffWorkflow": drawn('<bpmn:serviceTask id="Task_1" name="办"><bpmn:extensionElements><spiffworkflow:serviceTaskOperator id="http/GetRequest"/></bpmn:extensionElements></bpmn:serviceTask>', SPIFF),
    "a bare script": drawn('<bpmn:scriptTask id="Task_1" name="算"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>'),
    "a message start": drawn('<bpmn:userTask id="Task_1"/>', start='<bpmn:startEvent id="Start_1"><bpmn:messageEventDefinition id="m"/></bpmn:startEvent>'),
    "a conditional start": drawn('<bpmn:userTask id="Task_1"/>', start='<bpmn:startEvent id="Start_1"><bpmn:conditionalEventDefinition id="c"><bpmn:condition xsi:type="bpmn:tFormalExpression">1</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>'),
    "an ad-hoc subprocess": drawn('<bpmn:adHocSubProcess id="Task_1"/>'),
    "a transaction": drawn('<bpmn:transaction id="Task_1"/>'),
    "an event subprocess": drawn('<bpmn:userTask id="Task_1"/>', more='<bpmn:subProcess id="Sub_1" triggeredByEvent="true"/>'),
    "a standard loop": drawn('<bpmn:userTask id="Task_1"><bpmn:standardLoopCharacteristics/></bpmn:userTask>'),
    "a multi-instance service": drawn('<bpmn:serviceTask id="Task_1"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">1000000</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:serviceTask>'),
    "an inclusive gateway": drawn('<bpmn:inclusiveGateway id="Task_1"/>'),
    "a complex gateway": drawn('<bpmn:complexGateway id="Task_1"/>'),
    "data objects": drawn('<bpmn:userTask id="Task_1"/>', more='<bpmn:dataObject id="Data_1"/><bpmn:dataObjectReference id="Ref_1" dataObjectRef="Data_1"/>'),
    "an input and output specification": drawn('<bpmn:userTask id="Task_1"><bpmn:ioSpecification><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification></bpmn:userTask>'),
    "a global task": drawn('<bpmn:userTask id="Task_1"/>').replace("</bpmn:definitions>", '<bpmn:globalScriptTask id="g"/></bpmn:definitions>'),
    "two processes": drawn('<bpmn:userTask id="Task_1"/>').replace("</bpmn:definitions>", '<bpmn:process id="other"/></bpmn:definitions>'),
    "a choreography": drawn('<bpmn:userTask id="Task_1"/>').replace("</bpmn:definitions>", '<bpmn:choreography id="c"/></bpmn:definitions>'),
    "BPMN 1 of long ago": '<?xml version="1.0"?><definitions xmlns="http://schema.omg.org/spec/BPMN/2.0" id="d"><process id="annual_budget"/></definitions>',
    "XPDL": '<?xml version="1.0"?><Package xmlns="http://www.wfmc.org/2009/XPDL2.2" Id="p"><WorkflowProcesses/></Package>',
}  # fmt: skip


def styled() -> bytes:
    """Return a diagram under the default name space, with ids as a server of models makes them."""
    text = drawn('<bpmn:userTask id="Task_1" name="审批"/>').replace("bpmn:", "").replace("xmlns:bpmn=", "xmlns=")
    return text.replace("Task_1", "sid-0A1B2C3D-1234-5678-9ABC-DEF012345678").encode()


CASES = (
    *(fixed(name, "a.bpmn", text, "refused") for name, text in SAMPLES.items()),
    Case("ids with dashes under the default name space", "a.bpmn", styled, "id"),
)
