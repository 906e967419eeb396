"""Two versions of a form beside each other, field by field."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from app.engine.forms import Form
from app.engine.forms.components import Field
from app.engine.forms.list_fields import ListField
from app.views.presenters.values import NOTHING, Reader

EMPTY: tuple[Any, ...] = (None, "", [], {})


def differences(
    form: Form, reader: Reader, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return the fields that differ, with both values as they read."""
    old, new = dict(_lines(form, reader, before)), dict(_lines(form, reader, after))
    names = [*old, *(name for name in new if name not in old)]
    return [
        {"label": name, "before": old.get(name, NOTHING), "after": new.get(name, NOTHING)}
        for name in names
        if old.get(name, NOTHING) != new.get(name, NOTHING)
    ]


def is_changed(form: Form, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Tell whether a form shows anything else than before; what is empty is empty in one way only."""
    return _held(form, before) != _held(form, after)


def _held(form: Form, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (field.path, None if field.value in EMPTY else field.value)
        for shown in form.shown(values, is_readonly=True)
        for field in (shown, *(cell for row in shown.rows for cell in row))
        if isinstance(field.component, Field)
    ]


def _lines(form: Form, reader: Reader, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for shown in form.shown(values, is_readonly=True):
        part = shown.component
        if isinstance(part, ListField):
            for number, row in enumerate(shown.rows, 1):
                for cell in row:
                    if isinstance(cell.component, Field):
                        name = _(
                            "%(list)s第 %(number)d 行%(cell)s",
                            list=part.label,
                            number=number,
                            cell=cell.component.label,
                        )
                        yield name, reader.words(cell.component, cell.value)
        elif isinstance(part, Field):
            yield part.label, reader.words(part, shown.value)
