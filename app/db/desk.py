"""What a person keeps at hand and has looked at: own sentences for opinions, and which tasks were opened."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, CreatedAt, Key, PersonKey


class OpinionTemplate(Base):
    """A sentence that a person often writes as an opinion; `place` orders them."""

    __tablename__ = "opinion_template"
    id: Mapped[Key]
    person_id: Mapped[PersonKey] = mapped_column(index=True)
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))


class WorkItemReading(Base):
    """A task that a person opened; written once, at the first opening."""

    __tablename__ = "work_item_reading"
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    read_at: Mapped[CreatedAt]
