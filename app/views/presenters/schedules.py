"""A process that begins by itself in words: when it does, where, and what an administrator may do about it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain import clock
from app.domain.recurrences import Recurrence
from app.domain.vocabulary import OrganizationKind
from app.services.starting.adoptions import Adoptable
from app.views.words import full_day

WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


def row(one: Adoptable) -> dict[str, Any]:
    """Return a process with when it begins, in how many schools, and where that is changed."""
    is_school = one.organization.kind == OrganizationKind.SCHOOL
    return {
        "key": one.key,
        "title": one.title,
        "hint": one.hint,
        "organization": one.organization,
        "where": one.organization.name
        if is_school
        else _("%(name)s下面的 %(count)d 所学校", name=one.organization.name, count=one.schools),
        "when": when(one.recurrence),
        "next": full_day(clock.shanghai(one.next_at).date()),
        "set": full_day(clock.shanghai(one.set_at).date()) if one.set_at else "",
        "state": _state(one, is_school=is_school),
        "is_adopted": one.adopted > 0,
        "act": _("再采用一次") if one.adopted == one.schools else _("采用"),
        "is_bureau": not is_school,
        "url": url_for("schedules.show", key=one.key, organization=one.organization.id),
    }


def when(recurrence: Recurrence) -> str:
    """Write how often and when a process begins: 每年 9 月 1 日."""
    if recurrence.month is not None:
        day = _("每年 %(month)d 月 %(day)d 日", month=recurrence.month, day=recurrence.day)
    elif recurrence.day is not None:
        day = _("每月 %(day)d 日", day=recurrence.day)
    else:
        day = _("每个星期%(weekday)s", weekday=WEEKDAYS[(recurrence.weekday or 1) - 1])
    time = f"{recurrence.hour:02}:{recurrence.minute:02}"
    return day if time == "00:00" else f"{day} {time}"


def _state(one: Adoptable, *, is_school: bool) -> tuple[str, str, str | None]:
    if not one.adopted:
        return _("没有采用"), "", "stop"
    if is_school or one.adopted == one.schools:
        return _("已采用"), "ok", "check"
    return _("%(adopted)d / %(schools)d 所采用", adopted=one.adopted, schools=one.schools), "warn", None
