"""Who is away, from when until when, and who does the tasks meanwhile."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Key, OrganizationKey, PersonKey
from app.db.people import Organization, Person


class Absence(Base):
    """A person's tasks in one organisation reach a substitute for a time; read where tasks are read, never copied.

    `until_at` is the first instant at which it no longer holds. One that ended before it began was cancelled.
    """

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_substitute", "substitute_id", "until_at"),
        Index("ix_absence_organization", "organization_id", "until_at"),
        CheckConstraint("until_at > from_at", name="period"),
        CheckConstraint("substitute_id <> principal_id", name="two_people"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    principal_id: Mapped[PersonKey] = mapped_column(index=True)
    substitute_id: Mapped[PersonKey]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    # Keys of processes; none where all are meant.
    processes: Mapped[list[Any] | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    entered_by_id: Mapped[PersonKey]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organization: Mapped[Organization] = relationship()
    principal: Mapped[Person] = relationship(foreign_keys="Absence.principal_id")
    substitute: Mapped[Person] = relationship(foreign_keys="Absence.substitute_id")
    entered_by: Mapped[Person] = relationship(foreign_keys="Absence.entered_by_id")
