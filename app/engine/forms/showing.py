"""What a page shows of a form: the components in sight with their values."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.forms.components import Component, Field
from app.engine.forms.list_fields import ListField


@dataclass(frozen=True)
class Shown:
    """A component in its place: path, value, whether it can be written, and the rows of a list."""

    component: Component
    path: str
    value: Any
    mode: Literal["write", "read"]
    rows: tuple[tuple["Shown", ...], ...] = ()

    @property
    def text(self) -> str:
        """Return what an input shows: yuan for money, the text as typed where it could not be read."""
        return self.component.text(self.value) if isinstance(self.component, Field) else ""


def show(
    components: Sequence[Component],
    values: Mapping[str, Any],
    element: str | None,
    *,
    is_readonly: bool = False,
    prefix: str = "",
    outer: Mapping[str, Any] | None = None,
) -> tuple[Shown, ...]:
    """Return the components in sight; values may be as typed and wrong."""
    scope = ChainMap(dict(values), dict(outer or {}))
    found = []
    for one in components:
        mode = one.access.mode(element)
        if mode == "hidden" or one.is_hidden(scope):
            continue
        value = values.get(one.key) if isinstance(one, Field) else None
        can_write = mode == "write" and not is_readonly
        path = f"{prefix}{one.key}" if isinstance(one, Field) else ""
        rows = _rows(one, value, path, values, can_write=can_write) if isinstance(one, ListField) else ()
        found.append(Shown(one, path, value, "write" if can_write else "read", rows))
    return tuple(found)


def _rows(
    one: ListField, value: Any, path: str, outer: Mapping[str, Any], *, can_write: bool
) -> tuple[tuple[Shown, ...], ...]:
    rows = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
    if can_write and not rows:
        # A list that may stay empty opens as empty as it was left.
        least = int(one.is_required or one.fewest > 0)
        rows = [{} for _ in range(one.blank_rows if value is None else least)]
    return tuple(
        show(one.cells, row, None, is_readonly=not can_write, prefix=f"{path}.{index}.", outer=outer)
        for index, row in enumerate(rows)
    )
