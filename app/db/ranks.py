"""The register of ranks: the certificates that were issued, and bureaus' own columns for its lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, Key, PersonKey
from app.db.people import Organization
from app.db.registers import DossierEntry


class RankCertificate(Base):
    """A certificate 职级证书 of a rank that took effect: issued once, however often it is printed."""

    __tablename__ = "rank_certificate"
    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(ForeignKey("dossier_entry.id"), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    content_hash: Mapped[Hash]
    issued_at: Mapped[CreatedAt]
    entry: Mapped[DossierEntry] = relationship()


class RankColumns(Base):
    """A bureau's own columns for lists of ranks; they hold for the schools below it that have none nearer."""

    __tablename__ = "rank_columns"
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    # Rows of head and column, from the left.
    columns: Mapped[list[Any]]
    # What the bureau calls the ranks that it calls otherwise, by rank.
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_by_id: Mapped[PersonKey]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    organization: Mapped[Organization] = relationship()
