"""Who has a part in a case beside its tasks, and so may see it: whom it was copied to, who is on a roll, who passed a task on.

Who started it and who did one of its tasks is known from the case and its work items.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.work import Participation


class Part(StrEnum):
    """A person's part in a case."""

    # On the roll of a collective task.
    ASKED = "asked"
    COPIED = "copied"
    # Named with @ in a remark.
    MENTIONED = "mentioned"
    # Gave a task of it to a colleague.
    PASSED_ON = "passed_on"


def add(session: Session, instance_id: int, people: Iterable[int], part: Part) -> list[int]:
    """Give people a part in a case; return those who did not have it yet."""
    wanted = set(people)
    present = set(
        session.scalars(
            select(Participation.person_id).where(
                Participation.instance_id == instance_id,
                Participation.capacity == part,
                Participation.person_id.in_(wanted),
            )
        )
    )
    fresh = sorted(wanted - present)
    session.add_all(Participation(instance_id=instance_id, person_id=one, capacity=part) for one in fresh)
    session.flush()
    return fresh


def copies(session: Session, instance_id: int) -> list[Participation]:
    """Return to whom a case was copied, in their order, with when each of them read it."""
    query = select(Participation).where(Participation.instance_id == instance_id, Participation.capacity == Part.COPIED)
    query = query.options(joinedload(Participation.person))
    return list(session.scalars(query.order_by(Participation.created_at, Participation.person_id)))
