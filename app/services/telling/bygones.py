"""What became of a task for somebody who was told of it and may not see its case any more."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.db.people import Person
from app.db.work import Notification, WorkItem
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import WorkItemStatus

TAKEN = N_("您的同事%(name)s在办这件事，您不用再管。")
DONE = N_("您的同事%(name)s已经办理了，您不用再管。")
OVER = N_("这件事已经不需要您办理了。")


@dataclass(frozen=True)
class Bygone:
    """The title of a task, which its reader was told, and what became of it."""

    title: str
    sentence: Sentence


def bygone(session: Session, actor: Actor, item_id: int) -> Bygone:
    """Return what became of a task. Raises NotFound where the person was never told of it."""
    assignee, closer = aliased(Person), aliased(Person)
    row = session.execute(
        select(WorkItem, assignee.name, closer.name)
        .outerjoin(assignee, assignee.id == WorkItem.assignee_id)
        .outerjoin(closer, closer.id == WorkItem.closed_by_id)
        .join(Notification, Notification.work_item_id == WorkItem.id)
        .where(WorkItem.id == item_id, Notification.person_id == actor.person_id)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound
    item, holder, doer = row
    return Bygone(item.title, _became(item, holder, doer))


def _became(item: WorkItem, holder: str | None, doer: str | None) -> Sentence:
    # Who is on a roll, and what they did there, is told nobody here.
    if item.collective_id is not None:
        return sentence(OVER)
    if item.status == WorkItemStatus.DONE and doer:
        return sentence(DONE, name=doer)
    if item.status == WorkItemStatus.OPEN and holder:
        return sentence(TAKEN, name=holder)
    return sentence(OVER)
