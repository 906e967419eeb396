"""What a person has looked at: a row for each task at its first opening, and the mark of each copy."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.desk import WorkItemReading
from app.db.work import Participation
from app.domain.identity import Actor
from app.services.participations import Part
from app.services.reading.cases import TaskView
from app.services.transactions import writing


def mark(session: Session, actor: Actor, found: TaskView) -> None:
    """Mark a task as opened, the first time that a person who may do it opens it."""
    key = (found.item.id, actor.person_id)
    if not found.is_open or session.get(WorkItemReading, key) is not None:
        return
    try:
        with writing(session):
            session.add(WorkItemReading(work_item_id=key[0], person_id=key[1]))
    except IntegrityError:  # opened twice in the same instant
        session.rollback()


def unread_copies(session: Session, actor: Actor, instances: Iterable[int]) -> set[int]:
    """Return which of some cases were copied to a person who has not opened them."""
    query = select(Participation.instance_id).where(
        Participation.instance_id.in_(list(instances)),
        Participation.person_id == actor.person_id,
        Participation.capacity == Part.COPIED,
        Participation.read_at.is_(None),
    )
    return set(session.scalars(query))
