"""Every expression can be read and names only what exists."""

from collections.abc import Iterator, Mapping

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.checks.scope import is_known, names_of
from app.engine.dues import parse_due
from app.engine.expressions import Expression, ExpressionError, parse
from app.engine.model import CallActivity, ServiceTask, TimerEvent
from app.engine.problems import Problem


def check_expressions(facts: Facts) -> Iterator[Problem]:
    """Find expressions that cannot be read, and names and rules in them that do not exist."""
    scope = names_of(facts)
    for element, text in _expressions(facts):
        try:
            expression = parse(text)
        except ExpressionError as error:
            yield facts.problem(element, "expression", error.sentence.message, **error.sentence.params)
            continue
        yield from _unknown(facts, element, expression, scope)


def check_dues(facts: Facts) -> Iterator[Problem]:
    """Find deadlines that are neither a duration nor an expression, and timers without one."""
    scope = names_of(facts)
    for timer in facts.model.of_kind(TimerEvent):
        if not timer.due:
            yield facts.problem(timer.id, "due", N_("定时事件要写期限 shenpi:due，例如 P3D 或者 working_days(3)。"))
    for element, text in _dues(facts):
        try:
            due = parse_due(text)
        except ExpressionError:
            message = N_("期限“%(text)s”读不懂，请写成 P3D 这样的时长，或者 working_days(3)。")
            yield facts.problem(element, "due", message, text=text)
            continue
        if due.expression is not None:
            yield from _unknown(facts, element, due.expression, scope)


def _expressions(facts: Facts) -> Iterator[tuple[str, str]]:
    yield from ((flow.id, flow.condition) for flow in facts.model.flows if flow.condition)
    for task in facts.model.of_kind(ServiceTask):
        yield from ((task.id, text) for text in task.params.values())
    for call in facts.model.of_kind(CallActivity):
        yield from ((call.id, text) for text in call.inputs.values())


def _dues(facts: Facts) -> Iterator[tuple[str, str]]:
    yield from ((task.id, task.due) for task in facts.user_tasks() if task.due)
    yield from ((timer.id, timer.due) for timer in facts.model.of_kind(TimerEvent) if timer.due)


def _unknown(
    facts: Facts, element: str, expression: Expression, scope: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    for name in sorted(expression.names):
        if not is_known(name, scope):
            message = N_("“%(text)s”里的 %(name)s 不存在，请写成“环节编号.字段”或者“环节编号.verdict”。")
            yield facts.problem(element, "name", message, text=expression.text, name=name)
    known = facts.registry.parameters
    for name in sorted(expression.rules - known) if known is not None else ():
        yield facts.problem(element, "rule", N_("没有规则参数“%(name)s”，请改正名称。"), name=name)
