"""Late tasks and those that nobody holds, in words."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import WorkItem
from app.domain.identity import Actor
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services.attention import overdue, unheld_lists
from app.services.reading.cases import CaseView
from app.views.presenters.acts import initiator_words, serial_words, verb
from app.views.presenters.inbox import short_day
from app.views.words import due_kind, due_words, role_title

Row = dict[str, Any]


def notes(session: Session, actor: Actor, view: CaseView) -> list[Row]:
    """Return what is to be known of a case's open tasks: how late an escalated one is, which nobody can do."""
    found = (_note(session, actor, view, item) for item in view.open_items)
    return [one for one in found if one is not None]


def escalation(item: WorkItem) -> str:
    """Say how late a task is and before which position it was put; nothing where it was not."""
    if item.escalated_to is None or item.due_at is None:
        return ""
    values = {"days": overdue.how_late(item.due_at), "position": _(ROLE_TITLES[Role(item.escalated_to)])}
    if item.is_signature:
        return _("已超时 %(days)d 个工作日，已报告%(position)s", **values)
    return _("已超时 %(days)d 个工作日，已升级给%(position)s", **values)


def unheld_row(actor: Actor, item: WorkItem) -> Row:
    """Return a task that nobody holds as its list shows it."""
    case = item.instance
    return {
        "href": None if item.is_signature else url_for("unheld.choose", item_id=item.id),
        "case_href": url_for("cases.show", instance_id=case.id),
        "title": case.title,
        "line": _(
            "%(initiator)s · %(serial)s",
            initiator=initiator_words(case.initiator.name if case.initiator else None),
            serial=serial_words(case.serial, case.organization_id, actor),
        ),
        "step": item.element_name,
        "position": role_title(item.role) if item.role else "",
        "organization": item.organization.name,
        "since": short_day(item.opened_at),
        "due": due_words(item.due_at, is_provisional=item.is_due_provisional),
        "due_kind": due_kind(item.due_at),
    }


def _note(session: Session, actor: Actor, view: CaseView, item: WorkItem) -> Row | None:
    if item.is_unheld and item.assignee_id is None:
        return _unheld_note(session, actor, view, item)
    words = escalation(item)
    return {"words": _("%(step)s%(words)s。", step=item.element_name, words=words)} if words else None


def _unheld_note(session: Session, actor: Actor, view: CaseView, item: WorkItem) -> Row:
    position = role_title(item.role) if item.role else ""
    if unheld_lists.may_name(session, actor, view, item):
        words = _("“%(step)s”要%(position)s办，现在没有人能办。", step=item.element_name, position=position)
        return {"words": words, "href": url_for("unheld.choose", item_id=item.id), "link": _("请指定一位同事")}
    words = _("“%(step)s”要%(position)s办，现在没有人能%(verb)s，已请流程管理员安排。")
    return {"words": words % {"step": item.element_name, "position": position, "verb": verb(item.element_name)}}
