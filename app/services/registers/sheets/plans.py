"""What an import would change: row by row, and how it is written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.domain import canonical
from app.services.registers.sheets.lines import Line, Mistakes


class ChangeKind(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Keeper:
    """Who imports, and into which school."""

    person_id: int
    organization_id: int
    organization_name: str


@dataclass(frozen=True)
class Change:
    """What a row changes: its texts under their heads, and what stood there before where it corrects."""

    row: int
    sheet: str
    kind: ChangeKind
    values: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """The changes of an import with its mistakes; `write` carries them out in the transaction that is open."""

    changes: tuple[Change, ...]
    mistakes: Mistakes
    write: Callable[[Session], None]

    def count(self, kind: ChangeKind) -> int:
        """Return how many rows are of a kind."""
        return sum(change.kind == kind for change in self.changes)

    def told(self) -> list[dict[str, Any]]:
        """Return the changes as JSON."""
        return [
            {
                "row": one.row,
                "sheet": one.sheet,
                "change": str(one.kind),
                "values": dict(one.values),
                "before": dict(one.before),
            }
            for one in self.changes
        ]

    def digest(self) -> str:
        """Return what tells this plan from one that would change something else."""
        return canonical.content_hash(self.told())


def change_of(line: Line, kind: ChangeKind, before: Mapping[str, str] | None = None) -> Change:
    """Return the change of a row."""
    return Change(line.number, line.sheet.title, kind, line.texts(), before or {})


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes with what changes something first."""
    return tuple(sorted(changes, key=lambda change: change.kind == ChangeKind.UNCHANGED))
