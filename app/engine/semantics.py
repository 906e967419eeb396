"""Expressions, deadlines and operations of a diagram: can each be read, does each exist."""

from collections.abc import Callable, Iterator

from app.domain.text import N_
from app.engine.dues import Due, parse_due
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.messages import check_message
from app.engine.model import (
    CallActivity,
    DecisionTask,
    Element,
    EndEvent,
    MessageEvent,
    ProcessModel,
    ServiceTask,
    ThrowEvent,
    TimerEvent,
    UserTask,
)
from app.engine.operations import OPERATIONS
from app.engine.problems import Report
from app.engine.wordings import is_words, length_of, share_in

_Read = Callable[[str], Expression | Due]
CASE = "case"


def check_semantics(model: ProcessModel, report: Report) -> None:
    """Note every expression, deadline and operation that the engine could not use."""
    for flow in model.flows:
        if flow.condition:
            _check_text(flow.id, flow.condition, parse, report)
    for item in model.elements.values():
        for text, read in _texts_of(item):
            if not _is_in_words(item, text):
                _check_text(item.id, text, read, report)
        if isinstance(item, ServiceTask):
            _check_operation(item, report)
        if isinstance(item, TimerEvent) and not item.due:
            report.add(item.id, "due", N_("定时事件要用 shenpi:due 写明期限，例如 P3D。"))
        _check_repetition(item, report)
        check_message(item, report)


def check_called(call: CallActivity, callee: ProcessModel, report: Report) -> None:
    """Note results of a called process that its own elements would overwrite."""
    for name in call.outputs:
        if name in callee.elements or name == "params":
            report.add(call.id, "call", N_("取出的结果“%(name)s”与被调用流程里的环节重名，请换一个名字。"), name=name)


def names_case(model: ProcessModel) -> bool:
    """Tell whether some expression of a checked model names what no two cases share."""
    texts: list[tuple[str, _Read]] = [(flow.condition, parse) for flow in model.flows if flow.condition]
    texts += [text for item in model.elements.values() for text in _texts_of(item)]
    return any(name.split(".")[0] == CASE for text, read in texts for name in _names_in(read(text)))


def _names_in(found: Expression | Due) -> frozenset[str]:
    expression = found.expression if isinstance(found, Due) else found
    return expression.names if expression else frozenset()


def _texts_of(item: Element) -> Iterator[tuple[str, _Read]]:
    if isinstance(item, UserTask | TimerEvent) and item.due:
        yield item.due, parse_due
    if isinstance(item, UserTask):
        yield from _whom(item)
    if isinstance(item, ServiceTask | DecisionTask):
        yield from ((text, parse) for text in item.params.values())
    if isinstance(item, MessageEvent):
        yield item.key, parse
    if isinstance(item, ThrowEvent | EndEvent) and item.sending is not None:
        yield from ((text, parse) for text in (item.sending.key, *item.sending.params.values()))
    if isinstance(item, CallActivity):
        yield from ((text, parse) for text in (*item.inputs.values(), *item.outputs.values()))


def _whom(task: UserTask) -> Iterator[tuple[str, _Read]]:
    if task.person:
        yield task.person, parse
    if task.collective is not None:
        yield from ((text, parse) for text in task.collective.expressions)
        if task.collective.extend:
            yield task.collective.extend, parse_due


def _is_in_words(item: Element, text: str) -> bool:
    """Tell whether a deadline or a share is written in words: how to write it is told with its type."""
    asked = item.collective if isinstance(item, UserTask) else None
    is_share = asked is not None and text in {asked.quorum, asked.majority}
    is_due = isinstance(item, UserTask | TimerEvent) and text == item.due
    return (is_due and (is_words(text) or bool(length_of(text)))) or (
        is_share and (is_words(text) or bool(share_in(text)))
    )


def _check_text(element: str, text: str, read: _Read, report: Report) -> None:
    try:
        read(text)
    except ExpressionError as error:
        report.add(element, "expression", error.sentence.message, **error.sentence.params)


def _check_repetition(item: Element, report: Report) -> None:
    """Note a deadline that repeats where only one can be: only what interrupts nothing may happen again."""
    text = item.due if isinstance(item, UserTask | TimerEvent) else None
    can_repeat = isinstance(item, TimerEvent) and item.attached_to is not None and not item.is_interrupting
    try:
        is_repeated = parse_due(text).is_repeated if text else False
    except ExpressionError:
        return
    if is_repeated and not can_repeat:
        message = N_("重复的期限（R3/P1D、every）只能写在只提醒、不打断的边界定时事件上，请改成一次的期限。")
        report.add(item.id, "due", message)


def _check_operation(item: ServiceTask, report: Report) -> None:
    signature = OPERATIONS.get(item.operation)
    if signature is None:
        report.add(item.id, "operation", N_("没有“%(name)s”这项操作，请选一项有的。"), name=item.operation)
    elif unknown := item.params.keys() - set(signature.params):
        report.add(item.id, "operation", N_("操作没有参数“%(names)s”，请删去。"), names="、".join(sorted(unknown)))
