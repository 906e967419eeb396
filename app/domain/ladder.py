"""The ladder of homeroom teachers' ranks: which one comes next, and what it asks for (S4 三)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dossiers import Rank

# Who is in the first year is not in the review yet: as if without a rank.
UNRANKED = frozenset({None, Rank.ASSISTANT.value})


@dataclass(frozen=True)
class Step:
    """A rank that somebody may aim at, with the demands of its row; of direct and private schools those for them.

    `includes_from` tells whether the lowest number of years is enough, or has to be passed: where the row below ends
    with it, it belongs to that one.
    """

    row: Mapping[str, Any]
    includes_from: bool
    is_first_placement: bool

    @property
    def rank(self) -> str:
        """Return the rank."""
        return str(self.row["rank"])

    def allows(self, years: float) -> bool:
        """Tell whether years of service are enough."""
        least = self.row["years_from"]
        return years > least or (self.includes_from and years == least)


def next_step(
    rows: Sequence[Mapping[str, Any]], held: str | None, years: float | None, *, is_direct: bool, places_first: bool
) -> Step | None:
    """Return the rank that comes after the one held, None after the highest.

    Who holds none is placed at once in the highest that the years allow, where the rules place so, else in the lowest.
    """
    steps = [_step(rows, at, is_direct=is_direct, is_first=held in UNRANKED) for at in range(len(rows))]
    if held not in UNRANKED:
        after = next((at + 1 for at, step in enumerate(steps) if step.rank == held), 0)
        return steps[after] if after < len(steps) else None
    allowed = [step for step in steps if places_first and years is not None and step.allows(years)]
    return allowed[-1] if allowed else steps[0]


def _step(rows: Sequence[Mapping[str, Any]], at: int, *, is_direct: bool, is_first: bool) -> Step:
    row = dict(rows[at])
    for name in ("honour", "standing"):
        own = row.pop(f"{name}_direct", None)
        row[name] = own if is_direct else row.get(name)
    ends = {other.get("years_to") for other in rows}
    return Step(row, row["years_from"] not in ends, is_first)
