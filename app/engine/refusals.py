"""What a diagram may not hold, each with the sentence that says how to mend it."""

from typing import Any

from app.domain.text import N_
from app.engine.xml import BPMN

_KNOWN = frozenset(
    {
        "startEvent", "endEvent", "userTask", "serviceTask", "callActivity", "subProcess", "exclusiveGateway",
        "parallelGateway", "eventBasedGateway", "intermediateCatchEvent", "boundaryEvent", "sequenceFlow",
    }
)  # fmt: skip
_REFUSED = {
    "task": N_("请选定任务的种类：用户任务或服务任务。"),
    "manualTask": N_("手工任务请改成用户任务，办完以后在系统里登记。"),
    "scriptTask": N_("不能写脚本，请改成服务任务并选一项操作。"),
    "businessRuleTask": N_("决策任务现在还不能用，请改用排他网关和条件。"),
    "sendTask": N_("不能用发送任务，请改成服务任务并选一项操作。"),
    "receiveTask": N_("不能用接收任务，请改成用户任务或者定时事件。"),
    "inclusiveGateway": N_("不能用包容网关，请改成排他网关或并行网关。"),
    "complexGateway": N_("不能用复杂网关，请改成排他网关或并行网关。"),
    "transaction": N_("不能用事务子流程，请改成普通子流程。"),
    "adHocSubProcess": N_("不能用自由子流程，请画出先后顺序。"),
    "intermediateThrowEvent": N_("不能用中间抛出事件，请改成服务任务。"),
    "dataObject": N_("不能用数据对象，数据请写在表单里。"),
    "dataObjectReference": N_("不能用数据对象，数据请写在表单里。"),
    "dataStoreReference": N_("不能用数据存储，数据请写在表单里。"),
    "ioSpecification": N_("不能用输入输出定义，请用 shenpi:in 和 shenpi:out。"),
}
_OTHERWISE = N_("不支持这种图形，请改用任务、网关、子流程和定时事件。")
_LOOPED = N_("这里不能用循环或多实例标记，请去掉标记。")
_TIMED_ONLY = N_("这种事件只能是定时事件，请改成定时事件并写明期限。")
_PLAIN_START = N_("开始事件不能带定时或消息，请改成普通开始事件。")
_PLAIN_END = N_("结束事件只能是普通结束或终止，请去掉消息、信号和错误。")
_EVENT_SUBPROCESS = N_("不能用事件子流程，请改成边界定时事件。")


def refusal_of(node: Any) -> str | None:
    """Return why this node is refused, or None."""
    if not node.tag.startswith(BPMN):
        return _OTHERWISE
    kind = node.tag.removeprefix(BPMN)
    if kind not in _KNOWN:
        return _REFUSED.get(kind, _OTHERWISE)
    return _refusal_of_details(node, kind)


def _refusal_of_details(node: Any, kind: str) -> str | None:
    details = {child.tag.removeprefix(BPMN) for child in node if isinstance(child.tag, str)}
    events = {name for name in details if name.endswith("EventDefinition")}
    if details & {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}:
        return _LOOPED
    if details & {"ioSpecification", "dataInputAssociation", "dataOutputAssociation"}:
        return _REFUSED["ioSpecification"]
    if kind == "subProcess" and node.get("triggeredByEvent") == "true":
        return _EVENT_SUBPROCESS
    return _refusal_of_events(kind, events)


def _refusal_of_events(kind: str, events: set[str]) -> str | None:
    if kind in {"intermediateCatchEvent", "boundaryEvent"} and events != {"timerEventDefinition"}:
        return _TIMED_ONLY
    if kind == "startEvent" and events:
        return _PLAIN_START
    if kind == "endEvent" and events - {"terminateEventDefinition"}:
        return _PLAIN_END
    return None
