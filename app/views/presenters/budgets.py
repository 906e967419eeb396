"""Budgets as their pages show them: four figures apart, and a bar of the same figures."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.money import yuan
from app.services.money.budget_cases import HeldBy
from app.services.money.budgets import BudgetView, LineView

FULL = 100


# A budget and a line of it have the same four figures, in fen.
Sums = BudgetView | LineView


@dataclass(frozen=True)
class Meter:
    """The bar: parts in percent of the amount, and what it says in words."""

    booked: float
    held: float
    words: str


def meter(sums: Sums) -> Meter:
    """Return the bar of a budget or of one line."""
    whole = sums.amount or 1
    words = _(
        "预算 %(amount)s 元，已入账 %(booked)s 元，在办占用 %(reserved)s 元，还可用 %(available)s 元", **_money(sums)
    )
    return Meter(round(FULL * sums.booked / whole, 2), round(FULL * sums.reserved / whole, 2), words)


def figures(view: BudgetView, ledger_url: str) -> list[dict[str, Any]]:
    """Return the four totals on top, each with its denominator."""
    sums = _money(view)
    return [
        {"label": _("预算（元）"), "value": sums["amount"], "of": "", "href": ""},
        {"label": _("已入账（元）"), "value": sums["booked"], "of": sums["amount"], "href": ledger_url},
        {
            "label": _("在办占用（元）"),
            "value": sums["reserved"],
            "of": sums["amount"],
            "href": "#held" if view.reserved else "",
        },
        {"label": _("还可用（元）"), "value": sums["available"], "of": sums["amount"], "href": ""},
    ]


def lines(view: BudgetView, *, may_ledger: bool) -> list[dict[str, Any]]:
    """Return the lines' rows; what is booked leads to the ledger where the person may read it."""
    return [
        {
            **_money(line),
            "title": _(line.title),
            "meter": meter(line),
            "url": _ledger_url(view, line) if may_ledger and line.booked else "",
        }
        for line in view.lines
    ]


def grants(view: BudgetView) -> list[dict[str, Any]]:
    """Return the sources' rows."""
    return [
        {"title": _(each.title), "amount": yuan(each.amount), "paid": yuan(each.paid), "left": yuan(each.left)}
        for each in view.grants
    ]


def summary(view: BudgetView) -> dict[str, Any]:
    """Return the row of a budget in the list."""
    return {
        **_money(view),
        "url": url_for("budgets.show", studio_id=view.studio_id, year=view.year),
        "studio": view.studio_name,
        "organization": view.organization_name,
        "year": view.year,
        "meter": meter(view),
    }


def held(found: list[HeldBy]) -> list[dict[str, Any]]:
    """Return the rows of the open cases that hold money."""
    return [
        {
            "title": each.title,
            "serial": each.serial,
            "category": _(each.category),
            "amount": yuan(each.amount),
            "url": url_for("cases.show", instance_id=each.instance_id),
        }
        for each in found
    ]


def _ledger_url(view: BudgetView, line: LineView) -> str:
    return url_for("ledger.index", studio=view.studio_id, year=view.year, category=line.category)


def _money(sums: Sums) -> dict[str, str]:
    return {name: yuan(getattr(sums, name)) for name in ("amount", "booked", "reserved", "available")}
