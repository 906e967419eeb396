"""Whether a column holds one of many values, given as one parameter: the text is the same for however many."""

from typing import Any

from sqlalchemy import JSON, Boolean, ColumnElement, Dialect, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.db.columns import Process, array_of


class _Many(TypeDecorator[list[Any]]):
    """Many values in one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = JSON
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else JSON())

    def bind_processor(self, dialect: Dialect) -> Process | None:
        return array_of if dialect.name == "postgresql" else super().bind_processor(dialect)


class among(FunctionElement[bool]):  # noqa: N801 - it reads as the operators of SQL do
    """The condition that a column holds one of the values of a named parameter."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        """Take the column and the name."""
        super().__init__(column, bindparam(name, type_=_Many(column.type)))


@compiles(among, "postgresql")
def _is_any(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} = ANY({values})"


@compiles(among, "sqlite")
def _is_in(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - our own texts
