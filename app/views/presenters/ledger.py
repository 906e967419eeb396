"""The ledger as its page shows it: totals across category and source, entries, what it may be narrowed to."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.money import yuan
from app.domain.vocabulary import (
    CATEGORY_TITLES,
    FUNDING_SOURCE_TITLES,
    LEDGER_KIND_TITLES,
    Category,
    FundingSource,
    LedgerKind,
)
from app.services.money.ledger_views import Choices, Filters, Ledger, Line
from app.views.words import day

# How each filter stands in an address.
NAMES: Mapping[str, str] = {
    "year": "year",
    "organization_id": "organization",
    "studio_id": "studio",
    "category": "category",
    "source": "source",
}
Option = tuple[Any, str]


def query_of(filters: Filters) -> dict[str, Any]:
    """Return the filters as the query of an address."""
    given = ((name, getattr(filters, field)) for field, name in NAMES.items())
    return {name: str(value) for name, value in given if value is not None}


def selects(filters: Filters, choices: Choices, organizations: list[Option]) -> list[dict[str, Any]]:
    """Return the lists to choose from; those with nothing to choose are left out."""
    found = [
        ("year", _("年度"), _("全部年度"), [(year, _("%(year)d 年", year=year)) for year in choices.years]),
        ("organization_id", _("单位"), _("全部单位"), organizations),
        ("studio_id", _("工作室"), _("全部工作室"), list(choices.studios)),
        ("category", _("类别"), _("全部类别"), _options(CATEGORY_TITLES)),
        ("source", _("来源"), _("全部来源"), _options(FUNDING_SOURCE_TITLES)),
    ]
    return [
        {
            "name": NAMES[field],
            "label": label,
            "value": getattr(filters, field) or "",
            "options": [("", every), *options],
        }
        for field, label, every, options in found
        if len(options) > 1 or getattr(filters, field) is not None
    ]


def across(found: Ledger, filters: Filters) -> dict[str, Any]:
    """Return the table of totals: categories down, sources across, each figure with its entries' address."""
    sources = [FundingSource(total.key) for total in found.by_source]
    rows = [
        {
            "title": _(total.title),
            "cells": [_part(found, filters, Category(total.key), source) for source in sources],
            "sum": _figure(total.amount, total.count, replace(filters, category=Category(total.key))),
        }
        for total in found.by_category
    ]
    foot = [
        _figure(total.amount, total.count, replace(filters, source=FundingSource(total.key)))
        for total in found.by_source
    ]
    heads = [_("%(source)s（元）", source=_(FUNDING_SOURCE_TITLES[source])) for source in sources]
    return {"heads": heads, "rows": rows, "foot": foot, "sum": _figure(found.amount, found.count, filters)}


def entries(lines: Iterable[Line], filters: Filters) -> list[dict[str, Any]]:
    """Return the entries' rows."""
    return [_entry(line, filters.source) for line in lines]


def asset_row(view: Any) -> dict[str, Any]:
    """Return the row of a fixed asset."""
    return {
        "name": view.name,
        "quantity": view.quantity,
        "amount": yuan(view.amount),
        "place": view.place,
        "on": day(view.acquired_on),
        "studio": view.studio_name,
        "organization": view.organization_name,
        "url": url_for("cases.show", instance_id=view.instance_id),
        "serial": view.serial,
    }


def _entry(line: Line, source: FundingSource | None) -> dict[str, Any]:
    entry, kind = line.entry, LedgerKind(line.entry.kind)
    part = yuan(line.sources.get(source, 0)) if source else ""
    return {
        "on": day(entry.paid_on),
        "voucher": entry.voucher_number,
        "summary": entry.summary,
        "serial": line.serial,
        "url": url_for("cases.show", instance_id=entry.instance_id),
        "category": _(CATEGORY_TITLES[Category(entry.category)]),
        "studio": entry.studio.name,
        "organization": entry.organization.name,
        "amount": yuan(entry.amount),
        "kind": "" if kind == LedgerKind.BOOKING else _(LEDGER_KIND_TITLES[kind]),
        "part": _("其中%(source)s %(sum)s", source=_(FUNDING_SOURCE_TITLES[source]), sum=part) if source else "",
    }


def _part(found: Ledger, filters: Filters, category: Category, source: FundingSource) -> dict[str, str]:
    amount, count = found.across.get((category, source), (0, 0))
    return _figure(amount, count, replace(filters, category=category, source=source))


def _figure(amount: int, count: int, filters: Filters) -> dict[str, str]:
    url = url_for("ledger.index", **query_of(filters), _anchor="entries") if count else ""
    return {"amount": yuan(amount), "url": url}


def _options(titles: Mapping[Any, str]) -> list[Option]:
    return [(key.value, _(title)) for key, title in titles.items()]
