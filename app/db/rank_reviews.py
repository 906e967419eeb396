"""Rank reviews 职级评审 of schools, and the applications of their homeroom teachers."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, BigKey, CreatedAt, InstanceKey, Key, OrganizationKey, PersonKey, index_where
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.domain.dossiers import Rank
from app.domain.ranks import RankApplicationKind, RankApplicationResult, RankApplicationStatus, RankReviewStage


class RankReview(Base):
    """The rank review 职级评审 of one school in one school year."""

    __tablename__ = "rank_review"
    __table_args__ = (
        # However often it is started, there is one.
        UniqueConstraint("organization_id", "school_year"),
        Index("ix_rank_review_year", "school_year", "organization_id"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    school_year: Mapped[int]
    stage: Mapped[RankReviewStage] = mapped_column(String(16))
    # By name (`apply_from`, `apply_until`, `file_by`), as ISO dates.
    dates: Mapped[dict[str, Any]]
    # Working days after the day of filing, below zero before it, on which the school is reminded; and the next such instant.
    remind_on: Mapped[list[Any]] = mapped_column(default=list)
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    opened_at: Mapped[CreatedAt]
    # The hash of the list that the principal signed.
    signed_hash: Mapped[str | None] = mapped_column(String(64))
    filed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship()
    instance: Mapped[ProcessInstance] = relationship()


class RankApplication(Base):
    """An application 职级申报 of one homeroom teacher in a review."""

    __tablename__ = "rank_application"
    __table_args__ = (
        # One that was rejected or withdrawn does not keep its person from another.
        index_where(
            "uq_rank_application_live",
            "review_id",
            "person_id",
            where="status NOT IN ('rejected', 'withdrawn')",
            is_unique=True,
        ),
        Index("ix_rank_application_review", "review_id", "status"),
        Index("ix_rank_application_person", "person_id", "id"),
    )
    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("rank_review.id"))
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    person_id: Mapped[PersonKey]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    kind: Mapped[RankApplicationKind] = mapped_column(String(16))
    rank: Mapped[Rank] = mapped_column(String(24))
    # The rank that was held when applying; none before the first placement.
    held: Mapped[Rank | None] = mapped_column(String(24))
    status: Mapped[RankApplicationStatus] = mapped_column(String(16))
    result: Mapped[RankApplicationResult | None] = mapped_column(String(16))
    # The conditions as they stood when it was submitted: met, not met, not provable, with evidence and clause.
    explanation: Mapped[dict[str, Any]]
    # Who saw the originals 原件, and when.
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None]
    # What the panel's last vote came to.
    counts: Mapped[dict[str, Any] | None]
    # The last vote of the case before it was handed in: only later ones are about it.
    last_vote_before: Mapped[int] = mapped_column(BigKey, default=0)
    # When the applicant asked for the second look.
    second_looked_at: Mapped[datetime | None]
    submitted_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    # When people were told that the applicant had left the school, and in which schools the applicant was then.
    moved_at: Mapped[datetime | None]
    moved_to: Mapped[list[Any] | None]
    review: Mapped[RankReview] = relationship()
    instance: Mapped[ProcessInstance] = relationship()
    organization: Mapped[Organization] = relationship()
    person: Mapped[Person] = relationship(foreign_keys="RankApplication.person_id")
    seen_by: Mapped[Person | None] = relationship(foreign_keys="RankApplication.seen_by_id")
