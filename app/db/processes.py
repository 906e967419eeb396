"""Process definitions, their immutable versions, and running instances."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, Code, CreatedAt, Hash, InstanceKey, Key, Name, OrganizationKey, index_where
from app.db.people import Organization, Person
from app.domain.vocabulary import InstanceStatus, VersionStatus


class ProcessDefinition(Base):
    """A process under its stable key, which organisations share; what it is called is each version's own."""

    __tablename__ = "process_definition"
    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(unique=True)


class ProcessVersion(Base):
    """An immutable package; without an organisation it is a built-in one.

    A version of an organisation is a draft, is submitted, is published by approval, and may be retired.
    """

    __tablename__ = "process_version"
    __table_args__ = (UniqueConstraint("definition_id", "number"),)
    id: Mapped[Key]
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    number: Mapped[int]
    # As its manifest says, so that lists need not read the files.
    title: Mapped[Name]
    code: Mapped[str] = mapped_column(String(8))
    category: Mapped[Name]
    # Nobody sees its cases by office, as its manifest says.
    is_confidential: Mapped[bool] = mapped_column(default=False)
    content_hash: Mapped[Hash]
    files: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    drafted_at: Mapped[CreatedAt]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Sent back to whoever drafted it, as a draft again, until it is submitted once more.
    returned_at: Mapped[datetime | None]
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    return_reason: Mapped[str | None] = mapped_column(String(2000))
    published_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]
    retired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    definition: Mapped[ProcessDefinition] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def status(self) -> VersionStatus:
        """Return how far the version has come."""
        if self.retired_at is not None:
            return VersionStatus.RETIRED
        if self.published_at is not None:
            return VersionStatus.PUBLISHED
        return VersionStatus.DRAFT if self.submitted_at is None else VersionStatus.SUBMITTED


class ProcessInstance(Base):
    """A case: its lean engine state and, apart from it, its values; and how far its journal goes."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_instance_scope", "organization_id", "status", "id"),
        Index("ix_instance_initiator", "initiator_id", "id"),
        # Every step writes the row: with room left on its page, PostgreSQL changes none of the indexes.
        {"postgresql_with": {"fillfactor": 50}},
    )
    id: Mapped[Key]
    serial: Mapped[Code] = mapped_column(unique=True)
    verification_code: Mapped[str] = mapped_column(String(24), unique=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), index=True)
    process_key: Mapped[Code]
    # The content hash of each version that it calls, itself or through another, by key.
    callees: Mapped[dict[str, Any]] = mapped_column(default=dict)
    organization_id: Mapped[OrganizationKey]
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studio.id"), index=True)
    # Nobody where the platform started the case.
    initiator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    title: Mapped[Name]
    amount: Mapped[int | None]
    # Lines of label and value that lists show beside the title.
    summary: Mapped[list[Any] | None]
    status: Mapped[InstanceStatus] = mapped_column(String(16), default=InstanceStatus.RUNNING)
    outcome: Mapped[str | None] = mapped_column(String(100))
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    values: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    started_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    # The last entry of the case's journal, so that a step need not look for it.
    journal_sequence: Mapped[int] = mapped_column(default=0)
    journal_hash: Mapped[str] = mapped_column(String(64), default="")
    # What the platform started it for, once.
    start_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    version: Mapped[ProcessVersion] = relationship()
    organization: Mapped[Organization] = relationship()
    initiator: Mapped[Person | None] = relationship()


class SerialCounter(Base):
    """The last number given to a process in an organisation and year."""

    __tablename__ = "serial_counter"
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class DecisionRecord(Base):
    """A decision that a business rule task made, and the explanation of every rule."""

    __tablename__ = "decision_record"
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    element: Mapped[str] = mapped_column(String(100))
    decision: Mapped[str] = mapped_column(String(100))
    inputs: Mapped[dict[str, Any]]
    outputs: Mapped[dict[str, Any]]
    explanation: Mapped[dict[str, Any]]
    decided_at: Mapped[CreatedAt]


class Timer(Base):
    """A wait of one instance; `due_at` is what the tick looks for."""

    __tablename__ = "timer"
    __table_args__ = (index_where("ix_timer_due", "due_at", where="fired_at IS NULL"),)
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    task_id: Mapped[int]
    element: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[datetime]
    # What the instant was reckoned from, where it may be reckoned again.
    reckoning: Mapped[dict[str, Any] | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    repeats_left: Mapped[int] = mapped_column(default=0)
    fired_at: Mapped[datetime | None]


class Incident(Base):
    """A step that failed and was rolled back; resolved by a retry."""

    __tablename__ = "incident"
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    element: Mapped[str | None] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(500))
    detail: Mapped[str] = mapped_column(String(8000))
    request: Mapped[dict[str, Any]]
    occurred_at: Mapped[CreatedAt]
    resolved_at: Mapped[datetime | None]
