"""Collective tasks: one row a task with its counters, one work item a member of the roll, one response each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, InstanceKey, Key, Name, OrganizationKey, PersonKey
from app.db.people import Person
from app.domain.vocabulary import CollectiveStatus, Role

# Not ended: open, decided with the case not yet moved on, or a ballot before and after its voting.
LIVE = (CollectiveStatus.PREPARING, CollectiveStatus.OPEN, CollectiveStatus.COUNTING, CollectiveStatus.SETTLED)


class CollectiveTask(Base):
    """A user task that many people are asked at once, its closing rule and roll frozen at opening (DESIGN §3).

    Counters are changed under this row's lock only, and closing is decided by them. The row also keeps the end of
    the task's own journal chain `collective/<id>`.
    """

    __tablename__ = "collective_task"
    __table_args__ = (
        Index("ix_collective_task_instance", "instance_id", "id"),
        # What the tick looks for: what is settled or due, and who is to be reminded.
        Index("ix_collective_task_due", "status", "due_at"),
        Index("ix_collective_task_remind", "status", "remind_at"),
    )
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey]
    task_id: Mapped[int]
    element: Mapped[str] = mapped_column(String(100))
    element_name: Mapped[Name]
    role: Mapped[Role] = mapped_column(String(40))
    organization_id: Mapped[OrganizationKey]
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studio.id"))
    closing: Mapped[str] = mapped_column(String(16))
    verdicts: Mapped[list[Any]]
    # Shares as `2/3`, numbers of people as `5`.
    quorum: Mapped[str | None] = mapped_column(String(16))
    majority: Mapped[str | None] = mapped_column(String(16))
    secrecy: Mapped[str] = mapped_column(String(16))
    roll: Mapped[int]
    # Over the people of the roll in the order of their numbers.
    roll_hash: Mapped[Hash]
    recused: Mapped[int]
    counts: Mapped[dict[str, Any]]
    status: Mapped[CollectiveStatus] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(40))
    closed_by: Mapped[str | None] = mapped_column(String(16))
    # The path of the task that the case goes straight back to, where it was returned for this one alone.
    comes_back_to: Mapped[str | None] = mapped_column(String(100))
    due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    opened_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]
    journal_sequence: Mapped[int] = mapped_column(default=0)
    journal_hash: Mapped[str] = mapped_column(String(64), default="")


class CollectiveResponse(Base):
    """What one member of the roll answered, or why the member stepped aside; never part of the case's values."""

    __tablename__ = "collective_response"
    __table_args__ = (UniqueConstraint("collective_id", "person_id"),)
    id: Mapped[Key]
    collective_id: Mapped[int] = mapped_column(ForeignKey("collective_task.id"))
    person_id: Mapped[PersonKey]
    # A verdict of the diagram, or `recused`.
    verdict: Mapped[str] = mapped_column(String(40))
    comment: Mapped[str | None] = mapped_column(String(2000))
    values: Mapped[dict[str, Any]]
    responded_at: Mapped[CreatedAt]
    person: Mapped[Person] = relationship()
