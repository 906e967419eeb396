"""Reading the fields that a page posted."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from app.engine.forms.choice_fields import CheckboxField
from app.engine.forms.components import Component, Field
from app.engine.forms.list_fields import MOST_ROWS, ListField

_LONGEST_INDEX = 4


class Posted(Protocol):
    """Posted names with one or more texts each, such as werkzeug's MultiDict."""

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        ...

    def getlist(self, key: str, /) -> list[str]:
        """Return the texts posted under a name."""
        ...


def read_posted(
    components: Sequence[Component], posted: Posted, element: str | None, prefix: str = ""
) -> dict[str, Any]:
    """Return the posted values of the components' fields; other names are left alone."""
    names = set(posted)
    values: dict[str, Any] = {}
    for field in components:
        if not isinstance(field, Field):
            continue
        path = f"{prefix}{field.key}"
        value = (
            _rows(field, posted, names, path) if isinstance(field, ListField) else _value(field, posted, names, path)
        )
        if value is not None and (value is not False or field.access.mode(element) == "write"):
            values[field.key] = value
    return values


def _value(field: Field, posted: Posted, names: set[str], path: str) -> Any:
    if path not in names and not isinstance(field, CheckboxField):
        return None
    return field.read([str(text) for text in posted.getlist(path)])


def _rows(field: ListField, posted: Posted, names: set[str], path: str) -> list[dict[str, Any]] | None:
    indexes = sorted({index for name in names if (index := _index(name, f"{path}.")) is not None})
    if not indexes:
        return [] if path in names else None
    rows = (read_posted(field.cells, posted, None, f"{path}.{index}.") for index in indexes[: MOST_ROWS + 1])
    return [row for row in rows if any(value not in (False, []) for value in row.values())]


def _index(name: str, start: str) -> int | None:
    if not name.startswith(start):
        return None
    text = name[len(start) :].partition(".")[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_INDEX else None
