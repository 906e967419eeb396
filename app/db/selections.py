"""What a round decided: the sheets by which hosts and members were determined, and the letters of appointment."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, Key, PersonKey, StudioKey
from app.db.money import Studio
from app.db.people import Person
from app.db.rounds import Application, Round
from app.domain.selections import SheetKind
from app.domain.vocabulary import Role


class DecisionSheet(Base):
    """A decision sheet 决定表 of a round: who stands where by the declared formula, and who was determined."""

    __tablename__ = "decision_sheet"
    __table_args__ = (UniqueConstraint("round_id", "kind"),)
    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    kind: Mapped[SheetKind] = mapped_column(String(16))
    # A candidate each (`services.selections.sheet_rows`), in the order of the formula.
    rows: Mapped[list[Any]]
    formula: Mapped[dict[str, Any]]
    # Of formula, rows and decision as printed; the code leads to it.
    content_hash: Mapped[Hash]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    drawn_at: Mapped[CreatedAt]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    # Raised each time it is drawn or decided anew.
    revision: Mapped[int] = mapped_column(default=1)
    round: Mapped[Round] = relationship()
    decided_by: Mapped[Person | None] = relationship()


class AppointmentLetter(Base):
    """A letter of appointment 聘书: to which post of which studio somebody was appointed by a round, from when to when."""

    __tablename__ = "appointment_letter"
    __table_args__ = (
        UniqueConstraint("application_id", "role"),
        CheckConstraint("until_on >= from_on", name="period"),
    )
    id: Mapped[Key]
    # A mentor applied for nothing: the letter goes with the host's application.
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[PersonKey]
    studio_id: Mapped[StudioKey]
    role: Mapped[Role] = mapped_column(String(40))
    from_on: Mapped[date]
    until_on: Mapped[date]
    content_hash: Mapped[Hash]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    issued_at: Mapped[CreatedAt]
    application: Mapped[Application] = relationship()
    person: Mapped[Person] = relationship()
    studio: Mapped[Studio] = relationship()
