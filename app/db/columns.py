"""Many rows for one statement, column by column: what is the same in all of them is turned into the driver's once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from operator import is_, itemgetter
from typing import Any

Process = Callable[[Any], Any]


def column_of(rows: Sequence[Mapping[str, Any]], name: str, default: Any) -> list[Any]:
    """Return what the rows say under a name."""
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name, default) for row in rows]


def is_same(column: Sequence[Any]) -> bool:
    """Tell whether a column holds the very same object in every row."""
    return all(map(is_, column, repeat(column[0])))


def processed(column: Sequence[Any], process: Process | None) -> Sequence[Any]:
    """Return a column as the driver takes it."""
    if process is None:
        return column
    return [process(column[0])] * len(column) if is_same(column) else list(map(process, column))


def array_of(column: Sequence[Any]) -> str:
    """Write a column as PostgreSQL writes an array: the driver does it an element at a time, in Python."""
    return f"{{{','.join(map(_element, column))}}}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"'
    return "NULL" if value is None else str(value)
