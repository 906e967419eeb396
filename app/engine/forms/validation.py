"""Checking submitted values against a form: the only authority on what is stored."""

from collections import ChainMap
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.domain.errors import Invalid
from app.domain.text import N_, Sentence, sentence
from app.engine.forms.components import Field, Inputs, brief
from app.engine.forms.list_fields import ListField
from app.engine.forms.problems import Wrong

_MOST_UNKNOWN = 20


@dataclass
class _Check:
    """One validation under way."""

    inputs: Inputs
    element: str | None
    errors: dict[str, list[Sentence]] = field(default_factory=dict)

    def refuse(self, path: str, message: str, **params: object) -> None:
        self.errors.setdefault(path, []).append(sentence(message, **params))


def validate(
    fields: Mapping[str, Field], submitted: object, inputs: Inputs, element: str | None, current: Mapping[str, Any]
) -> dict[str, Any]:
    """Return cleaned values; raise Invalid."""
    check = _Check(inputs, element)
    cleaned = _object(check, fields, submitted, _Around("", {}, current))
    if check.errors:
        raise Invalid(check.errors)
    return cleaned


class _Around(NamedTuple):
    """Where an object stands: the path before its fields, the values outside it and the values stored so far."""

    prefix: str
    outer: Mapping[str, Any]
    current: Mapping[str, Any]


def _object(check: _Check, fields: Mapping[str, Field], submitted: object, around: _Around) -> dict[str, Any]:
    if not isinstance(submitted, dict):
        check.refuse(around.prefix.rstrip("."), N_("这里要填一组字段和值。"))
        return {}
    _refuse_unknown(check, fields, submitted, around.prefix)
    cleaned: dict[str, Any] = {}
    scope = ChainMap(cleaned, dict(around.outer))
    for one in fields.values():
        if one.access.mode(check.element) != "write":
            _keep(check, one, submitted, around, cleaned)
        elif not one.is_hidden(scope):
            value = _value(check, one, submitted.get(one.key), around, cleaned)
            if value is not None:
                cleaned[one.key] = value
    return cleaned


def _refuse_unknown(check: _Check, known: Container[str], submitted: dict[Any, Any], prefix: str) -> None:
    unknown = sorted(brief(key) for key in submitted if key not in known)[:_MOST_UNKNOWN]
    for key in unknown:
        check.refuse(f"{prefix}{key}", N_("表单里没有“%(key)s”这一项，请删去。"), key=key)


def _keep(check: _Check, one: Field, submitted: dict[str, Any], around: _Around, cleaned: dict[str, Any]) -> None:
    if one.key in submitted:
        check.refuse(f"{around.prefix}{one.key}", N_("%(label)s在这一步不能填写。"), label=one.label)
    if one.key in around.current:
        cleaned[one.key] = around.current[one.key]


def _value(check: _Check, one: Field, value: Any, around: _Around, cleaned: dict[str, Any]) -> Any:
    path = f"{around.prefix}{one.key}"
    try:
        found = one.clean(value, check.inputs)
    except Wrong as error:
        check.errors.setdefault(path, []).append(error.sentence)
        return None
    if not isinstance(one, ListField):
        return found
    return [
        _object(check, one.fields, row, _Around(f"{path}.{index}.", cleaned, {})) for index, row in enumerate(found)
    ]
