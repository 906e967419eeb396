"""What leaves the platform for a person: by which channel, when, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Key, PersonKey
from app.db.people import Person
from app.db.work import Notification


class SendingStatus(StrEnum):
    """Where a sending stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    # What it told was handled, or the person wants no mail any more.
    WITHDRAWN = "withdrawn"


class Sending(Base):
    """One parcel to one person by one channel: a few notifications together, or the code that confirms an address."""

    __tablename__ = "sending"
    __table_args__ = (
        Index(
            "ix_sending_due",
            "due_at",
            "id",
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_sending_person", "person_id", "status"),
    )
    id: Mapped[Key]
    # What a repeated mail is recognised by: it stays the same however often it is tried.
    token: Mapped[str] = mapped_column(String(32), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[PersonKey]
    # Given where it is not the person's confirmed address.
    address: Mapped[str | None] = mapped_column(String(254))
    code: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[SendingStatus] = mapped_column(String(16), default=SendingStatus.WAITING)
    # The next instant at which it is tried; whoever tries it moves this ahead first.
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str | None] = mapped_column(String(24))
    # The server's number, such as 550; never its words, which may hold an address.
    reply_code: Mapped[int | None]
    created_at: Mapped[CreatedAt]
    closed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    notifications: Mapped[list[Notification]] = relationship(secondary="sending_part", order_by=Notification.id)


class SendingPart(Base):
    """A notification that goes along in a sending."""

    __tablename__ = "sending_part"
    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id"), primary_key=True)
    notification_id: Mapped[int] = mapped_column(ForeignKey("notification.id"), primary_key=True, index=True)


class NotificationSetting(Base):
    """How a person wants to be told beside the inbox; times of day are minutes since midnight in Asia/Shanghai."""

    __tablename__ = "notification_setting"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    mail_kinds: Mapped[list[Any]]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    # An address that waits for its code. Who reads the database gains nothing by it: it proves that mail arrives there.
    new_email: Mapped[str | None] = mapped_column(String(254))
    code: Mapped[str | None] = mapped_column(String(16))
    code_sent_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0)
