"""Every expression can be read and names only what exists."""

from collections.abc import Iterator

from app.domain.text import N_
from app.engine.checks.facts import Facts
from app.engine.checks.scope import Scope, is_known, names_of
from app.engine.dues import parse_due
from app.engine.expressions import Expression, ExpressionError
from app.engine.forms import Field
from app.engine.model import CallActivity, ServiceTask, TimerEvent, UserTask
from app.engine.problems import Problem, Report
from app.engine.semantics import check_semantics


def check_expressions(facts: Facts) -> Iterator[Problem]:
    """Find expressions and deadlines that cannot be read, and names and rules in them that do not exist."""
    report = Report(facts.package.diagram_file)
    check_semantics(facts.model, report)
    yield from report.problems
    scope = names_of(facts)
    for element, text in _texts(facts):
        expression = _read(text)
        if expression is not None:
            yield from _unknown(facts, element, expression, scope)


def rules_named(facts: Facts) -> frozenset[str]:
    """Return the rule parameters that expressions, elements and form fields refer to."""
    expressions = (_read(text) for _element, text in _texts(facts))
    in_expressions = {rule for found in expressions if found is not None for rule in found.rules}
    at_elements = {element.clause for element in facts.model.elements.values() if element.clause}
    fields = (field for form in facts.forms.values() for field in form.walk() if isinstance(field, Field))
    return frozenset(in_expressions | at_elements | {field.clause for field in fields if field.clause})


def _texts(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what is evaluated with the values of this process; results are taken from the called one's."""
    yield from ((flow.id, flow.condition) for flow in facts.model.flows if flow.condition)
    for item in facts.model.elements.values():
        if isinstance(item, UserTask) and item.collective is not None:
            yield from ((item.id, text) for text in item.collective.expressions)
        if isinstance(item, UserTask | TimerEvent) and item.due:
            yield item.id, item.due
        elif isinstance(item, ServiceTask):
            yield from ((item.id, text) for text in item.params.values())
        elif isinstance(item, CallActivity):
            yield from ((item.id, text) for text in item.inputs.values())


def _read(text: str) -> Expression | None:
    try:
        return parse_due(text).expression
    except ExpressionError:
        return None


def _unknown(facts: Facts, element: str, expression: Expression, scope: Scope) -> Iterator[Problem]:
    for name in sorted(expression.names):
        if not is_known(name, scope):
            message = N_("“%(text)s”里的 %(name)s 不存在，请写成“环节编号.字段”或者“环节编号.verdict”。")
            yield facts.problem(element, "name", message, text=expression.text, name=name)
    known = facts.registry.parameters
    for name in sorted(expression.rules - known) if known is not None else ():
        yield facts.problem(element, "rule", N_("没有规则参数“%(name)s”，请改正名称。"), name=name)
