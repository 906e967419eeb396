"""A task of many people in words: how it ends, how far it is, what it came to."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.domain.tally import COUNTED, INCOMPLETE, NO_QUORUM, RECUSED, SCORED, SMALL, TIED, Closing, Secrecy
from app.domain.text import N_
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.collective import reasons
from app.services.collective.collective_views import Standing
from app.services.rank_reviews.votes import VOTE
from app.services.reading.cases import CaseView
from app.views.presenters import ballots
from app.views.presenters.acts import said
from app.views.words import due_until, instant

NO_RESULTS = {
    COUNTED: N_("已计票"),
    SCORED: N_("已评完"),
    NO_QUORUM: N_("人数不够"),
    INCOMPLETE: N_("到期没有办齐"),
    TIED: N_("票数相同"),
    RECUSED: N_("回避"),
}


def result_words(verdict: str, name: str = "") -> str:
    """Return an outcome or an answer in words."""
    return _(NO_RESULTS[verdict]) if verdict in NO_RESULTS else said(verdict, name)


def rule_words(standing: Standing) -> str:
    """Return when the task ends and what decides."""
    task = standing.task
    if standing.panel is not None:
        return _("全部成员交齐，或者到了截止")
    if task.secrecy == Secrecy.SECRET:
        return _("到截止时，投票的达到%(share)s才有效", share=_share(task.quorum))
    if task.closing == Closing.FIRST:
        return _("有一个人办了就结束，以他的答复为准")
    if task.closing == Closing.RATIO:
        return _("赞成的达到%(share)s就通过，再也达不到就不通过", share=_share(task.quorum))
    ends = _("都办了就结束")
    if task.closing == Closing.QUORUM:
        ends = _("到截止时，办理的达到%(share)s才有效", share=_share(task.quorum))
    return _("%(ends)s，%(decides)s", ends=ends, decides=_decides(task))


def progress_words(standing: Standing) -> str:
    """Return how many have answered: 12 人中已有 5 人办理."""
    if standing.is_secret:
        return ballots.progress_words(standing)
    count = standing.count
    numbers = {"members": count.members, "answered": count.answered}
    if standing.is_open:
        words = _("%(members)d 人中已有 %(answered)d 人办理", **numbers)
    else:
        words = _("%(members)d 人中 %(answered)d 人办理", **numbers)
    return _("%(words)s，%(recused)d 人回避", words=words, recused=count.recused) if count.recused else words


def secrecy_words(view: CaseView, standing: Standing) -> str:
    """Return who will see what one answers, and why."""
    if standing.is_secret:
        return ""
    if standing.is_named:
        return _("记名：结束以后，看得到这件事的人能看到各人的答复；结束以前只有您自己看得到。")
    if reasons.are_asked(view, standing):
        return _(
            "保密：谁怎样答复，除您自己外谁也看不到；结束以后只公布人数和理由，不说是谁写的，申报人看不到；办理的不足 %(small)d 人，都不公布。",
            small=SMALL,
        )
    return _("保密：谁怎样答复，除您自己外谁也看不到；结束以后只公布人数。")


def ask_pairs(standing: Standing) -> list[tuple[str, str]]:
    """Return the facts that stand on a member's task page."""
    return [(_("一起办的"), progress_words(standing)), (_("怎样结束"), rule_words(standing))]


def sheets(session: Session, view: CaseView) -> list[dict[str, Any]]:
    """Return each task of many people of a case as a sheet, the latest first, with the reasons that may be told."""
    told: list[dict[str, Any]] = []
    before: dict[str, list[Standing]] = defaultdict(list)
    for standing in view.standings:
        if standing.is_open or standing.is_closed:
            title = _title(standing, before[standing.task.element])
            told.append({**sheet(standing), "title": title, "reasons": _reasons(session, view, standing)})
            before[standing.task.element].append(standing)
    return told[::-1]


def _title(standing: Standing, before: Sequence[Standing] = ()) -> str:
    """Return what a task came to or how far it is; of one that was done before, which time it is, or that it is a second look."""
    task, what = standing.task, _("结果") if standing.is_closed else _("进展")
    if not before:
        return _("%(step)s的%(what)s", step=task.element_name, what=what)
    if task.element == VOTE and before[-1].task.outcome != NO_QUORUM:
        return _("复核表决的%(what)s", what=what)
    return _("%(step)s（第 %(number)d 次）的%(what)s", step=task.element_name, number=len(before) + 1, what=what)


def _reasons(session: Session, view: CaseView, standing: Standing) -> list[dict[str, str]]:
    name = standing.task.element_name
    return [
        {"verdict": result_words(one.verdict, name), "text": one.text} for one in reasons.told(session, view, standing)
    ]


def sheet(standing: Standing) -> dict[str, Any]:
    """Return what may be told of one task: its rule, its progress or its result, and where more is shown."""
    task = standing.task
    pairs = [
        (_("请谁办"), _(ROLE_TITLES[Role(task.role)])),
        (_("办理"), progress_words(standing)),
        (_("怎样结束"), rule_words(standing)),
        (_("截止"), due_until(task.due_at) if task.due_at else ""),
        (_("结束"), instant(task.closed_at) if standing.is_closed else ""),
        (_("结果"), result_words(task.outcome, task.element_name) if task.outcome else ""),
    ]
    more = standing.shows_people or standing.shows_answers or standing.is_secret
    return {
        "id": task.id,
        "step": task.element_name,
        "title": _title(standing),
        "pairs": [(label, words) for label, words in pairs if words],
        "counts": _counts(standing),
        "is_small": standing.is_closed and standing.is_few and standing.panel is None and not standing.is_secret,
        "small": SMALL,
        "href": _more_url(standing) if more else None,
        "link": _more_words(standing),
    }


def _more_url(standing: Standing) -> str:
    if standing.is_secret:
        return url_for("ballots.show", ballot_id=standing.task.id)
    if standing.reads_scores:
        return url_for("panels.show", panel_id=standing.task.id)
    return url_for("collectives.show", collective_id=standing.task.id)


def _more_words(standing: Standing) -> str:
    if standing.is_secret:
        return _("看计票单") if standing.task.outcome == COUNTED else _("看这次投票")
    if standing.reads_scores:
        return _("看评分表") if standing.is_closed else _("看谁还没有交")
    return _("看各人的答复") if standing.shows_answers else _("看还没办的人")


def _counts(standing: Standing) -> list[dict[str, str]]:
    task, counts = standing.task, standing.counts
    if counts is None:
        return []
    return [
        {"verdict": result_words(one, task.element_name), "number": str(counts.get(one, 0))} for one in task.verdicts
    ]


def _decides(task: CollectiveTask) -> str:
    if task.majority == "1":
        return _("投出的票全都赞成才通过")
    if task.majority is not None:
        return _("投出的票里赞成的达到 %(share)s 就通过", share=task.majority)
    return _("以票数最多的为准")


def _share(text: str | None) -> str:
    if text is None or "/" in text:
        return _("成员的 %(share)s ", share=text or "1")
    return _(" %(number)s 人", number=text)
