"""A round in words: its stages, its calendar, who applied, how far review and vote are, and its rules."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.rounds import Application, Round, RoundDateChange
from app.db.work import WorkItem
from app.domain import clock
from app.domain.rounds import (
    APPLICATION_KIND_TITLES,
    APPLICATION_RESULT_TITLES,
    APPLICATION_STATUS_TITLES,
    ROUND_DATE_TITLES,
    ROUND_STAGE_TITLES,
    ApplicationKind,
    ApplicationResult,
    ApplicationStatus,
    RoundDate,
    RoundStage,
)
from app.domain.text import N_
from app.services.rounds import sight
from app.services.rounds.counting import Count
from app.services.rounds.progress import Reviewer, Seat
from app.views.presenters.clauses import ClauseWords, clause_words
from app.views.words import day, due_kind, due_words, full_day, role_title

Row = dict[str, Any]
# How many of the drawn stages lie behind, by where a round stands.
PLACES: Mapping[RoundStage, int] = {
    RoundStage.APPLYING: 0,
    RoundStage.REVIEWING: 1,
    RoundStage.DECIDING: 1,
    RoundStage.NOTICING: 2,
    RoundStage.APPOINTING: 3,
    RoundStage.ENDED: 4,
}
# What begins on these days has begun on the day itself.
BEGINNINGS = frozenset({RoundDate.APPLY_FROM, RoundDate.NOTICE_FROM})
STATES = {
    RoundStage.ENDED: ("ok", "check"),
    RoundStage.CALLED_OFF: ("", "stop"),
}
SEATS: Mapping[Seat, tuple[str, str, str | None]] = {
    Seat.DONE: (N_("已交"), "ok", "check"),
    Seat.BEGUN: (N_("评议中"), "go", "pen"),
    Seat.NOT_BEGUN: (N_("没开始"), "", None),
    Seat.RECUSED: (N_("回避"), "", "stop"),
}
STATUS_KINDS: Mapping[ApplicationStatus, tuple[str, str | None]] = {
    ApplicationStatus.SUBMITTED: ("go", "play"),
    ApplicationStatus.CORRECTING: ("warn", "back"),
    ApplicationStatus.RECOMMENDING: ("go", "play"),
    ApplicationStatus.ACCEPTED: ("ok", "check"),
    ApplicationStatus.REJECTED: ("late", "x"),
    ApplicationStatus.WITHDRAWN: ("", "stop"),
}
# The rules that the page tells, each on its line.
RULES = (
    "selection.criteria",
    "selection.weights",
    "vote.held",
    "selection.order",
    "selection.quorum",
    "selection.choices",
    "selection.tie_break",
    "notice.working_days",
)


def row(found: Round, number: int) -> Row:
    """Return a round's row in the list."""
    return {
        "title": found.title,
        "url": url_for("rounds.show", round_id=found.id),
        "organization": found.organization.name,
        "seats": found.seats,
        "window": span(found, RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL),
        "number": number,
        "state": state(found),
    }


def state(found: Round) -> tuple[str, str, str]:
    """Return where a round stands as words, kind and icon."""
    return (_(ROUND_STAGE_TITLES[found.stage]), *STATES.get(found.stage, ("go", "play")))


def line(found: Round) -> str:
    """Return the grey line under a round's title."""
    seats = _("名额 %(seats)d 个工作室", seats=found.seats)
    term = _("工作周期 %(first)s至%(last)s", first=full_day(found.term_from), last=full_day(found.term_until))
    return f"{found.organization.name} · {seats} · {term} · {found.instance.serial}"


def stages(found: Round, count: Count, reviewers: Sequence[Reviewer], turnout: int | None) -> list[Row]:
    """Return the four stages with their dates and what is to be said of each."""
    lines = (_applied(count), _reviewed(reviewers, turnout), [_notice_line(found)], [_("发聘书，进入工作室台账")])
    titles = (RoundStage.APPLYING, RoundStage.REVIEWING, RoundStage.NOTICING, RoundStage.APPOINTING)
    ends = (
        (RoundDate.APPLY_FROM, RoundDate.APPLY_UNTIL),
        (RoundDate.REVIEW_UNTIL, RoundDate.VOTE_UNTIL),
        (RoundDate.NOTICE_FROM, RoundDate.NOTICE_UNTIL),
        (RoundDate.APPOINT_ON, None),
    )
    place = _place(found)
    is_over = found.ended_at is not None
    return [
        {
            "title": _(ROUND_STAGE_TITLES[titles[number]]),
            "dates": _planned(_stage_dates(found, number, *ends[number]), is_planned=number > place),
            "lines": lines[number],
            "state": _stage_state(number, place, is_over=is_over),
            "is_done": number < place,
            "is_now": number == place and not is_over,
        }
        for number in range(len(titles))
    ]


def _place(found: Round) -> int:
    if found.stage != RoundStage.CALLED_OFF:
        return PLACES[found.stage]
    return 1 if found.results is None else 2


def _stage_state(number: int, place: int, *, is_over: bool) -> tuple[str, str, str | None]:
    if number < place:
        return _("已完成"), "ok", "check"
    if is_over:
        return _("没有进行"), "", "stop"
    return (_("进行中"), "go", "play") if number == place else (_("未开始"), "", None)


def _stage_dates(found: Round, number: int, first: RoundDate, last: RoundDate | None) -> str:
    """Write when a stage is; review and vote begin once the window is closed, and end with the later of the two."""
    if number != 1:
        return span(found, first, last)
    ends = [date.fromisoformat(found.dates[name]) for name in (first, last) if name in found.dates]
    begins = date.fromisoformat(found.dates[RoundDate.APPLY_UNTIL]) + timedelta(days=1)
    return f"{_short(begins)}—{_short(max(ends))}" if ends else ""


def _planned(words: str, *, is_planned: bool) -> str:
    return _("预计 %(words)s", words=words) if is_planned and words else words


def _applied(count: Count) -> list[str]:
    told = [_("主持人 %(hosts)d 人 · 成员 %(members)d 人", hosts=count.hosts, members=count.members)]
    return [*told, _("核对中 %(number)d 份", number=count.pending)] if count.pending else told


def _reviewed(reviewers: Sequence[Reviewer], turnout: int | None) -> list[str]:
    found = []
    asked = [one for one in reviewers if one.seat is not Seat.RECUSED]
    if asked:
        done = sum(one.seat is Seat.DONE for one in asked)
        found.append(_("评议已交 %(done)d 人，共 %(all)d 人", done=done, all=len(asked)))
    if turnout is not None:
        found.append(_("投票约 %(share)d%%", share=turnout))
    return found


def _notice_line(found: Round) -> str:
    days = found.settings.get("notice.working_days")
    return _("张贴次日起 %(days)d 个工作日", days=days) if days else _("期满没有异议就聘任")


def span(found: Round, first: RoundDate, last: RoundDate | None) -> str:
    """Write one or two dates of a round."""
    return "—".join(_short(date.fromisoformat(found.dates[name])) for name in (first, last) if name in found.dates)


def _short(on: date) -> str:
    """Write a date without its weekday, as spans do; other years with the year."""
    is_near = on.year == clock.today().year
    return _("%(month)d月%(day)d日", month=on.month, day=on.day) if is_near else full_day(on)


def waiting(items: Sequence[WorkItem]) -> list[Row]:
    """Return what the reader may do in the round, the nearest deadline first."""
    return [
        {
            "title": one.element_name,
            "line": one.instance.title,
            "due": due_words(one.due_at),
            "due_kind": due_kind(one.due_at),
            "url": url_for("tasks.show", item_id=one.id),
        }
        for one in items
    ]


def reviewer_rows(found: Sequence[Reviewer]) -> list[Row]:
    """Return the members of the group with what each has done."""
    return [
        {"name": one.name, "posts": " · ".join(map(role_title, one.roles)), "state": _seat(one.seat)} for one in found
    ]


def _seat(seat: Seat) -> tuple[str, str, str | None]:
    words, kind, icon = SEATS[seat]
    return _(words), kind, icon


def application_rows(found: Sequence[Application], readable: set[int]) -> list[Row]:
    """Return who applied, each with its status, and its case where the reader may open it."""
    return [
        {
            "name": one.person.name,
            "organization": one.organization.name,
            "kind": _(APPLICATION_KIND_TITLES[ApplicationKind(one.kind)]),
            "state": application_state(one),
            "url": url_for("cases.show", instance_id=one.instance_id) if one.instance_id in readable else "",
        }
        for one in found
    ]


def application_state(one: Application) -> tuple[str, str, str | None]:
    """Return how far an application has come, or what it came to once that may be told."""
    result = sight.shown_result(one)
    if result is not None:
        is_good = result in {ApplicationResult.CHOSEN, ApplicationResult.APPOINTED}
        return _(APPLICATION_RESULT_TITLES[result]), "ok" if is_good else "", "check" if is_good else "stop"
    return (_(APPLICATION_STATUS_TITLES[one.status]), *STATUS_KINDS[one.status])


def calendar(found: Round) -> list[Row]:
    """Return the dates of a round, oldest first, each with whether it lies behind."""
    days = [(name, date.fromisoformat(found.dates[name])) for name in RoundDate if name in found.dates]
    days.sort(key=lambda one: one[1])
    coming = [name for name, on in days if not _is_behind(name, on)]
    return [
        {
            "title": _(ROUND_DATE_TITLES[name]),
            "day": day(on),
            "is_past": _is_behind(name, on),
            "is_next": coming[:1] == [name],
        }
        for name, on in days
    ]


def _is_behind(name: RoundDate, on: date) -> bool:
    """Tell whether a date lies behind: what begins has begun on its own day, what ends has not."""
    return on < clock.today() or (on == clock.today() and name in BEGINNINGS)


def changes(found: Sequence[RoundDateChange]) -> list[str]:
    """Return the dates that were moved, in sentences."""
    return [
        _(
            "%(name)s由%(before)s改为%(after)s（%(who)s）：%(reason)s",
            name=_(ROUND_DATE_TITLES[RoundDate(one.name)]),
            before=day(one.before),
            after=day(one.after),
            who=one.person.name if one.person else _("按规则"),
            reason=one.reason,
        )
        for one in found
    ]


def rules(found: Round) -> dict[str, list[tuple[str, str, ClauseWords | None]]]:
    """Return the rules that the round goes by: title, value and clause; apart from those that no document states."""
    pinned = found.instance.rules
    told = [(pinned[key]["title"], pinned[key]["text"], _clause(pinned, key)) for key in RULES if key in pinned]
    return {"stated": [one for one in told if one[2]], "local": [one for one in told if not one[2]]}


def _clause(pinned: Mapping[str, Mapping[str, Any]], key: str) -> ClauseWords | None:
    return clause_words(pinned, key) if pinned[key].get("clause") else None
