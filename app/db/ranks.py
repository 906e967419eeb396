"""The register of ranks: the certificates that were issued."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base, CreatedAt, Hash, Key
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
