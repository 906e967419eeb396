"""Rounds of host selection with the dates that were moved, and the applications with their materials."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, InstanceKey, Key, Name, OrganizationKey, PersonKey, index_where
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.domain.rounds import ApplicationKind, ApplicationResult, ApplicationStatus, RoundDate, RoundStage
from app.domain.vocabulary import Programme


class Round(Base):
    """A round 批次: one selection of hosts, and of their members, in an organisation."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("term_until >= term_from", name="term"),
        Index("ix_round_scope", "organization_id", "stage", "id"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    title: Mapped[Name]
    programme: Mapped[Programme] = mapped_column(String(24))
    # How many hosts there will be.
    seats: Mapped[int]
    term_from: Mapped[date]
    term_until: Mapped[date]
    stage: Mapped[RoundStage] = mapped_column(String(16))
    # By name (`RoundDate`), as ISO dates: planned, or real where they lie behind.
    dates: Mapped[dict[str, Any]]
    # By the names of rules: what the office opened it with.
    settings: Mapped[dict[str, Any]]
    # What review and vote came to, from the end of that stage on.
    results: Mapped[dict[str, Any] | None]
    # The one extension of the window where too few applied.
    is_extended: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    # Raised by each change of a date or of the stage.
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship()
    instance: Mapped[ProcessInstance] = relationship()


class RoundDateChange(Base):
    """A date of a round that was moved, by whom and why."""

    __tablename__ = "round_date_change"
    __table_args__ = (Index("ix_round_date_change_round", "round_id", "id"),)
    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    name: Mapped[RoundDate] = mapped_column(String(16))
    before: Mapped[date]
    after: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    # Nobody where the round's own case moved it, by a decision.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[CreatedAt]
    person: Mapped[Person | None] = relationship()


class Application(Base):
    """An application 申报 of one person in a round, as host or as member."""

    __tablename__ = "application"
    __table_args__ = (
        # One that was rejected or withdrawn does not keep its person from another.
        index_where(
            "uq_application_live",
            "round_id",
            "person_id",
            where="status NOT IN ('rejected', 'withdrawn')",
            is_unique=True,
        ),
        Index("ix_application_round", "round_id", "kind", "status"),
        Index("ix_application_person", "person_id", "id"),
    )
    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    # The applicant's school, which may stand below the round's organisation.
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    person_id: Mapped[PersonKey]
    kind: Mapped[ApplicationKind] = mapped_column(String(16))
    # A member's: with whom, if that can be; nobody where any studio will do.
    wished_host_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepts_allocation: Mapped[bool] = mapped_column(default=False)
    status: Mapped[ApplicationStatus] = mapped_column(String(16))
    # Who accepted it: nobody who did looks into an objection to it.
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    result: Mapped[ApplicationResult | None] = mapped_column(String(16))
    # A member's: whose studio it came to be.
    studio_host_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # A member's: the hosts who proposed the member, where the rules let them.
    proposed_by: Mapped[list[Any] | None]
    # A chosen host's: who is the studio's mentor, and by which of the rules' standards.
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mentor_standard: Mapped[str | None] = mapped_column(String(16))
    # In the order by the formula.
    place: Mapped[int | None]
    submitted_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    round: Mapped[Round] = relationship()
    instance: Mapped[ProcessInstance] = relationship()
    organization: Mapped[Organization] = relationship()
    person: Mapped[Person] = relationship(foreign_keys="Application.person_id")
    wished_host: Mapped[Person | None] = relationship(foreign_keys="Application.wished_host_id")
    received_by: Mapped[Person | None] = relationship(foreign_keys="Application.received_by_id")
    studio_host: Mapped[Person | None] = relationship(foreign_keys="Application.studio_host_id")
    mentor: Mapped[Person | None] = relationship(foreign_keys="Application.mentor_id")
    materials: Mapped[list["ApplicationMaterial"]] = relationship(order_by="ApplicationMaterial.id")


class ApplicationMaterial(Base):
    """A material of an application: a file, or handed in on paper against a receipt."""

    __tablename__ = "application_material"
    __table_args__ = (UniqueConstraint("application_id", "name"),)
    id: Mapped[Key]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    name: Mapped[Name]
    is_paper: Mapped[bool] = mapped_column(default=False)
    attachment_id: Mapped[str | None] = mapped_column(ForeignKey("attachment.id"))
    receipt_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]
    received_by: Mapped[Person | None] = relationship()
