"""The path of a case on its pages: done, now, and what comes, with who is asked and by when."""

from typing import Any

from flask_babel import gettext as _

from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Verdict
from app.engine.due_values import EndOfDay, Moment, Period, WorkingDays, WorkingDaysBefore
from app.engine.forecasts import Ahead, Turn
from app.engine.model import EndEvent, UserTask
from app.engine.paths import calls_in
from app.services.reading.forecasts import Coming, Now, Past, Path
from app.services.reading.handlers_ahead import Handlers
from app.services.timing.dues import due_at
from app.views.presenters.acts import wait_words
from app.views.words import day, due_until

MOST_NAMED = 3
MINUTES_OF_DAY, MINUTES_OF_HOUR = 24 * 60, 60
SAID_BACK = {Verdict.RETURN: N_("退回"), Verdict.REFUSE: N_("不同意"), Verdict.DISAGREE: N_("不同意")}
Entry = dict[str, Any]


def entries(path: Path) -> list[Entry]:
    """Return the path's steps for its macro, the first one first."""
    return [*(_past(path, one) for one in path.done), *(_coming(path, one) for one in path.coming)]


def who_words(handlers: Handlers | None) -> str:
    """Return who will be asked: names, else the position; plainly where nobody holds it."""
    if handlers is None:
        return ""
    if handlers.role is None:
        return _("发起人 %(name)s", name=handlers.names[0]) if handlers.names else _("届时指定的人")
    title = _(ROLE_TITLES[handlers.role])
    if handlers.is_open:
        return _("所选工作室的%(role)s", role=title)
    if not handlers.count:
        return _("%(role)s，现在没有人担任", role=title)
    return _held_by(handlers, title)


def _held_by(handlers: Handlers, title: str) -> str:
    if not handlers.are_told:
        return _("%(organization)s的%(role)s", organization=handlers.organization, role=title)
    if not handlers.names:
        return _("%(role)s，%(count)d 人", role=title, count=handlers.count)
    named = _("、").join(handlers.names[:MOST_NAMED])
    if len(handlers.names) > MOST_NAMED:
        named = _("%(names)s等 %(count)d 人", names=named, count=len(handlers.names))
    return _("%(names)s · %(role)s", names=named, role=title)


def due_of(ahead: Ahead) -> str:
    """Return by when a step to come must be done, once the case is there."""
    due = ahead.due
    if isinstance(due, WorkingDays):
        return _("到了以后 %(count)d 个工作日内", count=due.days)
    if isinstance(due, EndOfDay):
        return _("%(day)s 前", day=day(due.on))
    if isinstance(due, Moment | WorkingDaysBefore):
        return due_until(due_at(due).instant)
    return _period(due) if isinstance(due, Period) else ""


def branch_words(ahead: Ahead) -> str:
    """Return on what it depends whether a step comes: 看“金额大吗？”而定：超过 5000."""
    found = [
        _(
            "看“%(question)s”而定：%(answer)s",
            question=one.question or _("哪个先到"),
            answer=one.answer or _("别的情况"),
        )
        for one in ahead.branches
    ]
    return _("；").join(found)


def turn_words(path: Path, turn: Turn) -> str:
    """Return what else may follow a step: 退回：到“修改报销单”."""
    names = _("、").join(path.process.element(one).name for one in turn.steps)
    unnamed = _("别的情况") if turn.branch.question else _("到期没有办")
    answer = turn.branch.answer or unnamed
    return _("%(answer)s的，到“%(steps)s”", answer=answer, steps=names) if names else answer


def _past(path: Path, one: Past) -> Entry:
    finished = one.finished
    who = finished.person or (_("%(count)d 人", count=finished.count) if finished.count is not None else "")
    said = SAID_BACK.get(Verdict(finished.verdict)) if finished.verdict in SAID_BACK else None
    return {
        "state": "done",
        "name": path.process.element(one.element).name,
        "within": _within(path, one.element),
        "who": who,
        "when": day(finished.at),
        "lines": [_(said)] if said else [],
    }


def _coming(path: Path, one: Coming) -> Entry:
    item, ahead = path.process.element(one.ahead.path), one.ahead
    is_end = isinstance(item, EndEvent)
    turns = _("；").join(turn_words(path, turn) for turn in ahead.turns)
    return {
        "state": "now" if one.now else "end" if is_end else "ahead",
        "name": item.name or (wait_words(one.now.wait) if one.now and one.now.wait else _("等待")),
        "within": _within(path, ahead.path),
        "who": _who(one) if isinstance(item, UserTask) else "",
        "when": _when(one.now) if one.now else due_of(ahead),
        "lines": [words for words in (branch_words(ahead), turns) if words],
    }


def _who(one: Coming) -> str:
    if one.now is not None and one.now.people:
        return _("、").join(one.now.people)
    if one.now is not None and one.now.count is not None:
        return _("还有 %(count)d 人没有办", count=one.now.count)
    return who_words(one.handlers)


def _when(now: Now) -> str:
    return due_until(now.due_at)


def _period(due: Period) -> str:
    if due.months:
        return _("到了以后 %(count)d 个月内", count=due.months)
    if due.minutes % MINUTES_OF_DAY:
        return _("到了以后 %(count)d 小时内", count=-(-due.minutes // MINUTES_OF_HOUR))
    return _("到了以后 %(count)d 天内", count=due.minutes // MINUTES_OF_DAY)


def _within(path: Path, element: str) -> str:
    """Return in which called processes a step stands."""
    calls = calls_in(element)
    return " · ".join(path.process.element("/".join(calls[: depth + 1])).name for depth in range(len(calls)))
