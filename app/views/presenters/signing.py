"""The signing page: what is signed, in figures and words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.money import capitals, yuan
from app.domain.text import N_
from app.engine.forms.components import Field
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.text_fields import TextField
from app.engine.paths import beside, values_at
from app.services import signatures
from app.services.reading.cases import TaskView
from app.views.presenters.inbox import short_day
from app.views.words import clock_time

Pair = tuple[str, Any]


def facts(session: Session, found: TaskView) -> list[Pair]:
    """Return amount, payee, sums and who has signed already."""
    case = found.view.case
    pairs: list[Pair] = []
    if case.amount is not None:
        words = Markup("<strong>{}</strong>（{}）").format(
            _("%(amount)s 元", amount=yuan(case.amount)), capitals(case.amount)
        )
        pairs.append((_("金额"), words))
    for element in found.task.signs:
        pairs += _of_form(found, element)
    signed = [
        _(
            "%(who)s，%(day)s %(time)s 已签",
            who=one.person.name,
            day=short_day(one.signed_at),
            time=clock_time(one.signed_at),
        )
        for one in signatures.live(session, case.id)
    ]
    return [*pairs, (_("另一位签字人"), "；".join(signed))] if signed else pairs


def _of_form(found: TaskView, element: str) -> list[Pair]:
    path = beside(found.item.element, element)
    form, values = found.view.process.form_of(path), values_at(found.view.case.values, path)
    if form is None:
        return _of_check(values)
    pairs = (_fact(field, values.get(key)) for key, field in form.fields.items())
    return [pair for pair in pairs if pair]


def _of_check(values: Mapping[str, Any]) -> list[Pair]:
    """Return what a check before the signature says it is about: the lines, or only the names."""
    words = values.get("lines") or values.get("names")
    return [(_("签的是"), words)] if isinstance(words, str) else []


def _fact(field: Field, value: Any) -> Pair | None:
    if isinstance(field, TextField) and not field.is_multiline and field.is_required and value:
        return field.label, value
    if isinstance(field, ListField) and field.total and value:
        total = sum(row.get(field.total) or 0 for row in value if isinstance(row, Mapping))
        has_files = any(isinstance(cell, FileField) for cell in field.cells)
        words = N_("%(count)d 张，合计 %(total)s 元") if has_files else N_("%(count)d 项，合计 %(total)s 元")
        return field.label, _(words, count=len(value), total=yuan(total))
    return None
