"""Ids drawn before their rows are inserted, so that no insert needs an answer."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, String, Table, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class next_id(FunctionElement[int]):  # noqa: N801 - it reads as the functions of SQL do
    """The id that the next row of a table gets, to be inserted by the write transaction that is open."""

    inherit_cache = True
    type = BigInteger()

    def __init__(self, table: Table) -> None:
        """Take the table."""
        super().__init__(literal(table.name))
        self.table = table


@compiles(next_id, "postgresql")
def _next_of_sequence(element: next_id, compiler: SQLCompiler, **_options: object) -> str:
    name = compiler.render_literal_value(element.table.name, String())
    # As a query of its own the sequence is looked up once, however many ids are drawn.
    return f"nextval((SELECT pg_get_serial_sequence({name}, 'id')::regclass))"


@compiles(next_id, "sqlite")
def _next_of_rows(element: next_id, compiler: SQLCompiler, **_options: object) -> str:
    return f"(SELECT coalesce(max(id), 0) + 1 FROM {compiler.preparer.format_table(element.table)})"  # noqa: S608 - our own name


def draw_ids(connection: Connection, table: Table, number: int) -> Sequence[int]:
    """Draw ids for rows to insert in the write transaction that is open."""
    if connection.dialect.name == "sqlite":
        last: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return range(last + 1, last + number + 1)
    drawn = select(next_id(table)).select_from(func.generate_series(1, number))
    return connection.execute(drawn).scalars().all()
