"""SpiffWorkflow's parser, given our classes, our waits, and no scripts."""

from typing import Any, ClassVar

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EndEventParser,
    EventBasedGatewayParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
)
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, IntermediateCatchEvent, IntermediateThrowEvent

from app.engine import task_specs


class _WaitParser(EventDefinitionParser):
    """Turn every timer and every awaited message into a wait named after its element."""

    def parse_timer_event(self, _event: Any) -> task_specs.Wait:
        """Return the wait; when it ends is decided outside the engine."""
        return task_specs.Wait(self.bpmn_id)

    def parse_message_event(self, _event: Any) -> task_specs.Wait:
        """Return the wait; which message ends it is decided outside the engine."""
        return task_specs.Wait(self.bpmn_id)


class _CatchParser(_WaitParser, IntermediateCatchEventParser):
    """A wait between two elements."""


class _BoundaryParser(_WaitParser, BoundaryEventParser):
    """A wait at the border of an activity."""


class _SendParser(EventDefinitionParser):
    """Turn every message that is sent into a note to the case."""

    def parse_message_event(self, _event: Any) -> task_specs.Send:
        """Return what is thrown."""
        return task_specs.Send(self.bpmn_id)


class _ThrowParser(_SendParser, IntermediateThrowEventParser):
    """A message that is sent on the way."""


class _EndParser(_SendParser, EndEventParser):
    """A message that is sent at the end."""


class _UnplacedProcessParser(ProcessParser):
    """Forget where shapes were drawn: moving one must not change which condition is tried first."""

    def get_position(self, _node_id: str) -> dict[str, float]:
        """Return one place for all."""
        return {"x": 0.0, "y": 0.0}


class DiagramParser(BpmnParser):
    """Parse the permitted elements; the reader has refused everything else."""

    PROCESS_PARSER_CLASS = _UnplacedProcessParser
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        full_tag("userTask"): (TaskParser, task_specs.PersonTask),
        full_tag("serviceTask"): (TaskParser, task_specs.OperationTask),
        full_tag("businessRuleTask"): (TaskParser, task_specs.OperationTask),
        full_tag("subProcess"): (SubWorkflowParser, task_specs.EmbeddedProcess),
        full_tag("callActivity"): (CallActivityParser, task_specs.CalledProcess),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, task_specs.Choice),
        full_tag("parallelGateway"): (GatewayParser, task_specs.TokenGateway),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, task_specs.Race),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
        full_tag("intermediateThrowEvent"): (_ThrowParser, IntermediateThrowEvent),
        full_tag("endEvent"): (_EndParser, EndEvent),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
    }
