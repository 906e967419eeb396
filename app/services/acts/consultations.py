"""Asking colleagues about an own task: delegating it for an opinion, adding signers before or after, recalling.

Who is asked gets a work item below the task; the task waits until all that is asked is answered.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.db.work import WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.text import N_
from app.domain.vocabulary import WorkItemKind, WorkItemStatus
from app.services.acts import asked_items, claims, item_acts, receivers
from app.services.acts.item_acts import Asked, Held
from app.services.starting.starts import Answer

MOST_ASKED = 10
TELLS = {
    WorkItemKind.DELEGATED: N_("%(name)s请您就“%(title)s”出意见。"),
    WorkItemKind.ADDED_BEFORE: N_("%(name)s请您先会签“%(title)s”。"),
    WorkItemKind.ADDED_AFTER: N_("%(name)s办完了“%(title)s”，请您会签。"),
}


class When(StrEnum):
    """Whether added signers are asked before or after who added them."""

    BEFORE = "before"
    AFTER = "after"


KINDS = {When.BEFORE: WorkItemKind.ADDED_BEFORE, When.AFTER: WorkItemKind.ADDED_AFTER}


def delegate(session: Session, asked: Asked, to: int, reason: str | None = None) -> Answer:
    """Ask a colleague for an opinion on an own task, which waits for it.

    Raises Invalid for a person who cannot be asked, Conflict, Forbidden.
    """

    def act(held: Held) -> dict[str, Any]:
        said = _require_own(held, asked, reason)
        _require_fit(held, [to], "to")
        _ask(held, [to], WorkItemKind.DELEGATED, said)
        return {"to": to, "reason": said}

    return item_acts.act_on(session, asked, "delegate", act)


def add_signers(session: Session, asked: Asked, people: Sequence[int], when: When, reason: str | None = None) -> Answer:
    """Let colleagues sign an own task, too: before, and it waits for them, or after the own verdict.

    Raises Invalid for people who cannot be asked, Conflict, Forbidden.
    """

    def act(held: Held) -> dict[str, Any]:
        said = _require_own(held, asked, reason)
        _require_fit(held, people, "people")
        _ask(held, people, KINDS[when], said)
        return {"people": list(people), "when": str(when), "reason": said}

    return item_acts.act_on(session, asked, "add_signer", act)


def recall(session: Session, asked: Asked, reason: str | None = None) -> Answer:
    """Take back what was asked and is not answered, and with it a verdict that waited for signers.

    By who has the task, or for a reason by an administrator. Raises Conflict where nobody is asked.
    """

    def act(held: Held) -> dict[str, Any]:
        item_acts.refuse_opinion(held)
        if not held.is_own and not held.is_administrator:
            raise Forbidden(N_("只有请人出意见的人和本单位的流程管理员能收回。"))
        item_acts.refuse_changed(held, asked.revision)
        said = item_acts.told(reason, is_required=not held.is_own)
        return {"people": _take_back(held), "reason": said}

    return item_acts.act_on(session, asked, "recall", act)


def tell_asked(held_title: str, name: str, kind: WorkItemKind) -> str:
    """Return the sentence for who is asked."""
    return TELLS[kind] % {"name": name, "title": held_title}


def _require_own(held: Held, asked: Asked, reason: str | None) -> str | None:
    """Demand an open task that the person may take, as it was seen; return the reason."""
    item_acts.require_taker(held)
    item_acts.refuse_opinion(held)
    item_acts.refuse_waiting(held)
    item_acts.refuse_changed(held, asked.revision)
    if held.item.assignee_id is None:
        claims.require_position(held)
    return item_acts.told(reason, is_required=False)


def _require_fit(held: Held, people: Sequence[int], field: str) -> None:
    """Demand that each may be asked, once, and not too many. Raises Invalid."""
    if not people:
        raise Invalid.field(field, N_("请选人。"))
    present = len(asked_items.undone_below(held.session, held.item.id))
    if len(people) + present > MOST_ASKED:
        raise Invalid.field(field, N_("一件事最多同时请 %(most)d 个人。"), most=MOST_ASKED)
    if {held.actor.person_id, held.taker_id}.intersection(people):
        raise Invalid.field(field, N_("不能请您自己，请选别人。"))
    for place, one in enumerate(people):
        person = receivers.require(held.session, held.item, one, field)
        if one in people[:place]:
            raise Invalid.field(field, N_("%(name)s已经请过，同一个人只请一次。"), name=person.name)


def _ask(held: Held, people: Sequence[int], kind: WorkItemKind, reason: str | None) -> None:
    """Ask the people below the task; it waits, but for signers whose turn is after the verdict."""
    session, item, me = held.session, held.item, held.actor
    task = session.get_one(WorkItem, item.id)
    for one in people:
        asked_id = asked_items.add(session, task, kind, one)
        item_acts.hand(held, asked_id, reason)
        if kind != WorkItemKind.ADDED_AFTER:
            item_acts.tell(held.step, [one], tell_asked(held.step.case.title, me.name, kind), asked_id)
    if kind == WorkItemKind.ADDED_AFTER:
        item_acts.change(session, item.id, assignee_id=held.taker_id)
    else:
        asked_items.let_wait(session, item.id, held.taker_id, me.person_id)


def _take_back(held: Held) -> list[int]:
    """Call off what is asked and give the task back; return whom it was asked."""
    found = asked_items.undone_below(held.session, held.item.id)
    if not found:
        raise Conflict(N_("没有在等谁的意见，不用收回。"))
    was_open = [one for one in found if one.status == WorkItemStatus.OPEN]
    text = N_("“%(title)s”的意见已经收回，不用您出了。") % {"title": held.step.case.title}
    for one in was_open:
        item_acts.tell(held.step, [one.assignee_id], text, one.id)
    people = [one.assignee_id or 0 for one in found]
    asked_items.cancel_below(held.session, held.item.id)
    asked_items.reopen(held.session, held.item.id)
    return people
