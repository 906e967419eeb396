"""The ladder of homeroom teachers' ranks: what each rung asks of somebody who holds this rank or none (S4 三)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.dossiers import Rank
from app.domain.service_years import MONTHS, YearsUnit

# Who is in the first year is not in the review yet: as if without a rank.
UNRANKED = frozenset({None, Rank.ASSISTANT.value})
_BINDING = "binding"


@dataclass(frozen=True)
class LadderRules:
    """The rows of the ladder, and the rules that add to what they ask or take from it."""

    rows: Sequence[Mapping[str, Any]]
    # Direct and private schools have demands of their own.
    is_direct: bool = False
    is_upper_bound_binding: bool = False
    is_title_floor: bool = True
    initial_title: str | None = None
    places_first: bool = True
    steps: int = 1
    unit: YearsUnit = YearsUnit.WHOLE


def ladder_rules(values: Mapping[str, Any], *, is_direct: bool) -> LadderRules | None:
    """Read the rules from values by parameter; None where there is no ladder."""
    rows = values.get("rank.ladder")
    if rows is None:
        return None
    return LadderRules(
        rows,
        is_direct,
        values["rank.upper_bound"] == _BINDING,
        values["rank.title_is_floor"],
        values["rank.initial_title"],
        values["rank.first_placement"],
        values["rank.steps_per_promotion"],
        YearsUnit(values["rank.years_unit"]),
    )


@dataclass(frozen=True)
class Rung:
    """A rank that somebody may aim at, and what it asks; None where it does not ask.

    `includes_from` tells whether the lowest number of years is enough, or has to be passed: where the rung below ends
    with it, it belongs to that one. `years_least` is the least that is enough, counted in the unit of the rules.
    """

    rank: str
    years_from: int
    includes_from: bool
    years_least: float
    years_to: int | None
    title: str | None
    is_title_floor: bool
    holds: str | None
    honour: str | None
    standing: str | None


def rungs(rules: LadderRules, held: str | None) -> tuple[Rung, ...]:
    """Return what each rung asks of somebody who holds a rank or none, the lowest first."""
    ranks = [row["rank"] for row in rules.rows]
    at = ranks.index(held) if held in ranks else -1
    is_first = held in UNRANKED and rules.places_first
    return tuple(_rung(rules, place, at, is_first=is_first) for place in range(len(rules.rows)))


def is_above(rank: str, held: str | None) -> bool:
    """Tell whether a rank is higher than the one held."""
    order = [one.value for one in Rank]
    return held is None or order.index(rank) > order.index(held)


def _rung(rules: LadderRules, place: int, held: int, *, is_first: bool) -> Rung:
    row = rules.rows[place]
    includes_from = row["years_from"] not in {other.get("years_to") for other in rules.rows}
    title, is_floor = _title(rules, place, held, is_first=is_first)
    return Rung(
        rank=row["rank"],
        years_from=row["years_from"],
        includes_from=includes_from,
        years_least=row["years_from"] if includes_from else _after(row["years_from"], rules.unit),
        years_to=row.get("years_to") if rules.is_upper_bound_binding else None,
        title=title,
        is_title_floor=is_floor,
        holds=None if is_first else _holds(rules, row.get("holds")),
        honour=_own(rules, row, "honour"),
        standing=_own(rules, row, "standing"),
    )


def _title(rules: LadderRules, place: int, held: int, *, is_first: bool) -> tuple[str | None, bool]:
    """Return the title that a rung asks, and whether a higher one does too.

    Where it does not say it again, who holds the rung below has shown it there, and who does not has to show that.
    """
    row = rules.rows[place]
    if row.get("title") is None and is_first:
        return rules.initial_title, True
    if row.get("title") is None and held < place - 1:
        row = rules.rows[place - 1]
    title = row.get("title")
    return title, rules.is_title_floor or title is None or bool(row.get("title_above"))


def _after(years: int, unit: YearsUnit) -> float:
    """Return the next number of years that can be counted: a year more, or a month."""
    return years + 1 if unit is YearsUnit.WHOLE else round(years + 1 / MONTHS, 2)


def _holds(rules: LadderRules, holds: str | None) -> str | None:
    """Return what must be held; where a promotion may take several steps, so much less."""
    ranks = [row["rank"] for row in rules.rows]
    return ranks[max(ranks.index(holds) + 1 - rules.steps, 0)] if holds in ranks else None


def _own(rules: LadderRules, row: Mapping[str, Any], name: str) -> str | None:
    found: str | None = row.get(f"{name}_direct" if rules.is_direct else name)
    return found
