"""Objections to names on public notices: whose they are is sealed, and nothing else in the row tells."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, InstanceKey, Key, PersonKey, Text
from app.db.notices import Notice
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.work import Attachment
from app.domain.objections import ObjectionStatus


class Objection(Base):
    """An objection to a person on a notice; its case was started by the platform."""

    __tablename__ = "objection"
    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    # To whom.
    person_id: Mapped[PersonKey]
    instance_id: Mapped[InstanceKey] = mapped_column(unique=True)
    # Who objects, in which words, with which names of files: sealed by the server's secret.
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    # By which who objects finds it again: one for each person, notice and name, told apart by the server's secret only.
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    # The same of an `Idempotency-Key`, with the fingerprint of the request that it came with.
    request_mark: Mapped[str | None] = mapped_column(String(64), unique=True)
    request_seal: Mapped[str | None] = mapped_column(String(64))
    is_against_group: Mapped[bool] = mapped_column(default=False)
    # Who looks into it, an office or one person, who may conclude, and who does where the group may not: chosen when
    # it was raised.
    office: Mapped[str | None] = mapped_column(String(40))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deciders: Mapped[list[Any]]
    outsider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    status: Mapped[ObjectionStatus] = mapped_column(String(16), default=ObjectionStatus.OPEN)
    # To whoever objects.
    reply: Mapped[Text | None]
    raised_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
    # When whoever objects read the reply.
    read_at: Mapped[datetime | None]
    notice: Mapped[Notice] = relationship()
    person: Mapped[Person] = relationship(foreign_keys="Objection.person_id")
    instance: Mapped[ProcessInstance] = relationship()
    evidence: Mapped[list["ObjectionEvidence"]] = relationship(order_by="ObjectionEvidence.place")


class ObjectionEvidence(Base):
    """A file that came with an objection, sealed like its words: nobody's upload, and of no case."""

    __tablename__ = "objection_evidence"
    __table_args__ = (UniqueConstraint("objection_id", "place"),)
    id: Mapped[Key]
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"))
    place: Mapped[int]
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachment.id"), unique=True)
    attachment: Mapped[Attachment] = relationship()
