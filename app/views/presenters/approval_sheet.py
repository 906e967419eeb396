"""The approval sheet 审批单 of a case in words: what its reader may see of it, in the order of a file."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.identity import Actor
from app.domain.money import capitals, yuan
from app.domain.text import N_
from app.engine.model import UserTask
from app.services.documents.approval_sheets import Content
from app.services.filling import submission_versions
from app.services.reading import history
from app.services.reading.cases import CaseView
from app.views.presenters import approval_history, checks
from app.views.presenters.acts import case_state, initiator_words
from app.views.presenters.sheets import Sheet, plain_sheets
from app.views.words import paper_instant

Facts = dict[str, Any]
SUFFIX = N_("审批单")


def content(session: Session, actor: Actor, view: CaseView) -> Content:
    """Return what the sheet says."""
    case, found = view.case, history.timeline(session, view)
    as_of = max((one.at for one in found if one.kind != "waiting"), default=case.started_at)
    title = _title(view.process.package.manifest.title)
    return Content(
        title,
        as_of,
        {
            "title": title,
            "organization": case.organization.name,
            "serial": case.serial,
            "state": str(case_state(case, view.process)[0]),
            "as_of": paper_instant(as_of),
            "day": clock.shanghai(as_of).date().isoformat(),
            "facts": _facts(session, view),
            "amount": _amount(view),
            "sheets": [_sheet(one) for one in plain_sheets(session, actor, view)],
            "checks": _checks(case),
            **approval_history.parts(session, view, found),
        },
    )


def _title(process: str) -> str:
    return process if process.endswith(SUFFIX) else f"{process}{_(SUFFIX)}"


def _facts(session: Session, view: CaseView) -> list[Facts]:
    case = view.case
    first = next(iter(submission_versions.versions(session, view, view.process.model.start.id)), None)
    who = initiator_words(case.initiator.name if case.initiator else None)
    pairs = [
        (_("发起"), " · ".join(words for words in (who, first.position_title if first else "") if words)),
        (_("发起时间"), paper_instant(case.started_at)),
        (_("结束时间"), paper_instant(case.ended_at) if case.ended_at else _("还在办")),
        (_("流程版本"), _("第 %(number)d 版", number=case.version.number)),
    ]
    head = {"label": _("标题"), "value": case.title, "wide": True}
    return [head, *({"label": label, "value": words, "wide": False} for label, words in pairs)]


def _amount(view: CaseView) -> dict[str, str] | None:
    """Return the amount with its capitals, where somebody signs for it."""
    amount = view.case.amount
    is_signed = any(task.signature for part in view.process.parts.values() for task in part.model.of_kind(UserTask))
    if amount is None or not is_signed:
        return None
    return {"figures": _("%(amount)s 元", amount=yuan(amount)), "capitals": capitals(amount)}


def _sheet(one: Sheet) -> Facts:
    facts: Facts = {"kind": one.kind, "title": one.title, "aside": one.aside}
    if one.kind == "table":
        keys = [column["key"] for column in one.columns]
        return facts | {
            "columns": [{"label": column["label"], "is_number": column["is_number"]} for column in one.columns],
            "rows": [[str(row.get(key, "")) for key in keys] for row in one.rows],
            "foot": [one.foot.get(key, "") for key in keys] if one.foot else [],
        }
    return facts | {"rows": [_file(row) if one.kind == "files" else _row(row) for row in one.rows]}


def _row(row: Facts) -> Facts:
    return {"label": row["label"], "value": str(row["value"]), "wide": bool(row.get("is_wide"))}


def _file(row: Facts) -> list[str]:
    names = "\n".join(f"{link.name}（{link.label} {link.size}）" for link in row["files"])
    return [names or _("没有文件"), row["line"], row["amount"] or ""]


def _checks(case: ProcessInstance) -> list[list[str]]:
    found = checks.checks(case)
    words = {True: _("通过"), False: _("请看")}
    return [[words[bool(one["is_ok"])], str(one["text"])] for one in found["entries"]] if found else []
