"""Fields for a day."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.text import N_
from app.engine.forms.components import Field, Inputs, brief

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TYPED = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True, kw_only=True)
class DateField(Field):
    """A day, stored as `YYYY-MM-DD`."""

    def clean(self, value: Any, inputs: Inputs) -> str | None:
        """Return the day; raise Wrong."""
        if value is None or value == "":
            self.require(None, inputs)
            return None
        if not isinstance(value, str) or not _is_day(value):
            raise self.wrong(N_("%(label)s要填真实的日期，例如 2026-11-24，您填了“%(given)s”。"), given=brief(value))
        return value

    def read(self, texts: Sequence[str]) -> Any:
        """Read a day in the usual Chinese ways of writing; anything else stays as it was typed."""
        text = super().read(texts)
        match = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip()) if text else None
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else text


def _is_day(text: str) -> bool:
    if _ISO.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
