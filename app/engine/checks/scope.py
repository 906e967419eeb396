"""What each element offers to expressions, and of which type."""

from collections.abc import Callable, Mapping
from typing import Any

from app.engine.ballots import RESULT_TYPES
from app.engine.checks.decision_types import result_types
from app.engine.checks.facts import Facts
from app.engine.checks.inference import infer
from app.engine.checks.names import VERDICT, Offers, Scope
from app.engine.collectives import SUMMARY_TYPES
from app.engine.forms.choice_fields import CheckboxField, ChoiceField
from app.engine.forms.components import Field
from app.engine.forms.date_fields import DateField
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.number_fields import NumberField
from app.engine.model import (
    CallActivity,
    Collective,
    DecisionTask,
    Element,
    MessageEvent,
    ServiceTask,
    StartEvent,
    UserTask,
)
from app.engine.operations import OPERATIONS
from app.engine.panels import SCORE_TYPES
from app.engine.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, Type, choice, list_of, row_of


def names_of(facts: Facts) -> Scope:
    """Return what each element offers to expressions: fields, a verdict, results."""
    return {element.id: _offers(facts, element) for element in facts.model.elements.values()}


def _offers(facts: Facts, element: Element) -> Offers | None:
    read = _OFFERS.get(type(element))
    return read(facts, element) if read else {}


def _answers(facts: Facts, element: StartEvent | UserTask) -> Offers | None:
    verdict = {VERDICT: choice(_outcomes(element))} if isinstance(element, UserTask) else {}
    if isinstance(element, UserTask) and element.collective is not None:
        return {**_collected(element.collective), **verdict}
    # A task that edits another element's values has none of its own.
    if not element.form or (isinstance(element, UserTask) and element.edits):
        return verdict
    form = facts.form_of(element)
    return {**{key: field_type(field) for key, field in form.fields.items()}, **verdict} if form else None


def _collected(asked: Collective) -> Mapping[str, Type]:
    """Return what a task of many people leaves beside its verdict."""
    if asked.is_secret:
        return RESULT_TYPES
    return SCORE_TYPES if asked.is_scored else SUMMARY_TYPES


def _outcomes(task: UserTask) -> tuple[str, ...]:
    """Return the verdicts that the task may leave, in the order in which they are written."""
    written = tuple(name for name in task.verdicts if name in task.outcomes)
    return (*written, *sorted(task.outcomes - set(written)))


def _results(_facts: Facts, element: ServiceTask) -> Offers | None:
    signature = OPERATIONS.get(element.operation)
    return signature.results if signature else None


def _decided(facts: Facts, element: DecisionTask) -> Offers | None:
    file = facts.decisions.get(element.decision)
    return result_types(file, element.decision) if file else None


def _outputs(facts: Facts, element: CallActivity) -> Offers:
    callee = facts.called.get(element.called)
    inner = names_of(callee) if callee else None
    parameters = facts.registry.parameters
    return {
        name: infer(text, inner, parameters).type if inner is not None else ANY
        for name, text in element.outputs.items()
    }


def _received(_facts: Facts, element: MessageEvent) -> Offers:
    # What another case sends is of any type.
    return dict.fromkeys(element.fields, ANY)


# What elements of a kind offer; a kind that is not here offers nothing.
_OFFERS: Mapping[type[Element], Callable[[Facts, Any], Offers | None]] = {
    StartEvent: _answers,
    UserTask: _answers,
    ServiceTask: _results,
    DecisionTask: _decided,
    CallActivity: _outputs,
    MessageEvent: _received,
}


def field_type(field: Field) -> Type:
    """Return the type of a form field's value."""
    if isinstance(field, ChoiceField):
        # What a named list holds is known only when the page is shown.
        found = ANY if field.list_key else choice(tuple(str(option.value) for option in field.choices))
        return list_of(found) if field.is_multiple else found
    if isinstance(field, ListField):
        return list_of(row_of({key: field_type(cell) for key, cell in field.fields.items()}))
    if isinstance(field, FileField) and field.is_multiple:
        return list_of(TEXT)
    return _PLAIN_FIELDS.get(type(field), TEXT)


_PLAIN_FIELDS: Mapping[type[Field], Type] = {NumberField: NUMBER, DateField: DATE, CheckboxField: BOOLEAN}
