"""What a person may do with a task beside answering it, for the page that offers it."""

from enum import StrEnum

from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.domain.vocabulary import InstanceStatus, WorkItemKind, WorkItemStatus
from app.services.acts import asked_items, item_acts
from app.services.reading.cases import TaskView


class Hand(StrEnum):
    """An act on a task, as its page is addressed."""

    CLAIM = "claim"
    RELEASE = "release"
    TRANSFER = "transfer"
    DELEGATE = "delegate"
    ADD_SIGNER = "add-signer"
    RECALL = "recall"


def refusal(found: TaskView) -> str | None:
    """Return why nothing of this may be done with a task, by its kind."""
    if found.item.collective_id is not None:
        return item_acts.OF_MANY
    if found.item.is_signature:
        return item_acts.OF_SIGNER
    return item_acts.OF_OPINION if found.is_opinion else None


def offered(session: Session, actor: Actor, found: TaskView) -> list[Hand]:
    """Return what the person may do with a task now, in the order in which it is offered."""
    item = found.item
    is_closed = item.status not in {WorkItemStatus.OPEN, WorkItemStatus.WAITING}
    if is_closed or found.view.case.status != InstanceStatus.RUNNING:
        return []
    is_administrator = item_acts.administers(actor, item.organization_id)
    if refusal(found) is not None:
        is_opinion = item.kind != WorkItemKind.TASK
        return [Hand.TRANSFER] if is_opinion and is_administrator else []
    may_take, is_open = found.capacity is not None, item.status == WorkItemStatus.OPEN
    is_own = item_acts.is_of_initiator(found.task, item.assignee_id, found.view.case.initiator_id)
    has_asked = (may_take or is_administrator) and bool(asked_items.undone_below(session, item.id))
    return [
        *([Hand.CLAIM] if is_open and may_take and item.assignee_id is None else []),
        *([Hand.TRANSFER] if is_administrator or (is_open and may_take and not is_own) else []),
        *([Hand.DELEGATE, Hand.ADD_SIGNER] if is_open and may_take else []),
        *([Hand.RECALL] if has_asked else []),
        *([Hand.RELEASE] if _may_release(found, is_administrator=is_administrator) else []),
    ]


def _may_release(found: TaskView, *, is_administrator: bool) -> bool:
    item = found.item
    is_claimed = item.status == WorkItemStatus.OPEN and item.role is not None and item.assignee_id is not None
    return is_claimed and (is_administrator or found.capacity is not None)
