"""The names that an expression may use."""

from collections.abc import Mapping

from app.engine.checks.facts import Facts
from app.engine.model import CallActivity, Element, ServiceTask, StartEvent, UserTask

PARAMS = "params"


def names_of(facts: Facts) -> Mapping[str, frozenset[str]]:
    """Return what each element offers to expressions: fields, a verdict, results."""
    return {element.id: frozenset(_offers(facts, element)) for element in facts.model.elements.values()}


def is_known(name: str, scope: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether a dotted name refers to something; parameters are the caller's affair."""
    parts = name.split(".")
    if parts[0] == PARAMS:
        return len(parts) > 1
    return len(parts) > 1 and parts[1] in scope.get(parts[0], frozenset())


def _offers(facts: Facts, element: Element) -> set[str]:
    if isinstance(element, StartEvent | UserTask):
        return _answers(facts, element)
    if isinstance(element, ServiceTask):
        signature = facts.registry.operations.get(element.operation)
        return set(signature.results) if signature else set()
    return set(element.outputs) if isinstance(element, CallActivity) else set()


def _answers(facts: Facts, element: StartEvent | UserTask) -> set[str]:
    if isinstance(element, StartEvent):
        return _fields(facts, element)
    # A task that edits another element's values has none of its own.
    return {"verdict"} | (set() if element.edits else _fields(facts, element))


def _fields(facts: Facts, element: Element) -> set[str]:
    form = facts.form_of(element)
    return set(form.fields) if form else set()
