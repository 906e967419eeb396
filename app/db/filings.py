"""Filings of ranks: a bureau's year with the batches that schools file, row by row."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, InstanceKey, Key, Name, OrganizationKey, PersonKey, index_where
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankReview
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.filings import BatchKind, BatchStatus, Channel, FilingLevel, RowStatus, RowVerdict
from app.domain.ranks import RankApplicationKind

_REASON = String(500)


class FilingRun(Base):
    """A bureau's year of filings: one case audits whatever its schools file."""

    __tablename__ = "filing_run"
    __table_args__ = (UniqueConstraint("organization_id", "school_year"),)
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    school_year: Mapped[int]
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    # The last filing number given.
    last_number: Mapped[int] = mapped_column(default=0)
    # When the list was last summed up and signed up.
    aggregated_at: Mapped[datetime | None]
    # By when a district sums up what was filed in time, and when it was last seen who is late.
    due_on: Mapped[date | None]
    looked_on: Mapped[date] = mapped_column(default=clock.today)
    # When the late ones were last urged.
    urged_at: Mapped[datetime | None]
    opened_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship()
    instance: Mapped[ProcessInstance] = relationship()


class FilingBatch(Base):
    """A list of ranks that a school files, once a year, and again where something is added or corrected."""

    __tablename__ = "filing_batch"
    __table_args__ = (
        index_where(
            "uq_filing_batch_regular",
            "organization_id",
            "school_year",
            where="kind = 'regular'",
            is_unique=True,
        ),
        Index("ix_filing_batch_district_run_id", "district_run_id", "id"),
        Index("ix_filing_batch_city_run_id", "city_run_id", "id"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    # None where a rank is corrected without a review.
    review_id: Mapped[int | None] = mapped_column(ForeignKey("rank_review.id"), index=True)
    school_year: Mapped[int]
    kind: Mapped[BatchKind] = mapped_column(String(16))
    # None until its case has begun.
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    status: Mapped[BatchStatus] = mapped_column(String(16))
    channel: Mapped[Channel] = mapped_column(String(16))
    district_run_id: Mapped[int | None] = mapped_column(ForeignKey("filing_run.id"))
    city_run_id: Mapped[int | None] = mapped_column(ForeignKey("filing_run.id"))
    is_late: Mapped[bool] = mapped_column(default=False)
    # Of the rows as the principal signed them.
    manifest_hash: Mapped[str | None] = mapped_column(String(64))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship()
    review: Mapped[RankReview | None] = relationship()
    instance: Mapped[ProcessInstance | None] = relationship()
    signed_by: Mapped[Person | None] = relationship()
    rows: Mapped[list["FilingRow"]] = relationship(order_by="FilingRow.id", back_populates="batch")


class FilingPaper(Base):
    """A school's list as it was printed for sealing: one code for each state of its names, ranks and who left it."""

    __tablename__ = "filing_paper"
    __table_args__ = (UniqueConstraint("batch_id", "content_hash"),)
    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("filing_batch.id"))
    code: Mapped[str] = mapped_column(String(24), unique=True)
    content_hash: Mapped[Hash]
    printed_at: Mapped[CreatedAt]
    batch: Mapped[FilingBatch] = relationship()


class FilingLetter(Base):
    """What a district hands up on paper, where no city is on the platform: its summed up list and what came back."""

    __tablename__ = "filing_letter"
    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("filing_run.id"), index=True)
    # None until its case has begun.
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    # Of the list as it is printed for sealing.
    code: Mapped[str] = mapped_column(String(24), unique=True)
    content_hash: Mapped[Hash]
    # The list as it was sent, row by row: later letters may take rows of it along.
    sent: Mapped[list[Any]] = mapped_column(deferred=True)
    sent_at: Mapped[CreatedAt]
    run: Mapped[FilingRun] = relationship()
    instance: Mapped[ProcessInstance | None] = relationship()
    rows: Mapped[list["FilingRow"]] = relationship(order_by="FilingRow.id")


class FilingRow(Base):
    """A teacher's rank in a batch: audited by one person, confirmed by another, at each level."""

    __tablename__ = "filing_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "person_id"),
        Index("ix_filing_row_status", "batch_id", "level", "status"),
        # Nothing that was filed is under two corrections at once.
        index_where(
            "uq_filing_row_corrects_id",
            "corrects_id",
            where="corrects_id IS NOT NULL AND status NOT IN ('refused', 'effective')",
            is_unique=True,
        ),
    )
    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(ForeignKey("filing_batch.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("rank_application.id"), unique=True)
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    # As filed: what somebody is called may change.
    name: Mapped[Name]
    rank: Mapped[Rank] = mapped_column(String(24))
    held: Mapped[Rank | None] = mapped_column(String(24))
    kind: Mapped[RankApplicationKind] = mapped_column(String(16))
    # Years, title, honour and votes, as the list shows them.
    particulars: Mapped[dict[str, Any]]
    status: Mapped[RowStatus] = mapped_column(String(16))
    level: Mapped[FilingLevel] = mapped_column(String(16))
    # When the school last handed it to its district; none once the city has had it, and where no district does.
    came_on: Mapped[date | None]
    # Prepared at this level and not confirmed yet.
    verdict: Mapped[RowVerdict | None] = mapped_column(String(16))
    # Why it was returned or refused, or is to be.
    reason: Mapped[str | None] = mapped_column(_REASON)
    audited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # The place of the last audit in the chain of its bureau's journal.
    audit_sequence: Mapped[int | None]
    filing_number: Mapped[str | None] = mapped_column(String(64), unique=True)
    effective_on: Mapped[date | None]
    # By which a district without a city handed it up last.
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("filing_letter.id"), index=True)
    # The entry of the register that a correction replaces, since when the rank holds rightly, or that it never should have.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_entry.id"))
    from_on: Mapped[date | None]
    is_void: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    batch: Mapped[FilingBatch] = relationship(back_populates="rows")
    corrects: Mapped[DossierEntry | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys="FilingRow.person_id")
    audited_by: Mapped[Person | None] = relationship(foreign_keys="FilingRow.audited_by_id")
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys="FilingRow.confirmed_by_id")
