"""The append-only journal with its hash chain, and the outbox."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, Key, index_where
from app.db.people import Person


class JournalEntry(Base):
    """One act; entries of a chain are linked by their hashes (DESIGN §8).

    `chain` is `instance/<id>`, `organization/<id>` or `collective/<id>`. A repeated request is recognised by person and
    idempotency key.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        index_where(
            "ix_journal_entry_request",
            "actor_id",
            "idempotency_key",
            where="idempotency_key IS NOT NULL",
            is_unique=True,
        ),
    )
    id: Mapped[Key]
    chain: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    collective_id: Mapped[int | None] = mapped_column(ForeignKey("collective_task.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    actor_title: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]]
    occurred_at: Mapped[CreatedAt]
    algorithm: Mapped[str] = mapped_column(String(16))
    previous_hash: Mapped[Hash]
    entry_hash: Mapped[Hash]
    idempotency_key: Mapped[str | None] = mapped_column(String(128))
    request_hash: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None]
    actor: Mapped[Person | None] = relationship()


class JournalAnchor(Base):
    """A day's hash over the heads of all chains."""

    __tablename__ = "journal_anchor"
    on: Mapped[date] = mapped_column(primary_key=True)
    last_entry_id: Mapped[int]
    heads: Mapped[dict[str, Any]]
    anchor_hash: Mapped[Hash]
    created_at: Mapped[CreatedAt]


class OutboxMessage(Base):
    """Something to do after the commit, at least once."""

    __tablename__ = "outbox_message"
    __table_args__ = (index_where("ix_outbox_message_pending", "available_at", "id", where="done_at IS NULL"),)
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[CreatedAt]
    available_at: Mapped[CreatedAt]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(2000))
