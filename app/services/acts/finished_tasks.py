"""Which tasks of a case people finished, by whom and when: the latest pass of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.people import Person
from app.db.work import Submission
from app.domain.vocabulary import CollectiveStatus

Order = tuple[datetime, int]


@dataclass(frozen=True)
class Finished:
    """Who finished a task last; of many people only how many, and nobody where the platform filed the case."""

    # Later ones are greater; within an instant, by their numbers.
    order: Order
    person: str | None = None
    count: int | None = None
    verdict: str | None = None

    @property
    def at(self) -> datetime:
        """Return the instant."""
        return self.order[0]


def latest(session: Session, instance_id: int) -> dict[str, Finished]:
    """Return the latest finish of each task by its path, of one person or of many together."""
    return {**_alone(session, instance_id), **_together(session, instance_id)}


def filing(session: Session, instance_id: int) -> Finished:
    """Return who filed the case."""
    row: Any = session.execute(
        select(Person.name, Submission.submitted_at)
        .outerjoin(Person, Person.id == Submission.person_id)
        .where(Submission.instance_id == instance_id, Submission.work_item_id.is_(None))
        .order_by(Submission.id)
        .limit(1)
    ).one()
    return Finished((row.submitted_at, 0), row.name)


def _alone(session: Session, instance_id: int) -> dict[str, Finished]:
    rows: Any = session.execute(
        select(Submission.id, Submission.element, Submission.submitted_at, Submission.verdict, Person.name)
        .outerjoin(Person, Person.id == Submission.person_id)
        .where(Submission.instance_id == instance_id, Submission.work_item_id.is_not(None))
        .order_by(Submission.id)
    )
    return {row.element: Finished((row.submitted_at, row.id), row.name, verdict=row.verdict) for row in rows}


def _together(session: Session, instance_id: int) -> dict[str, Finished]:
    rows: Any = session.execute(
        select(
            CollectiveTask.id,
            CollectiveTask.element,
            CollectiveTask.closed_at,
            CollectiveTask.roll,
            CollectiveTask.outcome,
        )
        .where(CollectiveTask.instance_id == instance_id, CollectiveTask.status == CollectiveStatus.CLOSED)
        .order_by(CollectiveTask.id)
    )
    return {row.element: Finished((row.closed_at, row.id), count=row.roll, verdict=row.outcome) for row in rows}
