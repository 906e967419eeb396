"""The acts on a task beside answering it, in words: what they are called, what happens next, what they ask."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.db.work import WorkItem
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import WorkItemKind
from app.services.acts import asked_items, item_offers
from app.services.acts.consultations import When
from app.services.acts.item_offers import Hand
from app.services.reading.cases import TaskView
from app.views.presenters.acts import opinion_words
from app.views.words import instant

Entry = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """How an act is called and what it does; `people` is the field that names colleagues, `reason` that of the reason."""

    title: str
    sentence: str
    icon: str
    people: str | None = None
    reason: str | None = None
    is_required: bool = False


WORDS = {
    Hand.CLAIM: Words(
        N_("认领"), N_("认领后只在您的待办里，同一职务的别人不再看到；不认领直接办也可以，算您认领。"), "hand"
    ),
    Hand.TRANSFER: Words(
        N_("转办"),
        N_("转办以后由对方办，不再回到您这里。对方的待办里写着是谁转的、为什么。"),
        "swap",
        "to",
        N_("为什么转办"),
        is_required=True,
    ),
    Hand.DELEGATE: Words(
        N_("委派"),
        N_("请一位同事出意见：他看得到这件事，不能改内容。意见回来以前这一步等着，回来以后还由您办；没回来可以收回。"),
        "users",
        "to",
        N_("想请对方看什么"),
    ),
    Hand.ADD_SIGNER: Words(
        N_("加签"),
        N_("请同事一起会签，最多 10 人。他们同意不同意都记在办理经过里。"),
        "plus",
        "people",
        N_("想请对方看什么"),
    ),
    Hand.RECALL: Words(
        N_("收回"),
        N_("收回还没有回来的委派和加签，这一步马上回到经办人手里；已经给出的意见留着。"),
        "back",
        reason=N_("为什么收回"),
    ),
    Hand.RELEASE: Words(
        N_("放回待认领"),
        N_("放回以后，同一职务的人都能看到、都能办。"),
        "back",
        reason=N_("为什么放回"),
    ),
}
WHENS = {
    When.BEFORE: N_("先请他们：都答复了，再由您办"),
    When.AFTER: N_("您办完再请他们：都同意才往下走，有人不同意就回到您这里"),
}
ASKS = {
    WorkItemKind.DELEGATED: N_("请您出意见"),
    WorkItemKind.ADDED_BEFORE: N_("请您先会签"),
    WorkItemKind.ADDED_AFTER: N_("已经办完，请您会签"),
}
CALLED = {
    WorkItemKind.DELEGATED: N_("委派"),
    WorkItemKind.ADDED_BEFORE: N_("前加签"),
    WorkItemKind.ADDED_AFTER: N_("后加签"),
}


def links(session: Session, actor: Actor, found: TaskView) -> list[Entry]:
    """Return the acts that the person may do with a task, each with where and what happens."""
    return [
        {
            "act": str(one),
            "href": url_for("task_acts.ask", item_id=found.item.id, hand=str(one)),
            "title": _(WORDS[one].title),
            "sentence": _(WORDS[one].sentence),
            "icon": WORDS[one].icon,
        }
        for one in item_offers.offered(session, actor, found)
    ]


def answers(session: Session, item: WorkItem) -> list[Entry]:
    """Return the opinions that were given on a task, as the timeline macro takes them."""
    return [
        {
            "icon": "pen",
            "kind": "late" if one.verdict == "disagree" else "ok",
            "title": _(
                "%(person)s：%(opinion)s",
                person=one.assignee.name if one.assignee else "",
                opinion=opinion_words(one.verdict or ""),
            ),
            "who": _(CALLED[WorkItemKind(one.kind)]),
            "text": f"“{one.handing.remark}”" if one.handing and one.handing.remark else None,
            "when": instant(one.closed_at),
            "at": one.closed_at.isoformat() if one.closed_at else "",
        }
        for one in asked_items.answered_below(session, item.id)
    ]


def handed(item: WorkItem) -> Entry | None:
    """Return who gave a task to its person by hand, and why."""
    if item.handed_by is None:
        return None
    words = ASKS.get(WorkItemKind(item.kind), N_("转给您办"))
    return {"who": item.handed_by.name, "words": _(words), "reason": item.handed_reason}


def awaited_words(people: str) -> str:
    """Return that a task waits for opinions."""
    return _("现在等%(people)s的意见，回来以后接着办。", people=people)
