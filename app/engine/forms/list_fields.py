"""Lists of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.domain.text import N_
from app.engine.forms.components import Component, Field, Inputs

MOST_ROWS = 100


@dataclass(frozen=True, kw_only=True)
class ListField(Field):
    """Rows that all have the same cells; `total` names the money column whose sum is shown."""

    cells: tuple[Component, ...]
    fewest: int = 0
    most: int = MOST_ROWS
    blank_rows: int = 1
    total: str = ""

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

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Return the cells that carry a value, by key."""
        return {cell.key: cell for cell in self.cells if isinstance(cell, Field)}
