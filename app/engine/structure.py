"""What must hold of a diagram's shape before the engine can run it."""

from collections.abc import Mapping, Sequence

from app.domain.text import N_
from app.engine.graph import endless
from app.engine.model import (
    CallActivity,
    DecisionTask,
    Element,
    EndEvent,
    Flow,
    Gateway,
    ServiceTask,
    StartEvent,
    SubProcess,
    UserTask,
    WaitEvent,
)
from app.engine.problems import Report

MAX_ELEMENTS = 150
ACTIVITIES = (UserTask, ServiceTask, DecisionTask, CallActivity, SubProcess)


def check_structure(elements: Mapping[str, Element], flows: Sequence[Flow], report: Report) -> None:
    """Note what keeps the diagram from being compiled."""
    if len(elements) > MAX_ELEMENTS:
        report.add("", "size", N_("环节超过 %(limit)d 个，请把一部分分成被调用的流程。"), limit=MAX_ELEMENTS)
    _check_scopes(elements, report)
    _check_flows(elements, flows, report)
    report.stop_if_wrong()
    for name in endless(elements, flows):
        report.add(
            name, "loop", N_("“%(name)s”在一个没有出口的循环里，请在循环里加排他网关。"), name=elements[name].name
        )
    for item in elements.values():
        _check_ways_out(item, [flow for flow in flows if flow.source == item.id], report)
        _check_ways_in(item, [elements[flow.source] for flow in flows if flow.target == item.id], report)
        if isinstance(item, WaitEvent) and item.attached_to is not None:
            _check_boundary(item, elements, report)


def _check_scopes(elements: Mapping[str, Element], report: Report) -> None:
    for scope in [None, *(name for name, item in elements.items() if isinstance(item, SubProcess))]:
        inside = [item for item in elements.values() if item.parent == scope]
        if sum(isinstance(item, StartEvent) for item in inside) != 1:
            report.add(scope or "", "start", N_("要有一个开始事件，也只能有一个。"))
        if not any(isinstance(item, EndEvent) for item in inside):
            report.add(scope or "", "end", N_("要有结束事件。"))


def _check_flows(elements: Mapping[str, Element], flows: Sequence[Flow], report: Report) -> None:
    drawn: set[tuple[str, str]] = set()
    for flow in flows:
        source, target = elements.get(flow.source), elements.get(flow.target)
        if source is None or target is None:
            report.add(flow.id, "flow", N_("连线的一头没有接到环节上，请重新连接。"))
        elif source.parent != target.parent:
            report.add(flow.id, "flow-crossing", N_("连线不能穿过子流程的边框，请在子流程里面结束。"))
        elif flow.condition and not (isinstance(source, Gateway) and source.kind == "exclusive"):
            report.add(flow.id, "condition-misplaced", N_("只有排他网关的出线能写条件，请改用排他网关。"))
        elif (flow.source, flow.target) in drawn and not _may_be_doubled(source, target):
            report.add(flow.id, "flow-twice", N_("两个环节之间只能有一条连线，请删去一条，条件用 or 合在一起。"))
        drawn.add((flow.source, flow.target))


def _may_be_doubled(source: Element, target: Element) -> bool:
    """Tell whether two flows may lead to the same place, each with its own name and condition."""
    is_choice = isinstance(source, Gateway) and source.kind == "exclusive"
    # A join counts its tokens by where they come from.
    return is_choice and not (isinstance(target, Gateway) and target.kind == "parallel")


def _check_ways_out(item: Element, out: Sequence[Flow], report: Report) -> None:
    if isinstance(item, EndEvent):
        if out:
            report.add(item.id, "after-end", N_("结束事件后面不能再有环节，请删去连线。"))
    elif not out:
        report.add(item.id, "no-way-on", N_("“%(name)s”后面没有环节，请连到下一个环节或者结束事件。"), name=item.name)
    elif not isinstance(item, Gateway) and len(out) > 1:
        report.add(item.id, "implicit-split", N_("“%(name)s”只能有一条出线，要分开请用网关。"), name=item.name)
    elif isinstance(item, Gateway) and item.kind == "exclusive":
        _check_conditions(item, out, report)


def _check_conditions(item: Gateway, out: Sequence[Flow], report: Report) -> None:
    if item.default and item.default not in {flow.id for flow in out}:
        report.add(item.id, "default", N_("默认连线要是这个网关自己的出线，请重新设置。"))
    for flow in out:
        if flow.id == item.default and flow.condition:
            report.add(flow.id, "default", N_("默认连线不能再写条件，请去掉条件。"))
        elif len(out) == 1 and flow.condition:
            report.add(flow.id, "condition-misplaced", N_("网关只有一条出线，不能写条件，请去掉条件或者再画一条出线。"))
        elif len(out) > 1 and flow.id != item.default and not flow.condition:
            report.add(flow.id, "condition-missing", N_("排他网关的每条出线都要写条件，或者设为默认。"))


def _check_ways_in(item: Element, sources: Sequence[Element], report: Report) -> None:
    if isinstance(item, StartEvent) and sources:
        report.add(item.id, "before-start", N_("开始事件前面不能有环节，请把连线接到后面的环节上。"))
    if isinstance(item, WaitEvent) and item.attached_to is not None and sources:
        report.add(item.id, "before-boundary", N_("边界事件前面不能有连线，请把连线接到它所在的环节上。"))
    follows_race = [source for source in sources if isinstance(source, Gateway) and source.kind == "event"]
    is_wait = isinstance(item, WaitEvent) and item.attached_to is None
    if follows_race and (not is_wait or len(sources) > 1):
        message = N_("事件网关后面只能接定时事件和等消息的事件，这个事件前面不能再有别的环节。")
        report.add(item.id, "event-gateway", message)


def _check_boundary(item: WaitEvent, elements: Mapping[str, Element], report: Report) -> None:
    host = elements.get(item.attached_to or "")
    if not isinstance(host, ACTIVITIES) or host.parent != item.parent:
        report.add(item.id, "boundary-host", N_("边界事件要放在同一层的任务或子流程的边框上。"))
