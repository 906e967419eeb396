"""What a diagram may not hold: for each construct a rule of its own and the sentence that says how to mend it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from app.domain.text import N_
from app.engine.markers import MARKER, NOT_HERE, refusal_of_marker
from app.engine.xml import BPMN


class Refusal(NamedTuple):
    """The rule that an element breaks, and what to do about it."""

    rule: str
    message: str


KNOWN = frozenset(
    {
        "startEvent", "endEvent", "userTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess", "exclusiveGateway",
        "parallelGateway", "eventBasedGateway", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
        "sequenceFlow",
    }
)  # fmt: skip
_DATA = Refusal("data-object", N_("不能用数据对象，数据请写在表单里。"))
_DATA_STORE = Refusal("data-store", N_("不能用数据存储，数据请写在表单里。"))
_INPUT_OUTPUT = Refusal("io-specification", N_("不能用输入输出定义，请用 shenpi:in 和 shenpi:out。"))
_PERFORMER = Refusal("performer", N_("办理人请写 shenpi:role，不要用 BPMN 的执行人。"))
_CONVERSATION = Refusal("collaboration", N_("不能画协作、会话和编排，请只画一个流程。"))
# Elements of the standard that are not ours.
REFUSED: Mapping[str, Refusal] = MappingProxyType(
    {
        "task": Refusal("plain-task", N_("请选定任务的种类：用户任务、服务任务或决策任务。")),
        "manualTask": Refusal("manual-task", N_("手工任务请改成用户任务，办完以后在系统里登记。")),
        "scriptTask": Refusal("script-task", N_("不能写脚本，请改成服务任务并选一项操作。")),
        "sendTask": Refusal("send-task", N_("不能用发送任务，请改成带消息的中间抛出事件。")),
        "receiveTask": Refusal("receive-task", N_("不能用接收任务，请改成等消息的中间捕获事件。")),
        "inclusiveGateway": Refusal("inclusive-gateway", N_("不能用包容网关，请改成排他网关或并行网关。")),
        "complexGateway": Refusal("complex-gateway", N_("不能用复杂网关，请改成排他网关或并行网关。")),
        "transaction": Refusal("transaction", N_("不能用事务子流程，请改成普通子流程。")),
        "adHocSubProcess": Refusal("ad-hoc", N_("不能用自由子流程，请画出先后顺序。")),
        "implicitThrowEvent": Refusal("throw-event", N_("不能用隐含的抛出事件，请画出带消息的中间抛出事件。")),
        "dataObject": _DATA,
        "dataObjectReference": _DATA,
        "property": _DATA,
        "dataStoreReference": _DATA_STORE,
        "ioSpecification": _INPUT_OUTPUT,
        "ioBinding": _INPUT_OUTPUT,
        "resourceRole": _PERFORMER,
        "performer": _PERFORMER,
        "humanPerformer": _PERFORMER,
        "potentialOwner": _PERFORMER,
        "choreographyTask": _CONVERSATION,
        "subChoreography": _CONVERSATION,
        "callChoreography": _CONVERSATION,
        "correlationSubscription": Refusal("correlation", N_("不能写消息的关联订阅，请删去。")),
    }
)
_OTHERWISE = Refusal("element", N_("不支持这种图形，请改用任务、网关、子流程和定时事件。"))
# What an element may not carry inside.
CARRIED: Mapping[str, Refusal] = MappingProxyType(
    {
        "multiInstanceLoopCharacteristics": Refusal("multi-instance", NOT_HERE),
        "standardLoopCharacteristics": Refusal("standard-loop", N_("不能用循环标记，请画一条退回的连线。")),
        "ioSpecification": _INPUT_OUTPUT,
        "dataInputAssociation": _INPUT_OUTPUT,
        "dataOutputAssociation": _INPUT_OUTPUT,
        "dataInput": _INPUT_OUTPUT,
        "dataOutput": _INPUT_OUTPUT,
        "property": _DATA,
        "resourceRole": _PERFORMER,
        "performer": _PERFORMER,
        "humanPerformer": _PERFORMER,
        "potentialOwner": _PERFORMER,
        "rendering": Refusal("rendering", N_("办理页面由 shenpi:form 决定，请删去 rendering。")),
    }
)
# Which definitions an event may carry; a kind that is not here carries none.
EVENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "intermediateCatchEvent": frozenset({"timerEventDefinition", "messageEventDefinition"}),
        "intermediateThrowEvent": frozenset({"messageEventDefinition"}),
        "boundaryEvent": frozenset({"timerEventDefinition", "messageEventDefinition"}),
        "endEvent": frozenset({"terminateEventDefinition", "messageEventDefinition"}),
    }
)
# Events that wait for something, or send it, need a definition that says what.
_DEFINED = frozenset({"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
_REFUSED_EVENTS: Mapping[str, Refusal] = MappingProxyType(
    {
        "messageEventDefinition": Refusal(
            "message-event", N_("这里不能用消息事件，请改成普通事件；等消息请用中间捕获事件或边界事件。")
        ),
        "signalEventDefinition": Refusal("signal-event", N_("不能用信号事件，请改用网关、连线或服务任务。")),
        "linkEventDefinition": Refusal("link-event", N_("不能用连接事件，请直接画一条连线。")),
        "errorEventDefinition": Refusal("error-event", N_("不能用错误事件，请用答复和排他网关分开。")),
        "escalationEventDefinition": Refusal("escalation-event", N_("不能用升级事件，请用边界定时事件提醒上一级。")),
        "compensateEventDefinition": Refusal("compensation", N_("不能用补偿，请画一个撤销的服务任务。")),
        "conditionalEventDefinition": Refusal("conditional-event", N_("不能用条件事件，请用排他网关写条件。")),
        "cancelEventDefinition": Refusal("cancel-event", N_("不能用取消事件，请用排他网关和结束事件。")),
        "terminateEventDefinition": Refusal("terminate-event", N_("终止只能用在结束事件上，请改到结束事件。")),
        "timerEventDefinition": Refusal("timer-event", N_("这里不能定时，请用中间定时事件或边界定时事件。")),
    }
)
_EVENT_REFERENCE = Refusal("event-type", N_("事件的定义要写在事件里面，不能只引用。"))
_SEVERAL_EVENTS = Refusal("event-type", N_("一个事件只能有一个定义，请分成几个事件。"))
_NO_EVENT = Refusal("event-type", N_("请写明等什么或者发什么：改成定时事件并写明期限，或者消息事件。"))
_EVENT_SUBPROCESS = Refusal("event-subprocess", N_("不能用事件子流程，请改成边界定时事件。"))
_DEFAULT = Refusal("default", N_("只有排他网关能设默认连线，请删去 default。"))
# Attributes of the standard that would change how an element runs: what they may say.
_NO = frozenset({"false", "0"})
_ONE = frozenset({"1"})
_ATTRIBUTES: Mapping[str, tuple[frozenset[str], Refusal]] = MappingProxyType(
    {
        "isForCompensation": (_NO, Refusal("compensation", N_("不能用补偿，请画一个撤销的服务任务。"))),
        "startQuantity": (_ONE, Refusal("quantity", N_("开始和完成的数量只能是 1，请删去 startQuantity。"))),
        "completionQuantity": (_ONE, Refusal("quantity", N_("开始和完成的数量只能是 1，请删去 completionQuantity。"))),
        "triggeredByEvent": (_NO, _EVENT_SUBPROCESS),
        "parallelMultiple": (_NO, Refusal("event-type", N_("事件不能等几样都到齐，请用并行网关会合。"))),
        "instantiate": (_NO, Refusal("instantiate", N_("只有开始事件能发起流程，请删去 instantiate。"))),
        "eventGatewayType": (
            frozenset({"Exclusive"}),
            Refusal("event-gateway", N_("事件网关只能是先到的走，请删去类型。")),
        ),
        # The engine reads no other spelling.
        "cancelActivity": (
            frozenset({"true", "false"}),
            Refusal("event-type", N_("cancelActivity 只能写 true（打断）或者 false（不打断），请改正。")),
        ),
    }
)


def refusals_of(node: Any) -> Iterator[Refusal]:
    """Yield why this node is refused; nothing means that it is one of ours."""
    kind = node.tag.removeprefix(BPMN)
    if kind not in KNOWN:
        yield REFUSED.get(kind, _OTHERWISE)
        return
    for name, (allowed, refusal) in _ATTRIBUTES.items():
        if node.get(name) is not None and node.get(name) not in allowed:
            yield refusal
    if node.get("default") and kind != "exclusiveGateway":
        yield _DEFAULT
    details = [child.tag.removeprefix(BPMN) for child in node if isinstance(child.tag, str)]
    yield from (CARRIED[name] for name in dict.fromkeys(details) if name in CARRIED and BPMN + name != MARKER)
    if (message := refusal_of_marker(node, kind)) is not None:
        yield Refusal("multi-instance", message)
    yield from _refusals_of_events(
        kind, [name for name in details if name.endswith(("EventDefinition", "DefinitionRef"))]
    )


def _refusals_of_events(kind: str, events: list[str]) -> Iterator[Refusal]:
    permitted = EVENTS.get(kind, frozenset())
    for name in dict.fromkeys(events):
        if name not in permitted:
            yield _REFUSED_EVENTS.get(name, _EVENT_REFERENCE)
    if len(events) > 1:
        yield _SEVERAL_EVENTS
    if not events and kind in _DEFINED:
        yield _NO_EVENT
