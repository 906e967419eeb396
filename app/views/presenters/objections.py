"""Objections in words: the form, the lists, and the page of one."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.db.notices import Notice, NoticeName
from app.db.objections import Objection
from app.domain.identity import Actor
from app.domain.objections import OBJECTION_STATUS_TITLES, REPLY_WORKING_DAYS, Identity, ObjectionStatus
from app.services.objections import checking
from app.services.objections.readings import ObjectionView
from app.views.presenters.clauses import clause_words
from app.views.presenters.objecting import handler_words
from app.views.words import day, instant

KINDS = {ObjectionStatus.OPEN: "go", ObjectionStatus.UPHELD: "ok", ObjectionStatus.DISMISSED: "ok"}


def people(names: Iterable[NoticeName]) -> list[tuple[int, str]]:
    """Return the names that may be objected to, with what stands behind them."""
    return [(one.person_id, _("%(name)s · %(line)s", name=one.name, line=one.line or "—")) for one in names]


def invitation(actor: Actor, notice: Notice) -> dict[str, Any] | None:
    """Return how to object to somebody on a notice; None where the reader cannot now."""
    may = checking.may_object(actor, notice) and bool(checking.open_names(actor, notice))
    return about(notice) if may else None


def about(notice: Notice) -> dict[str, Any]:
    """Return what who objects should know: who looks into it, who learns the name, by when the reply comes."""
    rules, handler = notice.instance.rules, handler_words(notice)
    days = (rules.get(REPLY_WORKING_DAYS) or {}).get("value")
    identity = checking.identity_of(notice)
    return {
        "handler": handler,
        "who_knows": _who_knows(identity, handler),
        "may_be_anonymous": identity == Identity.ANONYMOUS,
        "days": days,
        "clause": clause_words(rules, REPLY_WORKING_DAYS),
    }


def _who_knows(identity: Identity, handler: str) -> str:
    if identity == Identity.NAMED:
        return _("按这次的规则，您的姓名会告诉被异议人。")
    if identity == Identity.ANONYMOUS:
        return _("您的姓名只有%(handler)s里负责核查的那个人看得到，也可以匿名。", handler=handler)
    return _("您的姓名只有%(handler)s里负责核查的那个人看得到。", handler=handler)


def state(one: Objection) -> tuple[str, str, str | None]:
    """Return the state of an objection: words, colour, icon."""
    status = ObjectionStatus(one.status)
    return _(OBJECTION_STATUS_TITLES[status]), KINDS.get(status, ""), None


def rows(found: Iterable[Objection]) -> list[dict[str, Any]]:
    """Return the rows of a list."""
    return [
        {
            "href": url_for("objections.show", objection_id=one.id),
            "title": _("对%(name)s的异议", name=one.person.name),
            "notice": one.notice.title,
            "raised": instant(one.raised_at),
            "state": state(one),
            "is_unread": one.reply is not None and one.read_at is None,
        }
        for one in found
    ]


def page(view: ObjectionView) -> dict[str, Any]:
    """Return what the page of an objection shows."""
    one, contents = view.objection, view.contents
    files = contents.files if contents else ()
    return {
        "one": one,
        "is_own": view.is_own,
        "title": _("对%(name)s的异议", name=one.person.name),
        "line": _("%(notice)s · %(at)s 提出", notice=one.notice.title, at=instant(one.raised_at)),
        "state": state(one),
        "reason": contents.reason if contents else None,
        "files": [
            {"name": found.name, "href": url_for("objections.file", objection_id=one.id, place=place)}
            for place, found in enumerate(files)
        ],
        "objector": view.objector.name if view.objector else _("匿名"),
        "reply_by": day(view.reply_by) if view.reply_by else "",
        "is_open": one.status == ObjectionStatus.OPEN,
    }
