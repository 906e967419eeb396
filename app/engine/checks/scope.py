"""The names that an expression may use."""

from collections.abc import Mapping

from app.engine.checks.facts import Facts
from app.engine.collectives import SUMMARY
from app.engine.model import CallActivity, Element, ServiceTask, StartEvent, UserTask
from app.engine.operations import OPERATIONS

PARAMS = "params"
# None: the element's form cannot be read, which is a problem of its own; it may offer anything.
Scope = Mapping[str, frozenset[str] | None]


def names_of(facts: Facts) -> Scope:
    """Return what each element offers to expressions: fields, a verdict, results."""
    return {element.id: _offers(facts, element) for element in facts.model.elements.values()}


def is_known(name: str, scope: Scope) -> bool:
    """Tell whether a dotted name refers to something; parameters are the caller's affair."""
    parts = name.split(".")
    if parts[0] == PARAMS:
        return len(parts) > 1
    offered = scope.get(parts[0], frozenset())
    return len(parts) > 1 and (offered is None or parts[1] in offered)


def _offers(facts: Facts, element: Element) -> frozenset[str] | None:
    if isinstance(element, StartEvent | UserTask):
        return _answers(facts, element)
    if isinstance(element, ServiceTask):
        signature = OPERATIONS.get(element.operation)
        return frozenset(signature.results) if signature else None
    return frozenset(element.outputs) if isinstance(element, CallActivity) else frozenset()


def _answers(facts: Facts, element: StartEvent | UserTask) -> frozenset[str] | None:
    verdict = frozenset({"verdict"}) if isinstance(element, UserTask) else frozenset()
    if isinstance(element, UserTask) and element.collective is not None:
        return verdict | SUMMARY
    # A task that edits another element's values has none of its own.
    if not element.form or (isinstance(element, UserTask) and element.edits):
        return verdict
    form = facts.form_of(element)
    return verdict | frozenset(form.fields) if form else None
