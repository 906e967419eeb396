"""How stored values read: labels of choices, yuan, dates, yes and no."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.engine.forms.choice_fields import CheckboxField, ChoiceField
from app.engine.forms.components import Field
from app.engine.forms.date_fields import DateField
from app.engine.forms.file_fields import FileField
from app.engine.forms.list_fields import ListField
from app.engine.forms.number_fields import NumberField
from app.services.filling import option_lists
from app.views.files import FileLink
from app.views.words import full_day

NOTHING = "—"


class Reader:
    """Write values for people who read a case."""

    def __init__(self, session: Session, files: Mapping[str, FileLink]) -> None:
        self._session = session
        self.files = files

    def words(self, field: Field, value: Any) -> str:
        """Return how a value of a field reads; nothing is a dash."""
        if isinstance(field, CheckboxField):
            return self._ticked(field, is_ticked=bool(value))
        if value in (None, "", []):
            return NOTHING
        if isinstance(field, ChoiceField):
            chosen = value if isinstance(value, list) else [value]
            return "、".join(self._label(field, one) for one in chosen)
        if isinstance(field, FileField):
            return "、".join(found.name for found in self.links(value)) or NOTHING
        return self._plain(field, value)

    def links(self, value: Any) -> list[FileLink]:
        """Return the files that a value names."""
        ids = value if isinstance(value, list) else [value]
        return [self.files[one] for one in ids if one in self.files]

    def _ticked(self, field: CheckboxField, *, is_ticked: bool) -> str:
        if field.is_required:
            return _("已勾选：%(words)s", words=field.description or field.label) if is_ticked else _("没有勾选")
        return _("是") if is_ticked else _("否")

    def _label(self, field: ChoiceField, value: Any) -> str:
        if field.list_key:
            return option_lists.label_of(self._session, field.list_key, value)
        return next((option.label for option in field.choices if str(option.value) == str(value)), str(value))

    def _plain(self, field: Field, value: Any) -> str:
        if isinstance(field, ListField):
            return _("%(count)d 行", count=len(value))
        if isinstance(field, DateField):
            return full_day(date.fromisoformat(value))
        text = field.text(value)
        if isinstance(field, NumberField):
            unit = _("元") if field.is_money else field.unit
            return f"{text} {unit}".rstrip()
        return text


def plain_words(value: Any) -> str:
    """Return how a value without a field reads."""
    if value is None:
        return _("没有")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return "、".join(map(plain_words, value)) or _("没有") if isinstance(value, list) else str(value)
