"""Decisions as the page of a case explains them: what was given, what came out, which rule and why not the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.processes import DecisionRecord
from app.domain.text import N_
from app.services import decisions
from app.services.reading.cases import CaseView
from app.views.presenters.values import plain_words

POLICIES = {
    "UNIQUE": N_("唯一命中"),
    "ANY": N_("任一命中"),
    "PRIORITY": N_("按优先级命中"),
    "FIRST": N_("首个命中"),
    "RULE ORDER": N_("按规则顺序全部列出"),
    "OUTPUT ORDER": N_("按结果优先级全部列出"),
    "COLLECT": N_("汇总命中"),
}
TRUTHS = {"true": N_("是"), "false": N_("否")}
Explanation = Mapping[str, Any]
Row = dict[str, str]


def decision_sheets(session: Session, view: CaseView) -> list[dict[str, Any]]:
    """Return what each business rule task of a case decided, and why."""
    return [_sheet(view, record) for record in decisions.decisions_of(session, view.case.id)]


def _sheet(view: CaseView, record: DecisionRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "title": view.process.element(record.element).name,
        "at": record.decided_at,
        "results": [(name, plain_words(value)) for name, value in record.outputs.items()],
        "tables": [_table(one) for one in _tables(record.explanation)],
    }


def _tables(explanation: Explanation) -> Iterator[Explanation]:
    """Yield the tables that were asked, those that the decision requires first."""
    yield from (one for one in (*explanation.get("required", ()), explanation) if "rules" in one)


def _table(explanation: Explanation) -> dict[str, Any]:
    inputs = explanation["inputs"]
    columns = [
        {"key": "rule", "label": _("规则"), "is_head": True},
        *({"key": str(at), "label": f"{one['input']} = {plain_words(one['value'])}"} for at, one in enumerate(inputs)),
        {"key": "result", "label": _("结果")},
    ]
    rows = [_row(rule, explanation["hits"]) for rule in explanation["rules"]]
    return {"caption": _caption(explanation), "columns": columns, "rows": rows}


def _caption(explanation: Explanation) -> str:
    """Say what a table decided by, and whether all its rules are shown."""
    words = [explanation["name"], _policy(explanation["hit_policy"])]
    if explanation["default"]:
        words.append(_("没有规则对得上，用默认结果"))
    if len(explanation["rules"]) < explanation["rules_in_table"]:
        words.append(_("共 %(count)d 条规则，只列对得上的", count=explanation["rules_in_table"]))
    return " · ".join(words)


def _policy(name: str) -> str:
    """Say by which policy a table takes its rules."""
    return _(POLICIES[name])


def _test(text: str) -> str:
    """Say what an entry asks; of a truth value 是 or 否."""
    return _(TRUTHS[text]) if text in TRUTHS else text


def _row(rule: Explanation, hits: list[int]) -> Row:
    cells = {str(at): _cell(cell) for at, cell in enumerate(rule["inputs"])}
    return {"rule": str(rule["rule"]), **cells, "result": _result(rule, hits)}


def _cell(cell: Explanation) -> str:
    if cell["matched"]:
        return _("✓ %(test)s", test=_test(cell["test"]))
    return _("✗ %(test)s %(reason)s", test=_test(cell["test"]), reason=cell.get("reason", ""))


def _result(rule: Explanation, hits: list[int]) -> str:
    if rule["rule"] in hits:
        return "，".join(f"{name} = {plain_words(value)}" for name, value in (rule["outputs"] or {}).items())
    return _("对得上，没有采用") if rule["matched"] else _("对不上")
