"""The timeline of a case: what happened and what is waited for, newest first."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.canonical import fingerprint
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.engine.paths import calls_in
from app.services.collective.collective_views import Standing
from app.services.filling.submission_versions import written_by
from app.services.reading import history
from app.services.reading.cases import CaseView
from app.services.reading.happenings import Happening
from app.views.presenters.acts import opinion_words, said, verb, wait_words
from app.views.presenters.changes import is_changed
from app.views.presenters.collectives import progress_words, result_words
from app.views.presenters.inbox import short_day
from app.views.words import instant

MARKS = {
    "waiting": ("clock", "now"),
    "void": ("x", "late"),
    "comment": ("pen", ""),
    "taken_back": ("back", ""),
    "withdraw": ("stop", ""),
    "cancel": ("stop", "late"),
    "suspend": ("stop", ""),
    "resume": ("play", ""),
    "timer": ("clock", ""),
    "message": ("file", ""),
    "refuse_message": ("x", "late"),
    "receive_material": ("file", "ok"),
    "copy": ("users", ""),
    "remind": ("horn", ""),
    "claim": ("hand", ""),
    "release": ("back", ""),
    "transfer": ("swap", ""),
    "came_back": ("play", ""),
    "delegate": ("users", ""),
    "add_signer": ("users", ""),
    "recall": ("back", ""),
    "give_opinion": ("pen", ""),
    "remind_late": ("horn", ""),
    "escalate": ("alert", "late"),
    "unheld": ("alert", "late"),
    "move_up": ("swap", ""),
    "closed": ("users", "ok"),
    "recused": ("stop", ""),
    Verdict.SUBMIT: ("file", "ok"),
    Verdict.SIGN: ("pen", "ok"),
    Verdict.RETURN: ("back", ""),
    Verdict.REFUSE: ("x", "late"),
    Verdict.DISAGREE: ("x", "late"),
}
BESIDE = {
    "comment": N_("%(person)s 留言"),
    "taken_back": N_("%(person)s 的留言已收回"),
    "withdraw": N_("%(person)s 撤回"),
    "cancel": N_("%(person)s 中止"),
    "suspend": N_("%(person)s 暂停"),
    "resume": N_("%(person)s 恢复办理"),
    "timer": N_("到期，系统自动办理"),
    "message": N_("收到别的办件的消息，系统自动往下办"),
    "refuse_message": N_("收到的消息内容不对，没有收下，接着等"),
    "receive_material": N_("%(person)s 收到纸质材料，开了收据"),
    "copy": N_("%(person)s 抄送给%(others)s"),
    "remind": N_("%(person)s 催办，提醒了%(others)s"),
    "recused": N_("%(person)s 回避"),
    "claim": N_("%(person)s 认领%(name)s"),
    "release": N_("%(person)s 把%(name)s放回待认领"),
    "transfer": N_("%(person)s 把%(name)s转给%(others)s"),
    "delegate": N_("%(person)s 请%(others)s出意见"),
    "add_signer": N_("%(person)s 请%(others)s会签"),
    "give_opinion": N_("%(person)s 给出意见：%(opinion)s"),
    "recall": N_("%(person)s 收回请%(others)s出的意见"),
    "remind_late": N_("系统提醒%(others)s办理%(name)s"),
    "escalate": N_("%(name)s超时，升级给%(others)s"),
    "unheld": N_("%(name)s没有人能办，已告诉%(others)s"),
    "move_up": N_("%(name)s没有人能办，转到%(others)s"),
}
# Whom an act concerned where the journal names nobody.
UNNAMED = {"remind": N_("还没有办的人"), "copy": N_("抄送过的人")}
# The same with the name of the event.
EVENTS = {
    "timer": N_("到期：%(name)s"),
    "message": N_("收到消息：%(name)s"),
    "came_back": N_("改好后直接回到“%(name)s”"),
}
SHORT_FINGERPRINT = 9


def timeline(session: Session, actor: Actor, view: CaseView) -> list[dict[str, Any]]:
    """Return the entries of the timeline macro; own new remarks can be taken back there."""
    found = history.timeline(session, view)
    return [
        entry | {"take_back": _take_back_url(view, one) if one.person_id == actor.person_id else None}
        for entry, one in zip(entries(view, found), found, strict=True)
    ]


def entries(view: CaseView, found: list[Happening]) -> list[dict[str, Any]]:
    """Return what happened in words, in its order."""
    return [_entry(view, one, found) for one in found]


def _entry(view: CaseView, one: Happening, found: list[Happening]) -> dict[str, Any]:
    icon, kind = MARKS.get(one.kind, ("check", "ok"))
    return {
        "icon": icon,
        "kind": kind,
        "title": _title(one),
        "who": " · ".join(_around(view, one)),
        "text": _text(one),
        "when": instant(one.at),
        "at": one.at.isoformat(),
        "more": _more(one),
        "anchor": f"comment-{one.comment_id}" if one.comment_id is not None else None,
        **(_paper_link(one) or _change_link(view, one, found)),
    }


def _take_back_url(view: CaseView, one: Happening) -> str | None:
    if not one.is_fresh:
        return None
    return url_for("comments.take_back", instance_id=view.case.id, comment_id=one.comment_id)


def _around(view: CaseView, one: Happening) -> list[str]:
    """Return in which position somebody acted, and within which called processes."""
    calls = calls_in(one.element or "")
    within = [view.process.element("/".join(calls[: depth + 1])).name for depth in range(len(calls))]
    position = one.position if one.kind not in {"void", "waiting"} else ""
    return [words for words in (position, *within) if words]


def _title(one: Happening) -> str:
    if one.wait is not None:
        return wait_words(one.wait)
    if one.standing is not None and one.kind in {"waiting", "closed"}:
        return _collective_title(one, one.standing)
    if one.kind == "waiting":
        return _waiting_title(one)
    return _deed(one)


def _deed(one: Happening) -> str:
    """Return what somebody did, or what came of it."""
    if one.kind == "void":
        signed = short_day(one.signed_at) if one.signed_at else ""
        return _("%(person)s %(day)s 的签字作废", person=one.person, day=signed)
    words = EVENTS.get(one.kind) if one.element_name else None
    if words or one.kind in BESIDE:
        others = "、".join(one.others) or (_(UNNAMED[one.kind]) if one.kind in UNNAMED else "")
        named = {"person": one.person, "name": one.element_name, "others": others}
        return _(words or BESIDE[one.kind], **named, opinion=opinion_words(one.opinion or ""))
    if one.kind == Verdict.RETURN and one.element_name and not one.is_answer:
        return _("%(person)s 退回到“%(name)s”", person=one.person, name=one.element_name)
    return f"{one.person} {said(one.kind, one.element_name)}"


def _waiting_title(one: Happening) -> str:
    if one.is_for_opinion:
        return _("等%(people)s的意见", people=one.person)
    return _("等%(people)s%(verb)s", people=one.person or _("安排人员"), verb=verb(one.element_name))


def _collective_title(one: Happening, standing: Standing) -> str:
    task, name = standing.task, one.element_name
    if standing.is_secret and one.kind == "waiting":
        return _("%(name)s（无记名）", name=name)
    if one.kind == "waiting":
        return _("等 %(count)d 人%(verb)s", count=standing.count.missing, verb=verb(name))
    return _("%(name)s结束：%(result)s", name=name, result=result_words(task.outcome or "", name))


def _text(one: Happening) -> str | None:
    if one.standing is not None and one.kind in {"waiting", "closed"}:
        return progress_words(one.standing)
    if one.refused:
        return _("会签完了，但现在办不成：%(reason)s", reason=one.refused)
    if not one.text:
        return None
    return _("%(reason)s。", reason=one.text.rstrip("。")) if one.kind == "void" else f"“{one.text}”"


def _more(one: Happening) -> str:
    if one.wait is not None:
        return _("开始等") if one.wait.kind == "message" else _("到期后系统自动往下办")
    if one.kind == "waiting":
        return _("到达")
    if one.is_coming_back:
        return _("改好后直接回来")
    if one.kind == Verdict.SIGN and one.content_hash:
        return _("内容指纹 %(fingerprint)s", fingerprint=fingerprint(one.content_hash)[:SHORT_FINGERPRINT])
    return ""


def _paper_link(one: Happening) -> dict[str, str]:
    """Return the link to the written authorisation that a deputy's signature rests on."""
    if one.authorization_id is None:
        return {}
    href = url_for("authorizations.scan", authorization_id=one.authorization_id)
    return {"href": href, "link": _("看授权书")}


def _change_link(view: CaseView, one: Happening, found: list[Happening]) -> dict[str, str]:
    """Return the link to what was changed: beside a later version, and beside the signatures that it voided."""
    changed = one if one.kind == Verdict.SUBMIT else _change_before(one, found) if one.kind == "void" else None
    if changed is None or changed.submission_id is None or not _changes_anything(view, changed, found):
        return {}
    href = url_for("cases.changes", instance_id=view.case.id, submission_id=changed.submission_id)
    return {"href": href, "link": _("看改了什么")}


def _change_before(void: Happening, found: list[Happening]) -> Happening | None:
    last = next((one for one in found if one.submission_id and one.at <= void.at), None)
    return last if last is not None and last.kind == Verdict.SUBMIT else None


def _changes_anything(view: CaseView, one: Happening, found: list[Happening]) -> bool:
    """Tell whether the same content was handed in before, and reads otherwise now."""
    element = written_by(view.process, one.element or "")
    form, before = view.process.form_of(element), _version_before(view, one, found, element)
    if form is None or before is None:
        return False
    return is_changed(form, view.shown(element, before.values), view.shown(element, one.values))


def _version_before(view: CaseView, one: Happening, found: list[Happening], element: str) -> Happening | None:
    known = [
        each
        for each in found
        if each.submission_id
        and each.submission_id < (one.submission_id or 0)
        and each.kind == Verdict.SUBMIT
        and written_by(view.process, each.element or "") == element
    ]
    return max(known, key=lambda each: each.submission_id or 0, default=None)
