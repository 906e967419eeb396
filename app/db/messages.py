"""Messages between cases: what was sent, which events wait for one, who received it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Code, CreatedAt, InstanceKey, Key, OrganizationKey


class Message(Base):
    """A message of a case, or of the platform where it has none; kept until it expires."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_name", "name", "key", "expires_at"),)
    id: Mapped[Key]
    name: Mapped[Code]
    key: Mapped[str] = mapped_column(String(200))
    # From which organisation, and whose cases it is for: of the same, of the one above, of those directly below.
    organization_id: Mapped[OrganizationKey]
    to: Mapped[str] = mapped_column(String(16))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    sent_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    # How many messages before it led to it, with no person and no time between.
    hops: Mapped[int] = mapped_column(default=0)
    # When the first case received it.
    received_at: Mapped[datetime | None]


class Subscription(Base):
    """An event of a case that waits for a message with a key."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("ix_subscription_message", "message", "key", "closed_at"),
        Index("ix_subscription_instance", "instance_id", "closed_at"),
    )
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey]
    task_id: Mapped[int]
    element: Mapped[str] = mapped_column(String(100))
    message: Mapped[Code]
    key: Mapped[str] = mapped_column(String(200))
    organization_id: Mapped[OrganizationKey]
    origin: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]


class Delivery(Base):
    """That a case received a message, or refused it for what it carries: it does so once."""

    __tablename__ = "delivery"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    element: Mapped[str] = mapped_column(String(100))
    delivered_at: Mapped[CreatedAt]
    is_refused: Mapped[bool] = mapped_column(default=False)
