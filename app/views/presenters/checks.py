"""What the automatic steps found: checks, flagged words, and the budget line that pays."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.domain.money import yuan
from app.engine.paths import values_beside
from app.services.filling import option_lists
from app.services.money import budgets
from app.views.presenters.clauses import clause_words

Values = Mapping[str, Any]


def results(values: Values) -> list[Values]:
    """Return the results of automatic checks among a case's values."""
    return [found for found in values.values() if isinstance(found, Mapping) and "checks" in found]


def beside(values: Values, element: str) -> list[Values]:
    """Return what automatic checks of the called process found in which an element stands; none of a case's own."""
    inner = results(values_beside(values, element)) if "/" in element else []
    return [entry for result in inner for entry in result["checks"]]


def check_lines(result: Any) -> list[str]:
    """Return the two lines of the strip under an automatic check."""
    if not isinstance(result, Mapping) or "checks" not in result:
        return []
    doubts = len(_doubts(result))
    lines = [_("%(count)d 项", count=len(result["checks"]) + len(result.get("flags", ())))]
    return [*lines, _("%(count)d 项请看", count=doubts)] if doubts else [*lines, _("都通过")]


def checks(case: ProcessInstance) -> dict[str, Any] | None:
    """Return the sheet of what the system checked, or None where it checked nothing."""
    found = [entry for result in results(case.values) for entry in [*result["checks"], *_flag_entries(result)]]
    if not found:
        return None
    passed = sum(entry["is_ok"] for entry in found)
    doubts = len(found) - passed
    aside = _("%(passed)d 项通过", passed=passed)
    if doubts:
        aside = _("%(passed)d 项通过，%(doubts)d 项请看", passed=passed, doubts=doubts)
    return {"entries": [{"is_ok": entry["is_ok"], "text": entry["text"]} for entry in found], "aside": aside}


def flags(case: ProcessInstance) -> list[dict[str, Any]]:
    """Return the flagged words with the words of their sentence and the clause behind them."""
    return [
        {
            "word": flag["word"],
            "text": marked(flag["text"], [flag["word"]]),
            "field": flag["field"],
            "clause": clause_words(case.rules, flag.get("parameter")),
        }
        for result in results(case.values)
        for flag in result.get("flags", ())
    ]


def words_at(case: ProcessInstance) -> dict[str, list[str]]:
    """Return the flagged words by the path of the field that they stand in."""
    found: dict[str, list[str]] = {}
    for result in results(case.values):
        for flag in result.get("flags", ()):
            found.setdefault(flag["field"], []).append(flag["word"])
    return found


def marked(text: str, words: Sequence[str]) -> Markup:
    """Return a text with each flagged word marked."""
    if not words:
        return escape(text)
    parts = re.split("(" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")", text)
    mark = Markup('<mark class="sp-flag">{}</mark>')
    return Markup().join(mark.format(part) if part in words else escape(part) for part in parts)


def budget(session: Session, case: ProcessInstance) -> dict[str, Any] | None:
    """Return the box of the budget line that a case spends from, in yuan, or None."""
    line_id = next(
        (
            found["budget_line"]
            for found in case.values.values()
            if isinstance(found, Mapping) and "budget_line" in found
        ),
        None,
    )
    line = budgets.balance(session, line_id)
    if line is None:
        return None
    reserved = _("在办占用（含本单）") if case.ended_at is None else _("在办占用")
    return {
        "title": option_lists.label_of(session, "budget_lines", line_id),
        "pairs": [
            (_("预算"), yuan(line.amount)),
            (_("已入账"), yuan(line.booked)),
            (reserved, yuan(line.reserved)),
            (
                Markup("<strong>{}</strong>").format(_("还可用")),
                Markup("<strong>{}</strong>").format(yuan(line.available)),
            ),
        ],
    }


def _doubts(result: Values) -> list[Any]:
    return [entry for entry in [*result["checks"], *_flag_entries(result)] if not entry["is_ok"]]


def _flag_entries(result: Values) -> list[dict[str, Any]]:
    return [{"is_ok": False, "text": _("%(text)s，请您核对", text=flag["text"])} for flag in result.get("flags", ())]
