"""Documents on paper: what the code of each stands for."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, InstanceKey, Key, Name
from app.db.processes import ProcessInstance


class PrintedSheet(Base):
    """An approval sheet 审批单 as it was printed: one code for each state of a case and what its reader may see."""

    __tablename__ = "printed_sheet"
    __table_args__ = (UniqueConstraint("instance_id", "content_hash"),)
    id: Mapped[Key]
    instance_id: Mapped[InstanceKey]
    code: Mapped[str] = mapped_column(String(24), unique=True)
    title: Mapped[Name]
    content_hash: Mapped[Hash]
    # How many acts the case's journals told then: more of them mean that it moved on.
    acts: Mapped[int]
    # When the last of what it tells happened.
    as_of: Mapped[datetime]
    printed_at: Mapped[CreatedAt]
    instance: Mapped[ProcessInstance] = relationship()
