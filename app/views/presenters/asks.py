"""What a task asks of whom: the first thing on its page."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import WorkItem
from app.domain.identity import Actor
from app.domain.vocabulary import ROLE_TITLES, InstanceStatus, Role, Verdict, WorkItemKind, WorkItemStatus
from app.engine.paths import beside
from app.services.acts.consultation_answers import NEEDS_WORDS
from app.services.collective.collective_views import Standing, own_response
from app.services.completions import needs_reason
from app.services.filling.submission_versions import versions
from app.services.reading import history
from app.services.reading.cases import CaseView, TaskView
from app.services.steps import NOT_RUNNING
from app.views.presenters.acts import opinion_words, said, verb, verdict_words, wait_words, waiting_words
from app.views.presenters.clauses import clauses_of, documented
from app.views.presenters.collectives import ask_pairs, progress_words, result_words, secrecy_words
from app.views.presenters.hands import awaited_words
from app.views.presenters.inbox import Whose
from app.views.words import due_kind, due_left, due_until, instant, last_words


def ask(session: Session, actor: Actor, found: TaskView) -> dict[str, Any]:
    """Return the sheet of what is asked: sentence, deadline, for whom, next step, clauses, buttons."""
    item, task, rules = found.item, found.task, found.view.case.rules
    whose, whose_kind = _whose(session, actor, found)
    clauses = clauses_of(rules, task.clause, task.due)
    pairs = [
        # Without a deadline the head of the sheet says so.
        (_("期限"), due_until(item.due_at, is_provisional=item.is_due_provisional) if item.due_at else ""),
        (_("这一步"), item.element_name if found.is_opinion else ""),
        (_("为谁办"), "" if found.is_opinion else whose),
        *(ask_pairs(found.standing) if found.standing else ()),
        (_("下一步"), _next(found)),
    ]
    return {
        "title": _title(found),
        # The sentence that it ends has a 请 of its own.
        "sentence": task.ask.removeprefix("请"),
        "due": due_left(item.due_at),
        "due_kind": due_kind(item.due_at),
        "due_at": item.due_at.isoformat() if item.due_at else None,
        "pairs": [(label, words) for label, words in pairs if words],
        "clauses": documented(clauses) if item.is_signature else clauses,
        "verdicts": found.verdicts,
        "words": verdict_words(item.element_name),
        "comment_hint": _comment_hint(found),
        "state": (_("等您的意见") if found.is_opinion else waiting_words(item), "go"),
        "is_opinion": found.is_opinion,
        "may_return": found.may_return,
        "is_of_initiator": found.task.is_initiator,
        "is_queued": whose_kind == "role",
        "secrecy": secrecy_words(found.view, found.standing) if found.standing else "",
    }


def _next(found: TaskView) -> str:
    """Return what follows: what the diagram says, or the task that the case comes straight back to."""
    origin = found.item.comes_back_to
    if found.is_opinion:
        return _next_of_opinion(found.item)
    if origin is None:
        return found.task.next.rstrip("。")
    return _("直接回到“%(name)s”", name=found.view.process.element(origin).name)


def _next_of_opinion(item: WorkItem) -> str:
    who = item.handed_by.name if item.handed_by else ""
    if item.kind == WorkItemKind.ADDED_AFTER:
        return _("都同意就往下走；有人不同意，回到%(who)s", who=who)
    return _("意见回到%(who)s，由%(who)s接着办", who=who)


def closed(session: Session, found: TaskView) -> dict[str, Any]:
    """Return what stands in place of the buttons where there is nothing to do for this person."""
    item = found.item
    if found.standing is not None and item.status != WorkItemStatus.OPEN:
        return _closed_place(session, found, found.standing)
    if item.status == WorkItemStatus.DONE:
        who = item.closed_by.name if item.closed_by else _("系统")
        act = said(item.verdict or "", item.element_name)
        sentence = _("%(who)s已于 %(when)s %(act)s。", who=who, when=instant(item.closed_at), act=act)
        return {"title": _("这一步办完了"), "sentence": sentence}
    if item.status == WorkItemStatus.CANCELLED:
        return {"title": _("这一步不用办了"), "sentence": _("%(when)s 起不再需要办理。", when=instant(item.closed_at))}
    if found.view.case.status != InstanceStatus.RUNNING:
        return {"title": _("现在不能办理"), "sentence": _(NOT_RUNNING[InstanceStatus(found.view.case.status)])}
    people = "、".join(history.handlers(session, item))
    if item.status == WorkItemStatus.WAITING:
        return {"title": _("等意见"), "sentence": awaited_words(people)}
    sentence = _("现在等%(people)s%(verb)s。", people=people or _("安排人员"), verb=verb(item.element_name))
    return {"title": _("等别人办理"), "sentence": sentence}


def _closed_place(session: Session, found: TaskView, standing: Standing) -> dict[str, Any]:
    """Return how a member's place on a roll was closed; what another answered is not told here."""
    item, task = found.item, standing.task
    response = own_response(session, item) if found.capacity is not None else None
    if response is not None:
        act = result_words(response.verdict, item.element_name)
        sentence = _("您已于 %(when)s 办理：%(act)s。", when=instant(response.responded_at), act=act)
        return {"title": _("您办完了"), "sentence": f"{sentence}{progress_words(standing)}{_('。')}"}
    if item.status == WorkItemStatus.RECUSED:
        return {"title": _("不用您办"), "sentence": _("评的是您本人，按规定回避。")}
    if item.status == WorkItemStatus.DONE:
        return {"title": _("这一步办完了"), "sentence": _("%(when)s 已办理。", when=instant(item.closed_at))}
    ended = result_words(task.outcome, item.element_name) if task.outcome else _("已取消")
    return {
        "title": _("这一步不用办了"),
        "sentence": _("%(when)s 已经结束：%(ended)s。", when=instant(item.closed_at), ended=ended),
    }


def returned(session: Session, view: CaseView, item: WorkItem) -> dict[str, Any] | None:
    """Return who sent the case back and why, where this task is open for that reason."""
    if not item.is_returned or item.status != WorkItemStatus.OPEN:
        return None
    last = next((one for one in history.timeline(session, view) if one.kind == Verdict.RETURN), None)
    return {"who": last.person, "position": last.position, "text": last.text} if last else None


def refused(session: Session, found: TaskView) -> dict[str, Any] | None:
    """Return who refused what the initiator is asked about, and why."""
    if not found.task.is_initiator or found.is_opinion or found.item.is_returned:
        return None
    told = history.timeline(session, found.view)
    last = next((one for one in told if one.kind == Verdict.REFUSE and one.text), None)
    return {"who": last.person, "position": last.position, "text": last.text} if last else None


def sent_on(session: Session, view: CaseView, verdict: str, name: str) -> str:
    """Return the sentence after an act: what was done, and whose turn it is."""
    act = said(verdict, name)
    if view.case.ended_at is not None:
        return _("已%(act)s，这件事办结了。", act=act)
    next_steps = "；".join(
        _(
            "%(step)s（等%(people)s的意见）" if item.status == WorkItemStatus.WAITING else "%(step)s（%(people)s）",
            step=item.element_name,
            people="、".join(history.handlers(session, item)),
        )
        for item in view.open_items
    )
    waited = "；".join(
        _("%(step)s（%(progress)s）", step=standing.task.element_name, progress=progress_words(standing))
        for standing in view.asked
    )
    events = "；".join(wait_words(wait) for wait in view.waits)
    next_steps = "；".join(words for words in (waited, next_steps, events) if words)
    return _("已%(act)s，下一步：%(steps)s。", act=act, steps=next_steps)


def version_of(session: Session, found: TaskView) -> int:
    """Return how many times the signed content was handed in."""
    signed = (beside(found.item.element, element) for element in found.task.signs)
    return max((len(versions(session, found.view, path)) for path in signed), default=1) or 1


def _title(found: TaskView) -> str:
    """Return in which position the person is asked: of many people, in the one whose holders they are."""
    if found.standing is not None:
        return _(ROLE_TITLES[Role(found.standing.task.role)])
    if found.capacity is None:
        return ""
    if found.task.is_initiator and not found.is_opinion and found.item.assignee_id == found.view.case.initiator_id:
        return _("发起人")
    asked = _(ROLE_TITLES[Role(found.item.role)]) if found.item.role else ""
    return asked if asked in found.capacity.title.split("、") else found.capacity.title


def _comment_hint(found: TaskView) -> str:
    """Return for which of the task's verdicts a comment must be written."""
    task = found.task
    if found.is_opinion:
        words = [opinion_words(one) for one in found.verdicts if one in NEEDS_WORDS]
        return _("（%(verdicts)s时必填）", verdicts=_("或").join(words))
    needed = dict.fromkeys(said(one, task.name) for one in task.verdicts if one in needs_reason(task))
    return _("（%(verdicts)s时必填）", verdicts=_("或").join(needed)) if needed else _("（可以不写）")


def _whose(session: Session, actor: Actor, found: TaskView) -> tuple[str, str]:
    """Return for whom the person would do the task, in words and as a kind."""
    item = found.item
    away = found.capacity.for_person if found.capacity else None
    words, kind = Whose(session, actor, [item]).words(item, away)
    if away is not None:
        return _("%(whom)s，委托到 %(until)s 止", whom=words, until=last_words(away.until_at)), kind
    if kind == "deputy":
        return _("%(whom)s，凭授权书签字", whom=words), kind
    if kind == "role" and item.escalated_to and item.role:
        words = _("%(role)s没有按时办，您和他们谁先办都可以", role=_(ROLE_TITLES[Role(item.role)]))
        return words, kind
    if kind == "role" and item.role:
        return _("%(role)s，谁先办都可以", role=_(ROLE_TITLES[Role(item.role)])), kind
    return (_("您本人（不能转办）") if item.is_signature else _("您本人")), kind
