"""Which rank somebody may apply for in a review, by which way, and what each condition says; and how that is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain.dossiers import Rank
from app.domain.fact_reading import fact_rules
from app.domain.ladder import is_above
from app.domain.vocabulary import Programme
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.explanations import Condition, Explanation, explain
from app.services.dossiers.facts import facts_of
from app.services.dossiers.rank_reach import HOLDS, Reach
from app.services.rulebook.rules import effective_rules


@dataclass(frozen=True)
class LadderPlace:
    """Where somebody stands on a ladder: whether there is one, and whether no rank is above the one held."""

    has_ladder: bool
    is_top: bool


def eligibility_of(
    session: Session, person_id: int, organization_id: int, as_of: date, rank: Rank | None = None
) -> Explanation | None:
    """Return the ranks within reach of a person of a school, and the conditions of the one that counts, or of another.

    None where nothing is above the rank held, where the rank is not above it, and where no rules of ranks hold.
    Raises NotFound.
    """
    return explain(session, person_id, organization_id, Table.NEXT_RANK, as_of, has_sanctions=True, rank=rank)


def ladder_place_of(session: Session, person_id: int, organization_id: int, as_of: date) -> LadderPlace:
    """Return where a person stands on the ladder of a school. Raises NotFound."""
    values = {key: rule.value for key, rule in effective_rules(session, organization_id, Programme.RANK, as_of).items()}
    rows = values.get("rank.ladder")
    if rows is None:
        return LadderPlace(has_ladder=False, is_top=False)
    held = facts_of(session, person_id, organization_id, as_of, fact_rules(values))[HOLDS].value
    return LadderPlace(
        has_ladder=True,
        is_top=isinstance(held, str) and not any(is_above(row["rank"], held) for row in rows),
    )


def kept(found: Explanation) -> dict[str, Any]:
    """Return what was found as JSON, as it stays with an application."""
    return {
        "as_of": found.as_of.isoformat(),
        "years_until": found.years_until.isoformat(),
        "target": found.target,
        "reach": _reach(found.reach) if found.reach else None,
        "conditions": [_condition(one) for one in found.conditions],
    }


def _reach(reach: Reach) -> dict[str, Any]:
    return {
        "held": reach.held,
        "kind": reach.kind.value,
        "counts": reach.counts,
        "allowed": list(reach.allowed),
        "exceptional": list(reach.exceptional),
        "columns": [
            {"title": one.title, "fact": one.fact.name, "value": one.value.value, "allows": one.allows}
            for one in reach.columns
        ],
    }


def _condition(one: Condition) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "requirement": one.requirement,
        "state": one.state.value,
        "is_pending": one.is_pending,
        "fact": one.fact.name if one.fact else None,
        "value": one.value.value,
        "evidence": [entry.id for entry in one.evidence],
        "parameter": one.parameter,
        "clause": one.rule["clause"],
    }
