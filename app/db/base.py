"""The declarative base, column types and conventions that all tables share."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from app.domain import clock

_NAIVE = "an instant needs an offset"
_OFFSET = "+00:00"
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _without_offset(value: datetime | None) -> str | None:
    """Write an instant as SQLite keeps it."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(_NAIVE)
    # What the clock tells is in UTC, and needs no reckoning.
    instant = value if value.tzinfo is UTC else value.astimezone(UTC)
    return instant.isoformat(" ", "microseconds").removesuffix(_OFFSET)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it without an offset, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants and store UTC."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(_NAIVE)
        return value and value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what writes a value: for SQLite in one go, since every step writes many."""
        return _without_offset if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        del dialect
        return _in_utc(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Return what reads a value: one call for each, since lists read many."""
        read = self.impl_instance.result_processor(dialect, coltype)
        return _in_utc if read is None else lambda value: _in_utc(read(value))


Json = JSON().with_variant(JSONB(), "postgresql")
BigKey = BigInteger().with_variant(Integer(), "sqlite")

Key = Annotated[int, mapped_column(BigKey, primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Text = Annotated[str, mapped_column(String(5000))]
Hash = Annotated[str, mapped_column(String(64))]
Fen = Annotated[int, mapped_column(BigInteger)]
CreatedAt = Annotated[datetime, mapped_column(Instant, default=clock.now)]
PersonKey = Annotated[int, mapped_column(ForeignKey("person.id"))]
OrganizationKey = Annotated[int, mapped_column(ForeignKey("organization.id"))]
StudioKey = Annotated[int, mapped_column(ForeignKey("studio.id"))]
InstanceKey = Annotated[int, mapped_column(ForeignKey("process_instance.id"))]


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Instant,
        date: Date,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that pass the unit of work by."""
    found = model.__table__
    assert isinstance(found, Table)  # noqa: S101 - no model maps a subquery
    return found


def index_where(name: str, *columns: str, where: str, is_unique: bool = False) -> Index:
    """Return an index over the rows that meet a condition."""
    return Index(name, *columns, unique=is_unique, sqlite_where=text(where), postgresql_where=text(where))
