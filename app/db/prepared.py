"""Statements of the hot path: compiled once for each database product, then sent as they are.

What SQLAlchemy does for every execution of a statement (cache key, defaults, types of parameters) costs four times
what the driver takes to run an insert; a step sends seven (docs/adr/0010).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import compress, repeat
from operator import is_not
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.types import TypeEngine

from app.db.columns import Given, Process, given_rows, plain, writer
from app.db.wire import Letter, Refusal, ask, post

Parameters = Mapping[str, Any]
_GATHERED = "gathered"
# PostgreSQL itself knows parameters by number.
_NUMBERING = {"postgresql": PGDialect_psycopg(paramstyle="numeric_dollar")}  # type: ignore[no-untyped-call]
_LITERAL = {"literal_binds": True}
_MARK = re.compile(r"given_\w+_\b")


@dataclass(frozen=True)
class _Compiled:
    """The text for one product, and how its parameters are handed over."""

    text: str
    # In the order of the placeholders.
    names: tuple[str, ...]
    # What turns a value into the driver's, with its place: few need it.
    processes: tuple[tuple[int, Process], ...]
    constants: Parameters
    # What stands between the placeholders, where nulls are written out: SQLite's driver looks for an adapter at each.
    pieces: tuple[str, ...]
    _texts: dict[tuple[bool, ...], str] = field(default_factory=dict)

    def bound(self, parameters: Parameters) -> list[Any]:
        """Return the parameters as the driver takes them."""
        given = {**self.constants, **parameters} if self.constants else parameters
        values = list(map(given.__getitem__, self.names))
        for place, process in self.processes:
            values[place] = process(values[place])
        return values

    def call(self, parameters: Parameters) -> tuple[str, list[Any]]:
        """Return the text for some parameters, and those that go with it."""
        values = self.bound(parameters)
        if not self.pieces:
            return self.text, values
        is_given = tuple(map(is_not, values, repeat(None)))
        text = self._texts.get(is_given)
        if text is None:
            marks = ["?" if is_one else "NULL" for is_one in is_given]
            text = self._texts[is_given] = "".join(map("".join, zip(self.pieces, [*marks, ""], strict=True)))
        return text, list(compress(values, is_given))


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Keep what prepared statements write, and send each of them once with all its rows at the end.

    For many cases at once; nothing within may read what was written so.
    """
    gathered: dict[Prepared, list[Parameters]] = {}
    connection.info[_GATHERED] = gathered
    try:
        yield
    finally:
        del connection.info[_GATHERED]
    for statement, rows in gathered.items():
        statement.run_many(connection, rows)


@dataclass(frozen=True)
class Reckoned:
    """Columns of an insert that the database reckons from the row, and what rows give for that beside the columns."""

    made: Mapping[str, Callable[[Callable[[str], Any]], ColumnElement[Any]]] = field(default_factory=dict)
    given: tuple[Column[Any], ...] = ()

    def columns(self, of: Callable[[str], Any]) -> dict[str, ColumnElement[Any]]:
        """Return the columns, reckoned from what a name stands for."""
        return {name: make(of) for name, make in self.made.items()}


class Prepared:
    """A statement that writes, built at import."""

    def __init__(self, statement: Insert | Update | Delete, columns: Iterable[str] = ()) -> None:
        """Take a statement; `columns` are those that an execution gives beside the named parameters."""
        self._statement, self._columns = statement, list(columns)
        self._table_name: str = getattr(statement.table, "name", "")
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, parameters: Parameters, refusal: Refusal | None = None) -> None:
        """Send the statement, or keep it where the connection's writes are gathered.

        `refusal` makes the error for a row that the table does not take; it may be raised as late as by the commit.
        """
        gathered = connection.info.get(_GATHERED)
        if gathered is None:
            text, values = self._for(connection.dialect).call(parameters)
            post(connection, Letter(text, values, self._table_name, refusal))
        else:
            gathered.setdefault(self, []).append(parameters)

    def run_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Send the statement for each of the rows, in one call of the driver, or keep it."""
        gathered = connection.info.get(_GATHERED)
        if not rows:
            return
        if gathered is not None:
            gathered.setdefault(self, []).extend(rows)
        elif len(rows) == 1:
            self.run(connection, rows[0])
        else:
            self._send_many(connection, rows)

    def run_for_id(self, connection: Connection, row: Parameters) -> int:
        """Send an insert at once, and return the id that the row got."""
        return int(ask(connection, *self._for(connection.dialect).call(row))[0][0])

    def _send_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        compiled = self._for(connection.dialect)
        bound = [tuple(compiled.bound(row)) for row in rows]
        if connection.dialect.name == "postgresql":
            for parameters in bound:
                post(connection, Letter(compiled.text, parameters, self._table_name))
        else:
            connection.exec_driver_sql(compiled.text, bound)

    def _send_given(self, connection: Connection, text: str, given: Given) -> None:
        if given.source:
            post(connection, Letter(text, given.parameters, self._table_name, is_kept=False))
        else:
            connection.exec_driver_sql(text, given.parameters)

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compiled(self._statement, dialect, self._columns)
        return found


class Question:
    """A select, built at import."""

    def __init__(self, statement: Select[Any]) -> None:
        """Take a statement whose parameters all have names."""
        self._statement = statement
        self._compiled: dict[str, tuple[_Compiled, tuple[tuple[int, Any], ...]]] = {}

    def first(self, connection: Connection, parameters: Parameters) -> list[Any] | None:
        """Send the statement, and return the values of the first row."""
        compiled, readers = self._for(connection.dialect)
        rows = ask(connection, *compiled.call(parameters))
        return _read(rows[0], readers) if rows else None

    def all(self, connection: Connection, parameters: Parameters) -> list[Any]:
        """Send the statement, and return the values of all rows."""
        compiled, readers = self._for(connection.dialect)
        rows = ask(connection, *compiled.call(parameters))
        return [_read(row, readers) for row in rows] if readers else rows

    def _for(self, dialect: Dialect) -> tuple[_Compiled, tuple[tuple[int, Any], ...]]:
        found = self._compiled.get(dialect.name)
        if found is None:
            columns = enumerate(self._statement.selected_columns)
            processes = ((at, _reader(one.type, dialect)) for at, one in columns)
            readers = tuple((at, process) for at, process in processes if process)
            found = self._compiled[dialect.name] = (_compiled(self._statement, dialect), readers)
        return found


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Return what reads a column's values, if anything must."""
    if dialect.name == "sqlite" and isinstance(kind, JSON):
        # What steps read, steps have written with orjson: nothing in it is too long for it, as drafts may be.
        return _from_json
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _from_json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _read(row: Sequence[Any], readers: Iterable[tuple[int, Any]]) -> list[Any]:
    values = list(row)
    for at, process in readers:
        values[at] = process(values[at])
    return values


class Addition(Prepared):
    """An insert; what a row leaves out gets its constant default, or null."""

    def __init__(
        self, table: Table, *, has_id: bool = False, returns_id: bool = False, reckoned: Reckoned | None = None
    ) -> None:
        """Take the table; with `has_id` the rows bring their ids, and `reckoned` columns are asked of the database."""
        self._table, self._reckoned = table, reckoned or Reckoned()
        self._added = [one for one in table.columns if has_id or one is not table.autoincrement_column]
        given = {one.name: _blank(one) for one in (*self._added, *self._reckoned.given)}
        values = {one.name: given[one.name] for one in self._added} | self._reckoned.columns(given.__getitem__)
        statement = table.insert().values(values)
        super().__init__(statement.returning(table.c.id) if returns_id else statement)

    def _send_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Send the rows; PostgreSQL takes them as one array a column, since it answers each statement by itself."""
        dialect = connection.dialect
        made = self._made(dialect)
        # No database takes a parameter that stands nowhere.
        told = set(_MARK.findall(" ".join(made.values())))
        columns = [
            one for one in (*self._added, *self._reckoned.given) if one.name not in made or _mark(one.name) in told
        ]
        given = given_rows(columns, rows, self._for(dialect).constants, dialect)
        terms = dict(zip([one.name for one in columns], given.terms, strict=True))
        marks = {_mark(name): term for name, term in terms.items()}
        picked = terms | {name: _MARK.sub(lambda found: marks[found[0]], one) for name, one in made.items()}
        table, names = dialect.identifier_preparer.quote(self._table.name), ", ".join(_names(self._added, dialect))
        selected = ", ".join(picked[one.name] for one in self._added)
        taken = f"SELECT {selected} FROM {given.source}" if given.source else f"VALUES ({selected})"  # noqa: S608
        self._send_given(connection, f"INSERT INTO {table} ({names}) {taken}", given)

    def _made(self, dialect: Dialect) -> dict[str, str]:
        """Return what the database reckons of each such column, with a mark for each column that it looks at."""
        made = self._reckoned.columns(lambda name: literal_column(_mark(name)))
        return {name: str(one.compile(dialect=dialect, compile_kwargs=_LITERAL)) for name, one in made.items()}


class Change(Prepared):
    """An update of rows by their keys."""

    def __init__(self, table: Table, key: Iterable[str], columns: Iterable[str]) -> None:
        """Take the table, the columns of its key, and those that are changed."""
        self._table = table
        self._key, self._changed = [table.c[name] for name in key], [table.c[name] for name in columns]
        at = (one == bindparam(one.name, type_=one.type) for one in self._key)
        super().__init__(table.update().where(*at), [one.name for one in self._changed])

    def _send_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        """Change the rows; PostgreSQL takes them as one array a column."""
        dialect, columns = connection.dialect, [*self._key, *self._changed]
        given = given_rows(columns, rows, self._for(dialect).constants, dialect)
        table, names = dialect.identifier_preparer.quote(self._table.name), _names(columns, dialect)
        told, keys = list(zip(names, given.terms, strict=True)), len(self._key)
        at = " AND ".join(f"{table}.{name} = {term}" for name, term in told[:keys])
        changes = ", ".join(f"{name} = {term}" for name, term in told[keys:])
        source = f" FROM {given.source}" if given.source else ""
        self._send_given(connection, f"UPDATE {table} SET {changes}{source} WHERE {at}", given)  # noqa: S608 - our own names


def _compiled(statement: Any, dialect: Dialect, columns: Sequence[str] = ()) -> _Compiled:
    made = statement.compile(dialect=_NUMBERING.get(dialect.name, dialect), column_keys=columns or None)
    binds = {name: bind for bind, name in made.bind_names.items()}
    names = tuple(made.positiontup)
    writers = {name: writer(bind.type, dialect) for name, bind in binds.items()}
    processes = tuple((place, write) for place, name in enumerate(names) if (write := writers[name]))
    constants = {name: plain(bind.value) for name, bind in binds.items() if not bind.required}
    pieces = tuple(str(made).split("?")) if dialect.name == "sqlite" else ()
    return _Compiled(str(made), names, processes, constants, pieces)


def _mark(name: str) -> str:
    return f"given_{name}_"


def _blank(column: Column[Any]) -> Any:
    default: Any = column.default
    constant = default.arg if default is not None and default.is_scalar else None
    return bindparam(column.name, constant, type_=column.type)


def _names(columns: Iterable[Column[Any]], dialect: Dialect) -> list[str]:
    return [dialect.identifier_preparer.quote(one.name) for one in columns]
