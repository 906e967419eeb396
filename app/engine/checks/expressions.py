"""Every expression can be read, names only what exists at that point, and puts each type where it fits."""

import ast
from collections.abc import Iterator

from app.domain.text import N_, sentence
from app.engine.checks.facts import Facts
from app.engine.checks.findings import Finding
from app.engine.checks.inference import infer
from app.engine.checks.moments import Moments
from app.engine.checks.names import CASE, PARAMS, Scope
from app.engine.checks.scope import names_of
from app.engine.checks.written import Use, Written, results_of, written_in
from app.engine.due_values import MAX_REPEATS, MAX_WORKING_DAYS, read_due_text
from app.engine.dues import constant_due, is_constant, parse_due
from app.engine.expressions import Expression, ExpressionError
from app.engine.forms import Field
from app.engine.problems import Problem, Report
from app.engine.semantics import check_semantics
from app.engine.types import Kind, are_alike, is_one_of
from app.engine.wordings import is_words, length_of, share_in

# By whether it is a deadline, and whether what is meant can be guessed.
_WORDED = {
    (True, True): N_("期限“%(text)s”要写成 %(meant)s。天数写 P3D，周写 P2W，小时写 PT8H，工作日写 working_days(3)。"),
    (True, False): N_("期限“%(text)s”看不懂。天数写 P3D，周写 P2W，工作日写 working_days(3)，日期写 2026-09-30。"),
    (False, True): N_("shenpi:%(name)s 写的“%(text)s”要写成 %(meant)s：比例写 2/3，人数写 5。"),
    (False, False): N_("shenpi:%(name)s 写的“%(text)s”看不懂：比例写 2/3，人数写 5。"),
}
# What a deadline may be beside a duration that is written out.
DUE_KINDS = (Kind.WORKING_DAYS, Kind.DATE, Kind.MOMENT, Kind.REPEAT)


def check_expressions(facts: Facts) -> Iterator[Problem]:
    """Find expressions that cannot be read, names that do not exist or come too early, and types that do not fit."""
    report = Report(facts.package.diagram_file)
    check_semantics(facts.model, report)
    yield from report.problems
    scope, moments = names_of(facts), Moments(facts)
    for one in written_in(facts):
        findings = [*_types(facts, one, scope), *_too_early(facts, one, moments)]
        yield from _placed(facts, one, findings)
    for called, one in results_of(facts):
        yield from _placed(facts, one, _types(called, one, names_of(called)))


def rules_named(facts: Facts) -> frozenset[str]:
    """Return the rule parameters that expressions, elements and form fields refer to."""
    expressions = (_read(one.text) for one in written_in(facts))
    in_expressions = {rule for found in expressions if found is not None for rule in found.rules}
    at_elements = {element.clause for element in facts.model.elements.values() if element.clause}
    fields = (field for form in facts.forms.values() for field in form.walk() if isinstance(field, Field))
    return frozenset(in_expressions | at_elements | {field.clause for field in fields if field.clause})


def _placed(facts: Facts, one: Written, findings: list[Finding]) -> Iterator[Problem]:
    for finding in findings:
        yield facts.problem(one.element, finding.rule, finding.sentence.message, **finding.sentence.params)


def _read(text: str) -> Expression | None:
    try:
        return parse_due(text).expression
    except ExpressionError:
        return None


def _types(facts: Facts, one: Written, scope: Scope) -> list[Finding]:
    """Check an expression, and whether its value is of the type that its place asks for."""
    if (worded := _in_words(one)) is not None:
        return [worded]
    found = infer(one.text, scope, facts.registry.parameters, is_condition=one.use is Use.CONDITION)
    findings = list(found.findings)
    if one.use is Use.DUE and not findings:
        findings += _due(one.text, is_due=is_one_of(found.type, Kind.TEXT, *DUE_KINDS))
    if not are_alike(found.type, one.wanted):
        message = N_("“%(text)s”得出%(kind)s，参数“%(name)s”要%(wanted)s，请改正。")
        params = {"text": one.text, "kind": found.type.title, "name": one.name, "wanted": one.wanted.title}
        findings.append(Finding("type", sentence(message, **params)))
    return findings


def _in_words(one: Written) -> Finding | None:
    """Object to a length of time or a share that is written in words, and say how it is written."""
    if one.use not in {Use.DUE, Use.SHARE}:
        return None
    is_due = one.use is Use.DUE
    meant = length_of(one.text) if is_due else share_in(one.text)
    if meant is None and not is_words(one.text):
        return None
    params = {"text": one.text, "name": one.name, "meant": meant}
    return Finding("due" if is_due else "collective", sentence(_WORDED[is_due, meant is not None], **params))


def _due(text: str, *, is_due: bool) -> list[Finding]:
    """Object to a deadline that gives no length of time: each text that it may give must be a duration."""
    expression = _read(text)
    texts = _leaves(expression.tree) if expression else []
    if is_due and all(isinstance(leaf, str) and read_due_text(leaf) for leaf in texts):
        return _without_length(text)
    message = N_(
        "期限“%(text)s”要写成 P3D、PT8H 这样的时长，2026-09-30 这样的日期，或者 working_days(3) 这样的工作日。"
    )
    return [Finding("due", sentence(message, text=text))]


def _without_length(text: str) -> list[Finding]:
    """Object to a deadline that is the same for every case, and none."""
    try:
        is_none = is_constant(parse_due(text)) and constant_due(text) is None
    except ExpressionError as error:
        return [Finding("due", error.sentence)]
    message = N_(
        "期限“%(text)s”算不出什么时候到期：工作日数要在 0 到 %(most)d 之间，重复的间隔要大于零、次数要在 1 到"
        " %(times)d 之间。请改正。"
    )
    return [Finding("due", sentence(message, text=text, most=MAX_WORKING_DAYS, times=MAX_REPEATS))] if is_none else []


def _leaves(tree: ast.expr) -> list[object]:
    """Return the literals that a deadline may give, numbers and truth values included."""
    if isinstance(tree, ast.IfExp):
        return [*_leaves(tree.body), *_leaves(tree.orelse)]
    if isinstance(tree, ast.BoolOp):
        return [leaf for part in tree.values for leaf in _leaves(part)]
    return [tree.value] if isinstance(tree, ast.Constant) and tree.value is not None else []


def _too_early(facts: Facts, one: Written, moments: Moments) -> Iterator[Finding]:
    expression = _read(one.text)
    elements = sorted({name.split(".")[0] for name in expression.names} - {PARAMS, CASE}) if expression else []
    for name in elements:
        item = facts.model.elements.get(name)
        if item is not None and not any(moments.can_precede(done, one.point) for done in facts.writers_of(name)):
            message = N_("“%(text)s”用到“%(name)s”，走到这里时它还没有办过，请改用前面的环节。")
            yield Finding("name-too-early", sentence(message, text=one.text, name=item.name or name))
