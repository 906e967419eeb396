"""Which rule packs an organisation adopted, and the values it set itself."""

from datetime import date
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Code, CreatedAt, Json, Key, OrganizationKey, PersonKey
from app.domain.vocabulary import Programme


class RulePackAdoption(Base):
    """A rule pack that holds for an organisation and everything below it, within a programme."""

    __tablename__ = "rule_pack_adoption"
    __table_args__ = (UniqueConstraint("organization_id", "programme", "from_on"),)
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    programme: Mapped[Programme] = mapped_column(String(24))
    pack: Mapped[Code]
    from_on: Mapped[date]
    adopted_by_id: Mapped[PersonKey]
    created_at: Mapped[CreatedAt]


class RuleValue(Base):
    """A value that an organisation set within the lock, from a date."""

    __tablename__ = "rule_value"
    __table_args__ = (Index("ix_rule_value_scope", "organization_id", "programme", "parameter", "from_on"),)
    id: Mapped[Key]
    organization_id: Mapped[OrganizationKey]
    programme: Mapped[Programme] = mapped_column(String(24))
    parameter: Mapped[str] = mapped_column(String(100))
    value: Mapped[Any] = mapped_column(Json)
    from_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500))
    changed_by_id: Mapped[PersonKey]
    created_at: Mapped[CreatedAt]


class Setting(Base):
    """A mark of the whole database, such as `demo` or `installed`."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
