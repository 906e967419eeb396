"""Scheduled starts: which process begins by itself where and when, and what has begun."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, Code, CreatedAt, InstanceKey, Key, OrganizationKey
from app.db.people import Organization


class Schedule(Base):
    """A process that begins by itself in an organisation; `next_at` is what the tick looks for."""

    __tablename__ = "schedule"
    __table_args__ = (
        UniqueConstraint("process_key", "organization_id"),
        Index("ix_schedule_next", "stopped_at", "next_at"),
    )
    id: Mapped[Key]
    process_key: Mapped[Code]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    # As the manifest says it: `yearly 09-01`.
    starts: Mapped[str] = mapped_column(String(40))
    # After a downtime `latest` begins the last occurrence, `each` every one.
    catch_up: Mapped[str] = mapped_column(String(16))
    values: Mapped[dict[str, Any]]
    next_at: Mapped[datetime]
    # After a start that failed.
    try_again_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[CreatedAt]
    stopped_at: Mapped[datetime | None]
    organization: Mapped[Organization] = relationship()


class ScheduledStart(Base):
    """An occurrence of a schedule that has begun: it does so once."""

    __tablename__ = "scheduled_start"
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"), primary_key=True)
    occurs_at: Mapped[datetime] = mapped_column(primary_key=True)
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    started_at: Mapped[CreatedAt]
