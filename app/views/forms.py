"""Reading what was typed into a form of our own pages."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar, cast

from flask import request
from flask_babel import gettext as _

from app.domain.errors import Invalid
from app.domain.text import N_

Member = TypeVar("Member", bound=str)


def typed(name: str) -> str:
    """Return a posted field without spaces around it."""
    return request.form.get(name, "").strip()


def typed_day(name: str) -> date | None:
    """Return a posted date, none where the field is empty; raises Invalid."""
    text = typed(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid.field(name, N_("日期请写成 2026-09-01 这样。")) from None


def member_of(vocabulary: type[Member], text: str | None) -> Member | None:
    """Return the member of a vocabulary that a text names; none for any other text."""
    return next((member for member in cast("Iterable[Member]", vocabulary) if member == text), None)


def options_of(titles: dict[Member, str]) -> list[tuple[str, str]]:
    """Return a vocabulary as the options of a choice."""
    return [(str(member), _(title)) for member, title in titles.items()]
