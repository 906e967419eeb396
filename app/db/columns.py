"""Many rows for one statement, column by column: what is the same in all of them is turned into the driver's once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import repeat
from operator import is_, itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Dialect, LargeBinary
from sqlalchemy.types import TypeEngine

from app.db.engine import to_json

Process = Callable[[Any], Any]
Rows = Sequence[Mapping[str, Any]]


# For SQLite: its driver looks for an adapter for all but plain texts, whole numbers and byte arrays.
_WRITERS: dict[type[TypeEngine[Any]], Process] = {
    JSON: to_json,
    Boolean: {None: None, False: 0, True: 1}.__getitem__,
    LargeBinary: bytearray,
}


@dataclass(frozen=True)
class Given:
    """Rows as a database takes them: a term for each column, where the terms come from, and the parameters."""

    terms: list[str]
    # Nothing where each row has parameters of its own.
    source: str
    parameters: Any


def given_rows(columns: Sequence[Column[Any]], rows: Rows, constants: Mapping[str, Any], dialect: Dialect) -> Given:
    """Return rows as a database takes them; what a row leaves out is among the constants, or null."""
    told = [(one, _column_of(rows, one.name, constants.get(one.name))) for one in columns]
    return _arrays(told, dialect) if dialect.name == "postgresql" else _tuples(told, len(rows), dialect)


def _column_of(rows: Rows, name: str, default: Any) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name, default) for row in rows]


def _is_same(column: Sequence[Any]) -> bool:
    """Tell whether a column holds the very same object in every row."""
    return all(map(is_, column, repeat(column[0])))


def _tuples(told: Iterable[tuple[Column[Any], list[Any]]], number: int, dialect: Dialect) -> Given:
    """Return a tuple a row; nulls stand in the text, since SQLite's driver looks for an adapter at each of them."""
    terms: list[str] = []
    given: list[Iterable[Any]] = []
    for one, column in told:
        process = writer(one.type, dialect)
        is_same = _is_same(column)
        first = plain(process(column[0]) if process else column[0])
        if is_same and first is None:
            terms.append("NULL")
            continue
        given.append(repeat(first, number) if is_same else map(process, column) if process else column)
        terms.append(f"?{len(given)}")
    return Given(terms, "", list(zip(*given, strict=True)))


def _arrays(told: Iterable[tuple[Column[Any], list[Any]]], dialect: Dialect) -> Given:
    """Return what differs as one array a column, and what is the same in all rows once."""
    terms, names = [], []
    arrays: list[str] = []
    parameters: list[Any] = []
    for one, column in told:
        write, type_ = _writer(one, dialect), one.type.compile(dialect)
        place = f"${len(parameters) + 1}::{type_}"
        # An array there must be: it says how many rows there are.
        if arrays and _is_same(column):
            terms.append(place)
            parameters.append(plain(write(column[0]) if write else column[0]))
            continue
        quoted = dialect.identifier_preparer.quote(one.name)
        terms.append(f"given.{quoted}")
        names.append(quoted)
        arrays.append(f"{place}[]")
        parameters.append(array_of(map(write, column) if write else column))
    return Given(terms, f"unnest({', '.join(arrays)}) AS given ({', '.join(names)})", parameters)


def writer(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Return what turns a value into the driver's, if anything must."""
    own = kind.dialect_impl(dialect)
    process = own.bind_processor(dialect)
    return _WRITERS.get(type(kind), process) if dialect.name == "sqlite" and process else process


def _writer(column: Column[Any], dialect: Dialect) -> Process | None:
    """Return what turns a value of a column into what an array can hold."""
    if isinstance(column.type, LargeBinary):
        return None
    return to_json if isinstance(column.type, JSON) else column.type.dialect_impl(dialect).bind_processor(dialect)


def array_of(column: Iterable[Any]) -> str:
    """Write a column as PostgreSQL writes an array: the driver does it an element at a time, in Python."""
    return f"{{{','.join(map(_element, column))}}}"


def plain(value: Any) -> Any:
    """Return an enumeration's member as the text that it is: drivers are slow with it, or refuse it in an array."""
    return str(value) if isinstance(value, StrEnum) else value


def _element(value: Any) -> str:
    # Ids are most of them.
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    return "NULL" if value is None else str(value)
