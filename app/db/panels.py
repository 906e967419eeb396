"""Panels: whom a collective task scores and on what, fixed as it opens, and who leaves whom to the others."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt
from app.db.collectives import CollectiveTask
from app.db.money import Studio
from app.db.people import Person


class Panel(Base):
    """What a collective task has beside its rule where its members score candidates; the two have one number."""

    __tablename__ = "panel"
    id: Mapped[int] = mapped_column(ForeignKey("collective_task.id"), primary_key=True, autoincrement=False)
    # Rows of id, name and hint.
    candidates: Mapped[list[Any]]
    # Rows of name and points.
    criteria: Mapped[list[Any]]
    task: Mapped[CollectiveTask] = relationship()


class PanelRecusal(Base):
    """A member of a panel steps aside for one candidate; for oneself nobody needs to declare it."""

    __tablename__ = "panel_recusal"
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    # The candidate's id as a text.
    candidate: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(2000))
    # The studio of the register that both are or were in; none where the member declared the conflict.
    studio_id: Mapped[int | None] = mapped_column(ForeignKey("studio.id"))
    declared_at: Mapped[CreatedAt]
    person: Mapped[Person] = relationship()
    studio: Mapped[Studio | None] = relationship()
