"""Read a diagram in one pass: a closed vocabulary; whatever else it holds is a problem with its remedy."""

import keyword
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.text import N_
from app.engine.attributes import COLLECTIVE, HANDLING, OVERDUE, USER_TASK, check_attributes, common, listed, param_map
from app.engine.foreign import check_extensions
from app.engine.graph import main_line, side_ends
from app.engine.markers import MARKER
from app.engine.model import (
    CallActivity,
    Collective,
    DecisionTask,
    Element,
    EndEvent,
    Flow,
    Gateway,
    Handling,
    MessageEvent,
    Overdue,
    ProcessModel,
    Sending,
    ServiceTask,
    StartEvent,
    SubProcess,
    ThrowEvent,
    TimerEvent,
    UserTask,
)
from app.engine.problems import Report
from app.engine.refusals import CARRIED, refusals_of
from app.engine.structure import check_structure
from app.engine.xml import BPMN, parse_xml

# Carried along, of no meaning to the engine.
_SILENT = frozenset(
    BPMN + name
    for name in (
        "documentation", "extensionElements", "incoming", "outgoing", "laneSet", "lane", "flowNodeRef", "childLaneSet",
        "conditionExpression", "timerEventDefinition", "timeDuration", "timeDate", "timeCycle", "terminateEventDefinition",
        "messageEventDefinition", "textAnnotation", "text", "association", "group",
    )
)  # fmt: skip
# Noted at the element that carries them.
_INSIDE = frozenset(BPMN + name for name in CARRIED)
# Far more than a diagram of the permitted size has; what is beyond would take long to read.
MOST_NODES = 1_000
_LONGEST: Mapping[str, int] = {"id": 48, "name": 200}
_LONGEST_TEXT = 2_000
# Words of the expression language cannot be names of elements.
_RESERVED = frozenset({*keyword.kwlist, "params", "rules", "case", "true", "false", "null"})


def read_model(key: str, file: str, text: str) -> ProcessModel:
    """Read the diagram of a process. Raises PackageError with every problem found."""
    report = Report(file)
    process = _process_of(parse_xml(text, report), key, report)
    lanes = _lanes(process)
    elements: dict[str, Element] = {}
    flows: list[Flow] = []
    nodes = list(_nodes(process, None))
    if len(nodes) > MOST_NODES:
        report.add("", "size", N_("环节和连线超过 %(limit)d 个，请把一部分分成被调用的流程。"), limit=MOST_NODES)
    report.stop_if_wrong()
    for node, parent in nodes:
        _read_node(node, parent, elements, flows, report)
    report.stop_if_wrong()
    elements = {name: replace(item, lane=lanes.get(name)) for name, item in elements.items()}
    check_structure(elements, flows, report)
    report.stop_if_wrong()
    line, sides = main_line(elements, flows), side_ends(elements, flows)
    return ProcessModel(key, process.get("name", ""), elements, tuple(flows), line, sides)


def _process_of(root: Any, key: str, report: Report) -> Any:
    found = root.findall(f"{BPMN}process")
    if root.tag != f"{BPMN}definitions" or not found or (len(found) == 1 and found[0].get("id") != key):
        report.add(key, "process", N_("文件里要有一个流程，它的编号要写成 %(key)s。"), key=key)
    for process in found[1:]:
        message = N_("一个文件只能有一个流程，请把“%(key)s”另存成一个文件，用调用活动调用它。")
        report.add(process.get("id", ""), "several-processes", message, key=process.get("id", ""))
    for process in found[:1]:
        # Left out it means yes; the engine reads no other spelling.
        if process.get("isExecutable", "true") != "true":
            message = N_("流程要能执行，请把 isExecutable 写成 true，或者删去它。")
            report.add(process.get("id", ""), "not-executable", message)
    _check_collaboration(root, report)
    check_extensions(root, report)
    report.stop_if_wrong()
    return found[0]


def _check_collaboration(root: Any, report: Report) -> None:
    """Note pools and message flows of others: they would be drawn and never happen."""
    for pool in root.findall(f"{BPMN}collaboration/{BPMN}participant")[1:]:
        report.add(pool.get("id", ""), "participants", N_("只能画一个泳池，请删去其余的，别的单位写在泳道里。"))
    for flow in root.findall(f"{BPMN}collaboration/{BPMN}messageFlow"):
        report.add(flow.get("id", ""), "message-flow", N_("不能画消息流，请删去。"))
    for kind in ("choreography", "globalChoreographyTask", "conversation", "globalConversation"):
        for node in root.iter(BPMN + kind):
            report.add(node.get("id", ""), "collaboration", N_("不能画协作、会话和编排，请只画一个流程。"))


def _lanes(process: Any) -> dict[str, str]:
    return {
        (reference.text or "").strip(): reference.getparent().get("name", "")
        for reference in process.iter(f"{BPMN}flowNodeRef")
    }


def _nodes(scope: Any, parent: str | None) -> Iterator[tuple[Any, str | None]]:
    for node in scope:
        if not isinstance(node.tag, str) or node.tag in _SILENT or (parent is not None and node.tag in _INSIDE):
            continue
        yield node, parent
        if node.tag == f"{BPMN}subProcess":
            yield from _nodes(node, node.get("id"))


def _read_node(node: Any, parent: str | None, elements: dict[str, Element], flows: list[Flow], report: Report) -> None:
    name = node.get("id") or ""
    refusals = list(refusals_of(node))
    for refusal in refusals:
        report.add(name, refusal.rule, refusal.message)
    if refusals:
        return
    _check_lengths(node, report)
    if not name.isidentifier() or name in elements or name in _RESERVED or any(flow.id == name for flow in flows):
        report.add(
            name, "id", N_("编号只能用字母、数字和下划线，不能空着，不能重复，也不能是 params、rules 这样的保留字。")
        )
        return
    if node.tag == f"{BPMN}sequenceFlow":
        flows.append(_flow(node))
        return
    check_attributes(node, report)
    kind = node.tag.removeprefix(BPMN)
    elements[name] = replace(_READERS[kind](node), parent=parent, **common(node))


def _check_lengths(node: Any, report: Report) -> None:
    """Note what is longer than people read and tables keep."""
    for attribute, text in node.attrib.items():
        if len(text) > _LONGEST.get(attribute, _LONGEST_TEXT):
            name = attribute.rsplit("}", 1)[-1]
            report.add(node.get("id", ""), "size", N_("“%(name)s”太长，请写短一些。"), name=name)


def _flow(node: Any) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    text = (condition.text or "").strip() if condition is not None else ""
    return Flow(node.get("id"), node.get("sourceRef"), node.get("targetRef"), node.get("name", ""), text or None)


def _start(node: Any) -> Element:
    return StartEvent(id=node.get("id"), **listed(node, "form", "roles", "of"))


def _end(node: Any) -> Element:
    is_terminating = node.find(f"{BPMN}terminateEventDefinition") is not None
    return EndEvent(
        id=node.get("id"), is_terminating=is_terminating, sending=_sending(node) if _has_message(node) else None
    )


def _throw(node: Any) -> Element:
    return ThrowEvent(id=node.get("id"), sending=_sending(node))


def _sending(node: Any) -> Sending:
    return Sending(params=param_map(node, "param"), **listed(node, "message", "key", "to", "life"))


def _user_task(node: Any) -> Element:
    is_collective = node.find(MARKER) is not None
    # The same word, of one person's task written as days, of many people's task as an expression.
    collective = Collective(**listed(node, *COLLECTIVE, "remind")) if is_collective else None
    overdue = Overdue(**listed(node, *OVERDUE - ({"remind"} if is_collective else set())))
    handling = Handling(**listed(node, *HANDLING))
    return UserTask(
        id=node.get("id"), collective=collective, overdue=overdue, handling=handling, **listed(node, *USER_TASK)
    )


def _service_task(node: Any) -> Element:
    return ServiceTask(id=node.get("id"), params=param_map(node, "param"), **listed(node, "operation"))


def _decision_task(node: Any) -> Element:
    return DecisionTask(id=node.get("id"), params=param_map(node, "param"), **listed(node, "decision"))


def _call_activity(node: Any) -> Element:
    return CallActivity(
        id=node.get("id"),
        called=node.get("calledElement", ""),
        inputs=param_map(node, "in"),
        outputs=param_map(node, "out"),
    )


def _sub_process(node: Any) -> Element:
    return SubProcess(id=node.get("id"))


def _gateway(kind: str) -> Callable[[Any], Element]:
    return lambda node: Gateway(id=node.get("id"), kind=kind, default=node.get("default"))


def _wait(node: Any) -> Element:
    where = {
        "id": node.get("id"),
        "attached_to": node.get("attachedToRef"),
        "is_interrupting": node.get("cancelActivity", "true") == "true",
    }
    if _has_message(node):
        return MessageEvent(**where, **listed(node, "message", "key", "from", "fields"))
    return TimerEvent(**where, **listed(node, "due"))


def _has_message(node: Any) -> bool:
    return node.find(f"{BPMN}messageEventDefinition") is not None


_READERS: dict[str, Callable[[Any], Element]] = {
    "startEvent": _start,
    "endEvent": _end,
    "userTask": _user_task,
    "serviceTask": _service_task,
    "businessRuleTask": _decision_task,
    "callActivity": _call_activity,
    "subProcess": _sub_process,
    "exclusiveGateway": _gateway("exclusive"),
    "parallelGateway": _gateway("parallel"),
    "eventBasedGateway": _gateway("event"),
    "intermediateCatchEvent": _wait,
    "intermediateThrowEvent": _throw,
    "boundaryEvent": _wait,
}
