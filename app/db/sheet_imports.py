"""Imports of Excel sheets: the file until it is written, what it would change, how far the work is."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, Key, OrganizationKey, PersonKey
from app.db.people import Organization, Person
from app.domain.sheet_imports import ImportStatus
from app.domain.sheets import SheetKind


class SheetImport(Base):
    """A workbook that somebody handed in for a school; its file is dropped once nothing is left to do with it."""

    __tablename__ = "sheet_import"
    __table_args__ = (CheckConstraint("handled >= 0 AND total >= 0", name="progress"),)
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey] = mapped_column(index=True)
    kind: Mapped[SheetKind] = mapped_column(String(16))
    status: Mapped[ImportStatus] = mapped_column(String(16), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[Hash]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    # How many rows there are, and how many of them the present work has behind it.
    total: Mapped[int] = mapped_column(default=0)
    handled: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    corrected: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    # Tells whether what would be written is still what was shown.
    digest: Mapped[str] = mapped_column(String(64), default="")
    changes: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    # Address of a cell and what is wrong there.
    mistakes: Mapped[list[Any]] = mapped_column(default=list, deferred=True)
    # Whoever works on it holds it until then; one that was killed lets go by that.
    held_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[PersonKey]
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    organization: Mapped[Organization] = relationship()
    created_by: Mapped[Person] = relationship()
