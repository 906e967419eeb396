"""Statements of the hot path: compiled once for each database product, then sent as they are.

What SQLAlchemy does for every execution of a statement (cache key, defaults, types of parameters) costs four times
what the driver takes to run an insert; a step sends seven (docs/adr/0010).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Delete,
    Dialect,
    Insert,
    LargeBinary,
    Select,
    Table,
    Update,
    bindparam,
    literal_column,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.db.columns import Process, array_of, column_of, is_same, processed
from app.db.engine import to_json
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
    # Names in the order of the placeholders, each with what turns the value into the driver's.
    binds: tuple[tuple[str, Process | None], ...]
    constants: Parameters

    def bound(self, parameters: Parameters) -> tuple[Any, ...]:
        """Return the parameters as the driver takes them."""
        given = {**self.constants, **parameters}
        return tuple([process(given[name]) if process else given[name] for name, process in self.binds])

    def bound_many(self, rows: Sequence[Parameters]) -> list[tuple[Any, ...]]:
        """Return the parameters of many executions as the driver takes them."""
        columns = [processed(column_of(rows, name, self.constants.get(name)), process) for name, process in self.binds]
        return list(zip(*columns, strict=True))


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
            compiled = self._for(connection.dialect)
            letter = Letter(compiled.text, compiled.bound(parameters), self._table_name, refusal)
            post(connection, letter)
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
        compiled = self._for(connection.dialect)
        return int(ask(connection, compiled.text, compiled.bound(row))[0][0])

    def _send_many(self, connection: Connection, rows: Sequence[Parameters]) -> None:
        compiled = self._for(connection.dialect)
        bound = compiled.bound_many(rows)
        if connection.dialect.name == "postgresql":
            for parameters in bound:
                post(connection, Letter(compiled.text, parameters, self._table_name))
        else:
            connection.exec_driver_sql(compiled.text, bound)

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
        rows = ask(connection, compiled.text, compiled.bound(parameters))
        return _read(rows[0], readers) if rows else None

    def all(self, connection: Connection, parameters: Parameters) -> list[Any]:
        """Send the statement, and return the values of all rows."""
        compiled, readers = self._for(connection.dialect)
        rows = ask(connection, compiled.text, compiled.bound(parameters))
        return [_read(row, readers) for row in rows] if readers else rows

    def _for(self, dialect: Dialect) -> tuple[_Compiled, tuple[tuple[int, Any], ...]]:
        found = self._compiled.get(dialect.name)
        if found is None:
            columns = enumerate(self._statement.selected_columns)
            processes = ((at, one.type.dialect_impl(dialect).result_processor(dialect, None)) for at, one in columns)
            readers = tuple((at, process) for at, process in processes if process)
            found = self._compiled[dialect.name] = (_compiled(self._statement, dialect), readers)
        return found


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
        if connection.dialect.name != "postgresql":
            super()._send_many(connection, rows)
            return
        dialect = connection.dialect
        made = self._made(dialect)
        # PostgreSQL takes no parameter that stands nowhere.
        told = set(_MARK.findall(" ".join(made.values())))
        columns = [
            one for one in (*self._added, *self._reckoned.given) if one.name not in made or _mark(one.name) in told
        ]
        given = _given(columns, rows, self._for(dialect).constants, dialect)
        terms = dict(zip([one.name for one in columns], given.terms, strict=True))
        marks = {_mark(name): term for name, term in terms.items()}
        picked = terms | {name: _MARK.sub(lambda found: marks[found[0]], one) for name, one in made.items()}
        table, names = dialect.identifier_preparer.quote(self._table.name), ", ".join(_names(self._added, dialect))
        selected = ", ".join(picked[one.name] for one in self._added)
        text = f"INSERT INTO {table} ({names}) SELECT {selected} FROM {given.source}"  # noqa: S608 - our own names
        post(connection, Letter(text, given.parameters, self._table_name, is_kept=False))

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
        if connection.dialect.name != "postgresql":
            super()._send_many(connection, rows)
            return
        dialect, columns = connection.dialect, [*self._key, *self._changed]
        given = _given(columns, rows, self._for(dialect).constants, dialect)
        table, names = dialect.identifier_preparer.quote(self._table.name), _names(columns, dialect)
        told, keys = list(zip(names, given.terms, strict=True)), len(self._key)
        at = " AND ".join(f"{table}.{name} = {term}" for name, term in told[:keys])
        changes = ", ".join(f"{name} = {term}" for name, term in told[keys:])
        text = f"UPDATE {table} SET {changes} FROM {given.source} WHERE {at}"  # noqa: S608 - our own names
        post(connection, Letter(text, given.parameters, self._table_name, is_kept=False))


@dataclass(frozen=True)
class _Given:
    """Rows as PostgreSQL takes them: a term for each column, where the terms come from, and the parameters."""

    terms: list[str]
    source: str
    parameters: list[Any]


def _given(
    columns: Sequence[Column[Any]], rows: Sequence[Parameters], constants: Parameters, dialect: Dialect
) -> _Given:
    """Return what differs as one array a column, and what is the same in all rows once."""
    terms, names, arrays, parameters = [], [], [], []
    for number, one in enumerate(columns, 1):
        column, type_ = column_of(rows, one.name, constants.get(one.name)), one.type.compile(dialect)
        write, quoted = _writer(one, dialect), dialect.identifier_preparer.quote(one.name)
        if one is not columns[0] and is_same(column):
            terms.append(f"${number}::{type_}")
            parameters.append(write(column[0]) if write else _plain(column[0]))
            continue
        terms.append(f"given.{quoted}")
        names.append(quoted)
        arrays.append(f"${number}::{type_}[]")
        parameters.append(array_of(list(map(write, column)) if write else column))
    return _Given(terms, f"unnest({', '.join(arrays)}) AS given ({', '.join(names)})", parameters)


def _compiled(statement: Any, dialect: Dialect, columns: Sequence[str] = ()) -> _Compiled:
    made = statement.compile(dialect=_NUMBERING.get(dialect.name, dialect), column_keys=columns or None)
    binds = {name: bind for bind, name in made.bind_names.items()}
    names = made.positiontup
    processes = (binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names)
    constants = {name: bind.value for name, bind in binds.items() if not bind.required}
    return _Compiled(str(made), tuple(zip(names, processes, strict=True)), constants)


def _mark(name: str) -> str:
    return f"given_{name}_"


def _blank(column: Column[Any]) -> Any:
    default: Any = column.default
    constant = default.arg if default is not None and default.is_scalar else None
    return bindparam(column.name, constant, type_=column.type)


def _names(columns: Iterable[Column[Any]], dialect: Dialect) -> list[str]:
    return [dialect.identifier_preparer.quote(one.name) for one in columns]


def _writer(column: Column[Any], dialect: Dialect) -> Process | None:
    """Return what turns a value of a column into what an array can hold."""
    if isinstance(column.type, LargeBinary):
        return None
    return to_json if isinstance(column.type, JSON) else column.type.dialect_impl(dialect).bind_processor(dialect)


def _plain(value: Any) -> Any:
    """Return an enumeration's member as the text that it is: the driver wants one type in an array."""
    return str(value) if isinstance(value, StrEnum) else value
