"""A public notice in words: how far its time has run, the days of it, whose names stand on it, and the lists of them."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.notices import Notice, NoticeName
from app.domain import clock
from app.domain.notices import (
    NOTICE_SCOPE_TITLES,
    NOTICE_STATUS_TITLES,
    Content,
    Day,
    NoticeStatus,
    Period,
    days,
    period,
)
from app.services.notices import drafts, names
from app.services.timing import calendars
from app.views.presenters.objecting import closing_words
from app.views.words import WEEKDAYS, day, full_day

# More days than these are told in words.
MOST_CELLS = 10
KINDS = {NoticeStatus.DRAFTED: "warn", NoticeStatus.POSTED: "go", NoticeStatus.ENDED: "ok"}
ICONS = {NoticeStatus.DRAFTED: "pen", NoticeStatus.POSTED: "horn"}


def state(notice: Notice) -> tuple[str, str, str | None]:
    """Return the state of a notice with how far its time has run: words, colour, icon."""
    words, kind, icon = _state(notice)
    if notice.status == NoticeStatus.POSTED:
        words = _("%(state)s · %(progress)s", state=words, progress=progress(notice))
    return words, kind, icon


def _state(notice: Notice) -> tuple[str, str, str | None]:
    return _(NOTICE_STATUS_TITLES[notice.status]), KINDS.get(notice.status, ""), ICONS.get(notice.status)


def progress(notice: Notice) -> str:
    """Return how far the time of a notice has run: 第 3 天，共 5 天."""
    period = _period(notice)
    if period is None:
        return _("名单上没有人了")
    passed = [one.number or 0 for one in _days(period) if one.on <= clock.today()]
    if _is_over(notice, period):
        return _("已满 %(days)d 天", days=notice.working_days)
    return _("第 %(day)d 天，共 %(days)d 天", day=max(passed, default=0), days=notice.working_days)


def period_sheet(notice: Notice) -> dict[str, Any] | None:
    """Return the calendar of a posted notice: title, cells, and when it ends."""
    period = _period(notice)
    if period is None:
        return None
    found = _days(period)
    is_over = _is_over(notice, period)
    cells = [_cell(one, period, is_over=is_over) for one in found] if _count(found) <= MOST_CELLS else []
    return {
        "title": _("公示期%(progress)s", progress=progress(notice)),
        "label": _(
            "%(month)s公示日程", month=_("%(year)d年%(month)d月", year=period.from_on.year, month=period.from_on.month)
        ),
        "cells": cells,
        "until": day(period.until_on) + (_("（暂定）") if period.is_provisional else ""),
        "is_ended": notice.status == NoticeStatus.ENDED,
        "restarted": [_restarted(one) for one in names.standing(notice) if one.until_on != period.until_on],
    }


def paper(notice: Notice, *, is_draft: bool = False) -> dict[str, Any]:
    """Return the red-headed notice as it hangs on the board, or as its draft would."""
    content = drafts.drafted(notice) if is_draft else names.posted_content(notice)
    return {
        "organization": notice.organization.name,
        "title": content.title,
        "intro": _paragraphs(content.intro),
        "names": _rows(content),
        "closing": _closing(notice),
        "signed_by": content.signed_by,
        "on": full_day(clock.shanghai(notice.posted_at).date()) if notice.posted_at and not is_draft else "",
    }


def draft_paper(notice: Notice) -> dict[str, Any]:
    """Return the notice as it would hang from today, with how long it would stand."""
    stands = period(clock.today(), notice.working_days, calendars.national())
    told = _(
        "今天发布的，公示 %(count)d 个工作日：%(first)s至%(last)s。",
        count=notice.working_days,
        first=full_day(stands.from_on),
        last=full_day(stands.until_on),
    )
    return {**paper(notice, is_draft=True), "stands": told}


def rows(found: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return the rows of a list of notices."""
    return [
        {
            "href": url_for("notices.show", notice_id=one.id),
            "title": one.title if one.status != NoticeStatus.DRAFTED else drafts.drafted(one).title,
            "organization": one.organization.name,
            "scope": _(NOTICE_SCOPE_TITLES[one.scope]),
            "number": _number(one),
            "until": _until(one),
            "state": _state(one),
        }
        for one in found
    ]


def _number(notice: Notice) -> str:
    is_draft = notice.status == NoticeStatus.DRAFTED
    return _("%(count)d 人", count=len(drafts.drafted(notice).lines if is_draft else names.standing(notice)))


def _until(notice: Notice) -> str:
    period = _period(notice)
    if notice.status == NoticeStatus.DRAFTED or period is None:
        return ""
    until = day(period.until_on)
    if notice.status != NoticeStatus.POSTED:
        return until
    return _("%(until)s（%(progress)s）", until=until, progress=progress(notice))


def _period(notice: Notice) -> Period | None:
    """Return the period of the name that stands longest."""
    last = max(names.standing(notice), key=lambda one: one.until_on, default=None)
    return Period(last.from_on, last.until_on, last.is_provisional) if last else None


def _is_over(notice: Notice, period: Period) -> bool:
    """Tell whether the time of a notice has run: also where the clock of a demo was moved on and back."""
    return notice.status == NoticeStatus.ENDED or clock.now() > period.ends_at


def _days(period: Period) -> list[Day]:
    return list(days(period, calendars.national()))


def _count(found: list[Day]) -> int:
    return sum(one.number is not None for one in found)


def _cell(one: Day, period: Period, *, is_over: bool) -> dict[str, Any]:
    label = _("第 %(day)d 天", day=one.number) if one.number else _("张贴") if one.on == period.from_on else _("休")
    is_today = one.on == clock.today() and not is_over
    return {
        "weekday": _("今天") if is_today else _(WEEKDAYS[one.on.weekday()]),
        "number": one.on.day,
        "label": label,
        "kind": "is-today" if is_today else _kind(one, period, is_over=is_over),
    }


def _kind(one: Day, period: Period, *, is_over: bool) -> str:
    if one.number is None:
        return "is-off"
    if is_over or one.on < clock.today():
        return "is-past"
    return "is-end" if one.on == period.until_on else ""


def _restarted(name: NoticeName) -> str:
    return _("%(name)s：公示到 %(until)s", name=name.name, until=day(name.until_on))


def _rows(content: Content) -> list[dict[str, Any]]:
    return [{"place": place, "name": one.name, "line": one.line} for place, one in enumerate(content.lines, start=1)]


def _closing(notice: Notice) -> str:
    period = _period(notice)
    objecting = closing_words(notice)
    if period is None or notice.posted_at is None:
        return _(
            "公示期共%(days)d个工作日，从发布后的下一个工作日算起。%(objecting)s",
            days=notice.working_days,
            objecting=objecting,
        )
    first = next((one.on for one in _days(period) if one.number), period.from_on)
    last = full_day(period.until_on)
    return _(
        "公示期自%(first)s至%(last)s，共%(days)d个工作日。%(objecting)s",
        first=full_day(first),
        last=last.removeprefix(f"{first.year}年") if first.year == period.until_on.year else last,
        days=notice.working_days,
        objecting=objecting,
    )


def _paragraphs(text: str) -> list[str]:
    return [one.strip() for one in text.split("\n") if one.strip()]
