"""Absences as rows: who stands in for whom, when, for what, and how it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.absences import Absence
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.money import yuan
from app.domain.text import N_
from app.services.absence.absences import may_end
from app.views.presenters.acts import said, serial_words
from app.views.presenters.inbox import short_day
from app.views.words import MIDNIGHT, clock_time, day, instant, last_words

# Words, kind and icon of each state.
STATES = {
    "coming": (N_("未开始"), "", "clock"),
    "present": (N_("代理中"), "go", "users"),
    "over": (N_("已到期"), "", "stop"),
    "ended": (N_("提前结束"), "", "stop"),
    "cancelled": (N_("已取消"), "", "stop"),
}


def state_of(found: Absence) -> str:
    """Return how an absence stands now."""
    if found.ended_at is not None:
        return "cancelled" if found.ended_at <= found.from_at else "ended"
    if found.until_at <= clock.now():
        return "over"
    return "coming" if found.from_at > clock.now() else "present"


def rows(actor: Actor, found: Sequence[Absence], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of a table of absences, those that are or will be before those that were."""
    told = [_row(actor, one, titles) for one in found]
    return sorted(told, key=lambda row: row["is_over"])


def done_rows(actor: Actor, items: Sequence[WorkItem]) -> list[dict[str, Any]]:
    """Return what substitutes did, as rows of a list."""
    return [
        {
            "href": url_for("tasks.show", item_id=item.id),
            "verb": said(item.verdict or "", item.element_name),
            "title": item.title,
            "line": serial_words(item.instance.serial, item.instance.organization_id, actor),
            "due": instant(item.closed_at),
            "due_kind": "far",
            "whom": _("%(name)s代办", name=item.closed_by.name) if item.closed_by else "",
            "whom_kind": "deputy",
            "kind": item.process_title,
            "amount": yuan(item.amount) if item.amount is not None else None,
            "arrived": short_day(item.opened_at),
        }
        for item in items
    ]


def _row(actor: Actor, found: Absence, titles: Mapping[str, str]) -> dict[str, Any]:
    state = state_of(found)
    is_over = state not in {"coming", "present"}
    words, kind, icon = STATES[state]
    return {
        "id": found.id,
        "who": _("%(substitute)s代%(principal)s", substitute=found.substitute.name, principal=found.principal.name),
        "organization": found.organization.name,
        "period": _period(found),
        "processes": _processes(found, titles),
        "reason": _reason(found),
        "state": (_(words), kind, icon),
        "is_over": is_over,
        "end": "" if is_over or not may_end(actor, found) else _("取消") if state == "coming" else _("提前结束"),
    }


def _period(found: Absence) -> str:
    last = found.ended_at if found.ended_at and found.ended_at > found.from_at else found.until_at
    return _("%(begin)s—%(end)s", begin=_begin(found), end=last_words(last))


def _begin(found: Absence) -> str:
    time = clock_time(found.from_at)
    return day(found.from_at) if time == MIDNIGHT else f"{day(found.from_at)} {time}"


def _processes(found: Absence, titles: Mapping[str, str]) -> str:
    if found.processes is None:
        return _("全部事项")
    return "、".join(titles.get(key, key) for key in found.processes)


def _reason(found: Absence) -> str:
    if found.entered_by_id == found.principal_id:
        return found.reason or ""
    return _("%(who)s设置：%(reason)s", who=found.entered_by.name, reason=found.reason or "")
