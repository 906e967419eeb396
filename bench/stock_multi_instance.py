"""The yardstick beside collective tasks: SpiffWorkflow as it comes, a multi-instance whose whole state is one JSON row."""

from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, insert, select, update

DIAGRAM = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">
<bpmn:process id="stock" isExecutable="true"><bpmn:startEvent id="begin"/>
<bpmn:userTask id="judge"><bpmn:multiInstanceLoopCharacteristics isSequential="false">
<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">{number}</bpmn:loopCardinality>
</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask><bpmn:endEvent id="done"/>
<bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="judge"/>
<bpmn:sequenceFlow id="b" sourceRef="judge" targetRef="done"/></bpmn:process></bpmn:definitions>"""
_metadata = MetaData()
_whole = Table(
    "stock_workflow",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)


@dataclass(frozen=True)
class StockCountersign:
    """A countersign of stock tasks, one answered after the other."""

    engine: Engine
    id: int

    def answer(self) -> None:
        """Read the row, complete the next waiting task, and write the row back: one commit."""
        serializer = BpmnWorkflowSerializer()
        with self.engine.begin() as connection:
            body: Any = connection.execute(
                select(_whole.c.body).where(_whole.c.id == self.id).with_for_update()
            ).scalar_one()
            workflow: Any = serializer.deserialize_json(body)
            task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
            task.data["verdict"] = "agree"
            task.run()
            workflow.do_engine_steps()
            changed = serializer.serialize_json(workflow)
            connection.execute(update(_whole).where(_whole.c.id == self.id).values(body=changed))


def open_stock(engine: Engine, number: int) -> StockCountersign:
    """Open a countersign of a number of people."""
    _metadata.create_all(engine)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(DIAGRAM.format(number=number).encode()))
    workflow = BpmnWorkflow(parser.get_spec("stock"))
    workflow.do_engine_steps()
    body = BpmnWorkflowSerializer().serialize_json(workflow)
    with engine.begin() as connection:
        made: Any = connection.execute(insert(_whole).values(body=body)).inserted_primary_key
    return StockCountersign(engine, made[0])
