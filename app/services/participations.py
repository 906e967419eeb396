"""Who has a part in a case, and so may see it after the task ended."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Participation


class Part(StrEnum):
    """A person's part in a case."""

    INITIATED = "initiated"
    HANDLED = "handled"
    COPIED = "copied"


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
