"""Lists of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.text import N_
from app.engine.forms.components import Component, Field, Inputs

MOST_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class ListField(Field):
    """Rows that all have the same cells; `total` names the money column whose sum is shown.

    `begins` names the rows of another element that a task starts from, `fixed` the cell of theirs that tells them
    apart and is only shown: there is then one row for each of them.
    """

    cells: tuple[Component, ...]
    fewest: int = 0
    most: int = MOST_ROWS
    blank_rows: int = 1
    total: str = ""
    begins: str = ""
    fixed: str = ""

    def clean(self, value: Any, inputs: Inputs) -> list[Any]:
        """Return the rows as submitted, when their number is right; raise Wrong."""
        rows = [] if value is None else value
        if not isinstance(rows, list):
            raise self.wrong(N_("%(label)s要填一列，每行一项。"))
        fewest = 0 if inputs.is_partial else max(self.fewest, int(self.is_required))
        if len(rows) < fewest:
            raise self.wrong(N_("%(label)s至少填 %(limit)d 行，您填了 %(given)d 行。"), limit=fewest, given=len(rows))
        if len(rows) > self.most:
            raise self.wrong(
                N_("%(label)s最多填 %(limit)d 行，您填了 %(given)d 行。"), limit=self.most, given=len(rows)
            )
        return rows

    def read(self, texts: Sequence[str]) -> Any:
        """Return nothing: rows are read cell by cell."""
        return [] if texts else None

    def begun(self, held: Any, around: Mapping[str, Any]) -> Any:
        """Return the rows that a task starts from: those given, each with what is held of it; else what is held."""
        element, _dot, name = self.begins.partition(".")
        given = (around.get(element) or {}).get(name)
        if not isinstance(given, list):
            return held
        kept = {row.get(self.fixed): row for row in held or ()}
        rows = ({key: value for key, value in row.items() if key in self.fields} for row in given)
        return [{**row, **kept.get(row.get(self.fixed), {})} for row in rows]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Return the cells that carry a value, by key."""
        return {cell.key: cell for cell in self.cells if isinstance(cell, Field)}
