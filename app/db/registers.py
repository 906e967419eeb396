"""Teachers' files and the registers of studios: what was verified, by whom, with which evidence."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Fen, Key, Name, OrganizationKey, PersonKey, StudioKey, index_where
from app.db.money import Studio
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.domain.dossiers import EntryKind, EntrySource, Level, Look

_LIVE = "replaced_at IS NULL AND NOT is_void"


class DossierEntry(Base):
    """A verified entry in a teacher's file; which columns a kind uses stands in `domain.dossiers.ENTRY_FORMS`.

    An entry is never changed: a correction is a new entry that names it, and one that is void strikes it out.
    `organization_id` is the school whose file it is in.
    """

    __tablename__ = "dossier_entry"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="period"),
        index_where("ix_dossier_entry_live", "person_id", "kind", where=_LIVE),
        # Who served at a school: most entries name none.
        index_where("ix_dossier_entry_school", "school_id", "until_on", where=f"school_id IS NOT NULL AND {_LIVE}"),
        # A correction of what another corrected meanwhile is refused by the database, too.
        UniqueConstraint("corrects_id"),
    )
    id: Mapped[Key]
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    organization_id: Mapped[OrganizationKey]
    kind: Mapped[EntryKind] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200), default="")
    category: Mapped[str | None] = mapped_column(String(32))
    level: Mapped[Level | None] = mapped_column(String(16))
    issuer: Mapped[str] = mapped_column(String(120), default="")
    # The school of a service, where it is on the platform.
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    class_name: Mapped[str] = mapped_column(String(60), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    hours: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[EntrySource] = mapped_column(String(16))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    entered_by_id: Mapped[PersonKey]
    entered_at: Mapped[datetime]
    verified_by_id: Mapped[PersonKey]
    verified_at: Mapped[datetime]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("dossier_entry.id"))
    # When a correction took its place; void ones strike out what they correct.
    replaced_at: Mapped[datetime | None]
    is_void: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = relationship(foreign_keys="DossierEntry.person_id")
    organization: Mapped[Organization] = relationship(foreign_keys="DossierEntry.organization_id")
    entered_by: Mapped[Person] = relationship(foreign_keys="DossierEntry.entered_by_id")
    verified_by: Mapped[Person] = relationship(foreign_keys="DossierEntry.verified_by_id")
    instance: Mapped[ProcessInstance | None] = relationship()
    evidence: Mapped[list["EntryEvidence"]] = relationship(order_by="EntryEvidence.attachment_id")

    @property
    def verified_at_place(self) -> Organization:
        """Return where it was verified: where its case was decided, as a bureau's, else at the school."""
        return self.instance.organization if self.instance is not None else self.organization


# The condition of an entry that counts: nothing took its place, and it was not struck out.
IS_LIVE = and_(DossierEntry.replaced_at.is_(None), ~DossierEntry.is_void)


class EntryEvidence(Base):
    """A paper that proves an entry: whoever may see the entry may read it."""

    __tablename__ = "entry_evidence"
    entry_id: Mapped[int] = mapped_column(ForeignKey("dossier_entry.id"), primary_key=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), primary_key=True, index=True)


class DossierLook(Base):
    """A look at another's file, for that person to see; the school's journal tells it, too."""

    __tablename__ = "dossier_look"
    __table_args__ = (Index("ix_dossier_look_person", "person_id", "id"),)
    id: Mapped[Key]
    person_id: Mapped[PersonKey]
    seen_by_id: Mapped[PersonKey]
    # In which position, as it was called then.
    position_title: Mapped[Name]
    what: Mapped[Look] = mapped_column(String(16))
    seen_at: Mapped[CreatedAt]
    seen_by: Mapped[Person] = relationship(foreign_keys="DossierLook.seen_by_id")


class HomeroomList(Base):
    """The list of homeroom teachers 班主任名单 as the office confirmed it for a school year."""

    __tablename__ = "homeroom_list"
    __table_args__ = (UniqueConstraint("organization_id", "school_year", "revision"),)
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    # The year in which the school year begins.
    school_year: Mapped[int]
    # Confirmed again in mid-year: the next number.
    revision: Mapped[int]
    from_on: Mapped[date]
    confirmed_by_id: Mapped[PersonKey]
    confirmed_at: Mapped[CreatedAt]
    organization: Mapped[Organization] = relationship()
    confirmed_by: Mapped[Person] = relationship()
    rows: Mapped[list["HomeroomListRow"]] = relationship(order_by="HomeroomListRow.place")


class HomeroomListRow(Base):
    """A class on a list with its homeroom teacher or assistant."""

    __tablename__ = "homeroom_list_row"
    list_id: Mapped[int] = mapped_column(ForeignKey("homeroom_list.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    class_name: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    # As a service's category: full or assistant.
    category: Mapped[str] = mapped_column(String(32))
    person: Mapped[Person] = relationship()


class StudioGrade(Base):
    """A grade that a studio was given for a period before the platform, or by an evaluation on it."""

    __tablename__ = "studio_grade"
    __table_args__ = (UniqueConstraint("studio_id", "period"),)
    id: Mapped[Key]
    studio_id: Mapped[StudioKey]
    # As people write it: 2024—2025 学年.
    period: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(16))
    graded_on: Mapped[date]
    issuer: Mapped[str] = mapped_column(String(120), default="")
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    entered_by_id: Mapped[PersonKey]
    entered_at: Mapped[CreatedAt]
    studio: Mapped[Studio] = relationship()


class StudioBalance(Base):
    """What a studio had left on a day before its money was kept here, in fen."""

    __tablename__ = "studio_balance"
    __table_args__ = (UniqueConstraint("studio_id", "as_of"),)
    id: Mapped[Key]
    studio_id: Mapped[StudioKey]
    as_of: Mapped[date]
    amount: Mapped[Fen]
    entered_by_id: Mapped[PersonKey]
    entered_at: Mapped[CreatedAt]
