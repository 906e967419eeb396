"""Public notices 公示: what they say, whose names stand on them and how long, and proof that they were posted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, InstanceKey, Key, Name, OrganizationKey, PersonKey, Text
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.domain.notices import NoticeScope, NoticeStatus


class Notice(Base):
    """A notice of a case; `draft` is what is being prepared, the columns say what was posted last."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_audience", "audience_id", "status", "id"),
        CheckConstraint("prepared_by_id <> released_by_id", name="two_persons"),
    )
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    # All who belong to it or to what lies below may read the notice.
    audience_id: Mapped[OrganizationKey]
    scope: Mapped[NoticeScope] = mapped_column(String(16))
    instance_id: Mapped[InstanceKey] = mapped_column(index=True)
    # The number, as text, of what it is about, such as a round's.
    subject: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[NoticeStatus] = mapped_column(String(16), default=NoticeStatus.DRAFTED)
    title: Mapped[Name]
    intro: Mapped[Text]
    signed_by: Mapped[Name]
    # As the rules say that were in force when the case began.
    working_days: Mapped[int]
    draft: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[CreatedAt]
    # First, and after the last change.
    posted_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Of the certificate, once the notice has ended.
    code: Mapped[str | None] = mapped_column(String(24), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship(foreign_keys="Notice.organization_id")
    audience: Mapped[Organization] = relationship(foreign_keys="Notice.audience_id")
    instance: Mapped[ProcessInstance] = relationship()
    prepared_by: Mapped[Person | None] = relationship(foreign_keys="Notice.prepared_by_id")
    released_by: Mapped[Person | None] = relationship(foreign_keys="Notice.released_by_id")
    names: Mapped[list["NoticeName"]] = relationship(order_by="NoticeName.place", back_populates="notice")
    proofs: Mapped[list["NoticeProof"]] = relationship(order_by="NoticeProof.id")


class NoticeName(Base):
    """A person on a notice, as posted; one who left is not shown any more."""

    __tablename__ = "notice_name"
    __table_args__ = (UniqueConstraint("notice_id", "person_id"),)
    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    place: Mapped[int]
    # As it was printed.
    name: Mapped[Name]
    line: Mapped[str] = mapped_column(String(500))
    # The day of posting, which does not count, and the last day.
    from_on: Mapped[date]
    until_on: Mapped[date]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[datetime | None]
    notice: Mapped[Notice] = relationship(back_populates="names")


class NoticeProof(Base):
    """A photograph of the board on which a notice hangs, and of which content."""

    __tablename__ = "notice_proof"
    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), index=True)
    # Where it hangs, as people say: 校门公示栏.
    board: Mapped[str] = mapped_column(String(60))
    content_hash: Mapped[Hash]
    taken_by_id: Mapped[PersonKey]
    taken_at: Mapped[CreatedAt]
    taken_by: Mapped[Person] = relationship()
