"""The registers of teachers' files as their pages show them: columns, rows, what they may be narrowed to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import ENTRY_FORMS, ENTRY_KIND_TITLES, LEVEL_TITLES, EntryKind, Level
from app.domain.registers import Register
from app.domain.text import N_
from app.services.registers.entries import EntryFilters, Row
from app.views.words import full_day

Option = tuple[str, str]
# What is told of each entry beside whose it is; at most six columns in all.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "honours": ("title", "category", "level", "issuer", "from_on"),
    "service": ("class_name", "category", "issuer", "from_on", "until_on"),
    "ranks": ("category", "from_on", "issuer", "number"),
    "titles": ("category", "from_on", "issuer", "number"),
    "credits": ("title", "category", "level", "period", "hours"),
    "publications": ("title", "category", "level", "issuer", "from_on"),
    "projects": ("title", "category", "level", "issuer", "period"),
    "sanctions": ("title", "category", "issuer", "period", "state"),
}
# What stands small under a column.
UNDER: Mapping[tuple[str, str], str] = {
    ("honours", "title"): "class_name",
    ("credits", "title"): "issuer",
    ("projects", "title"): "number",
    ("sanctions", "category"): "level",
}
OWN_LABELS: Mapping[str, str] = {"period": N_("起止"), "state": N_("状态")}


def heads(register: Register) -> list[dict[str, Any]]:
    """Return the columns' labels; figures stand at the right."""
    labels = ENTRY_FORMS[register.kinds[0]].labels
    return [
        {"label": _(OWN_LABELS.get(column) or labels[column]), "is_number": column == "hours"}
        for column in COLUMNS[register.name]
    ]


def rows(register: Register, found: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the rows of a page."""
    return [_row(register, row) for row in found]


def chips(registers: Sequence[Register], current: Register) -> list[dict[str, Any]]:
    """Return the links from register to register."""
    return [
        {
            "url": url_for("registers.show", name=register.name),
            "label": _(register.title),
            "is_current": register == current,
        }
        for register in registers
    ]


def selects(
    register: Register, filters: EntryFilters, organizations: Sequence[Option], years: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the lists to choose from; those with nothing to choose are left out."""
    levels = [(level.value, _(title)) for level, title in LEVEL_TITLES.items()] if register.has_level else []
    label = _(ENTRY_FORMS[register.kinds[0]].labels.get("category", ""))
    found = [
        ("organization", _("单位"), _("全部单位"), filters.organization_id, organizations),
        ("category", label, _("全部%(label)s", label=label), filters.category, _categories(register)),
        ("level", _("级别"), _("全部级别"), filters.level, levels),
        ("year", _("年份"), _("全部年份"), filters.year, [(str(year), _("%(year)d 年", year=year)) for year in years]),
    ]
    return [
        {"name": name, "label": label, "value": str(value or ""), "options": [("", every), *options]}
        for name, label, every, value, options in found
        if len(options) > 1 or value is not None
    ]


def query_of(filters: EntryFilters) -> dict[str, Any]:
    """Return the filters as the query of an address."""
    given = {
        "organization": filters.organization_id,
        "person": filters.person_id,
        "category": filters.category,
        "level": filters.level,
        "year": filters.year,
        "q": filters.q,
    }
    as_of = filters.as_of.isoformat() if filters.as_of else ""
    return {"as_of": as_of} | {name: value for name, value in given.items() if value is not None}


def _categories(register: Register) -> list[Option]:
    return [(code, _(title)) for code, title in register.categories.items()]


def _row(register: Register, row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "name": entry.person.name,
        "url": url_for("files.show", person_id=entry.person_id),
        "organization": "、".join(place.name for place in row.workplaces),
        "history_url": _history_url(entry),
        "cells": [_cell(register, entry, column) for column in COLUMNS[register.name]],
    }


def _history_url(entry: DossierEntry) -> str:
    """Return where all ranks of a person stand, with their certificates."""
    return url_for("ranks.history", person_id=entry.person_id) if entry.kind == EntryKind.RANK else ""


def _cell(register: Register, entry: DossierEntry, column: str) -> dict[str, Any]:
    under = UNDER.get((register.name, column))
    state = _state(entry) if column == "state" else None
    return {
        "words": "" if state else _words(entry, column),
        "under": _words(entry, under) if under else "",
        "state": state,
        "is_number": column == "hours",
    }


def _words(entry: DossierEntry, column: str) -> str:
    if column == "period":
        return _period(entry)
    value = getattr(entry, column)
    special = _SPECIAL.get(column)
    return special(entry) if special else str(value or "")


def _period(entry: DossierEntry) -> str:
    if entry.until_on is None:
        return _("%(day)s起", day=full_day(entry.from_on))
    return _("%(first)s—%(last)s", first=full_day(entry.from_on), last=full_day(entry.until_on))


def _category(entry: DossierEntry) -> str:
    """Write the category; an honour of a class has none of its own."""
    title = ENTRY_FORMS[EntryKind(entry.kind)].categories.get(entry.category or "")
    return _(title) if title else _(ENTRY_KIND_TITLES[EntryKind(entry.kind)])


def _level(entry: DossierEntry) -> str:
    return _(LEVEL_TITLES[Level(entry.level)]) if entry.level else ""


def _state(entry: DossierEntry) -> tuple[str, str, str | None]:
    """Return whether a sanction holds today."""
    is_over = entry.until_on is not None and entry.until_on < clock.today()
    return (_("已解除"), "", "check") if is_over else (_("有效"), "warn", None)


_SPECIAL: Mapping[str, Callable[[DossierEntry], str]] = {
    "category": _category,
    "level": _level,
    "from_on": lambda entry: full_day(entry.from_on),
    "until_on": lambda entry: full_day(entry.until_on) if entry.until_on else _("至今"),
}
