"""A case's title, amount and summary, from its process's templates; list rows carry copies."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from app.db.queries.step_locks import LockedCase
from app.domain.text import N_, sentence
from app.engine.compiler import CompiledProcess
from app.engine.forms.choice_fields import CheckboxField, ChoiceField
from app.engine.forms.components import Field
from app.engine.forms.date_fields import DateField
from app.engine.forms.list_fields import ListField
from app.engine.forms.number_fields import NumberField
from app.engine.summaries import SummaryLine, summary_of
from app.services.filling import option_lists
from app.services.texts import day, filled, looked_up, places_in

LONGEST, LONGEST_VALUE = 120, 40
Summary = list[dict[str, str]]


def refresh(session: Session, case: LockedCase, process: CompiledProcess, before: Mapping[str, Any]) -> None:
    """Write the title and the amount that the values now give, and the summary where they changed it.

    `before` are the values until now, empty at the start.
    """
    manifest = process.package.manifest
    case.title = filled(manifest.title_template, case.values)[:LONGEST] or manifest.title
    case.amount = _amount(case.values, manifest.amount)
    lines = _lines(manifest.summary)
    paths = [path for line in lines for path, _style in places_in(line.template)]
    if any(looked_up(before, path) != looked_up(case.values, path) for path in paths):
        case.summary = [shown for line in lines if (shown := _shown(session, process, case.values, line))]


def told(summary: Sequence[Mapping[str, str]] | None) -> list[str]:
    """Return the lines of a case's summary as mails and notices write them: 工作室：周敏工作室."""
    return [f"{line['label']}：{line['value']}" for line in summary or ()]


@lru_cache(maxsize=256)
def _lines(templates: tuple[str, ...]) -> tuple[SummaryLine, ...]:
    return summary_of(templates)


def _shown(
    session: Session, process: CompiledProcess, values: Mapping[str, Any], line: SummaryLine
) -> dict[str, str] | None:
    """Return a line with its value cut to what a row holds, or None where there is nothing to show."""
    words: dict[str, Any] = {}
    for path, style in places_in(line.template):
        value = looked_up(values, path)
        words[path] = value if style or value is None else _words(session, _field_at(process, path), value)
    text = " ".join(_filled(line.template, words).split())
    return {"label": line.label, "value": cut(text)} if text else None


def _filled(template: str, words: Mapping[str, Any]) -> str:
    """Fill a template from words by their whole paths."""
    return filled(template, words, lambda names, path: names.get(path))


def cut(text: str) -> str:
    """Return a text of at most 40 characters, with a mark where something is left out."""
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1].rstrip()}…"


def _amount(values: dict[str, Any], path: str | None) -> int | None:
    found = looked_up(values, path) if path else None
    return found if isinstance(found, int) else None


def _field_at(process: CompiledProcess, path: str) -> Field | None:
    element, _dot, key = path.partition(".")
    form = process.form_of(element) if element in process.model.elements else None
    return form.fields.get(key) if form else None


def _words(session: Session, field: Field | None, value: Any) -> str:
    """Return how a value reads: labels of choices, yuan, days, yes and no."""
    if isinstance(field, ChoiceField):
        return "、".join(_label(session, field, one) for one in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool) or isinstance(field, CheckboxField):
        return N_("是") if value else N_("否")
    if isinstance(field, ListField):
        return sentence(N_("%(count)d 项"), count=len(value)).chinese()
    if isinstance(field, DateField):
        return day(date.fromisoformat(value))
    if isinstance(field, NumberField):
        return f"{field.text(value)} {N_('元') if field.is_money else field.unit}".rstrip()
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _label(session: Session, field: ChoiceField, value: Any) -> str:
    if field.list_key:
        return option_lists.label_of(session, field.list_key, value)
    return next((option.label for option in field.choices if str(option.value) == str(value)), str(value))
