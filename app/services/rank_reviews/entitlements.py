"""Which rank somebody may apply for, and the conditions as they stand: kept with the application as they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.fact_reading import fact_rules
from app.domain.facts import Roll
from app.domain.ladder import UNRANKED
from app.domain.ranks import RankApplicationKind
from app.domain.vocabulary import Programme
from app.services.dossiers.condition_tables import Table
from app.services.dossiers.explanations import Condition, Explanation, Met, explain
from app.services.dossiers.facts import facts_of
from app.services.rulebook.rules import effective_rules

# The condition of the table that asks for years of service.
YEARS_ID = "years"
ORDER: Mapping[Rank, int] = MappingProxyType({rank: place for place, rank in enumerate(Rank)})
_BY_TITLE: Mapping[str, Rank] = MappingProxyType({title: rank for rank, title in RANK_TITLES.items()})


@dataclass(frozen=True)
class Entitlement:
    """The rank held, the one within reach by the table, and what is asked for it."""

    held: Rank | None
    target: Rank | None
    asked: Explanation | None

    @property
    def usual_kind(self) -> RankApplicationKind:
        """Return by which way the table leads to a rank."""
        return RankApplicationKind.FIRST if self.held in UNRANKED else RankApplicationKind.PROMOTION

    def reaches(self, rank: Rank) -> bool:
        """Tell whether the table leads to a rank: promotion by one step, a first placement up to the highest allowed."""
        if self.target is None:
            return False
        if self.usual_kind is RankApplicationKind.FIRST:
            return rank != Rank.ASSISTANT and ORDER[rank] <= ORDER[self.target]
        return rank == self.target

    def barring(self, *, is_exceptional: bool) -> list[Condition]:
        """Return what no paper can mend: posts and sanctions; without an exception also the years of service."""
        missed = [one for one in self.asked.missing if one.state is Met.NOT_MET] if self.asked else []
        return [one for one in missed if _is_on_record(one) or (one.id == YEARS_ID and not is_exceptional)]


def entitlement_of(session: Session, person_id: int, organization_id: int) -> Entitlement:
    """Return what somebody of a school may apply for today."""
    today = clock.today()
    rules = effective_rules(session, organization_id, Programme.RANK, today)
    reading = fact_rules({key: rule.value for key, rule in rules.items()})
    held = facts_of(session, person_id, organization_id, today, reading)["rank"].value
    asked = explain(session, person_id, organization_id, Table.NEXT_RANK, today, has_sanctions=True)
    target = _BY_TITLE.get(asked.target) if asked else None
    return Entitlement(Rank(held) if isinstance(held, str) else None, target, asked)


def kept(asked: Explanation | None) -> dict[str, Any]:
    """Return conditions as an application keeps them; what is said of sanctions is not kept."""
    if asked is None:
        return {}
    shown = [one for one in asked.conditions if not (one.fact and one.fact.is_confidential)]
    return {
        "target": asked.target,
        "as_of": asked.as_of.isoformat(),
        "years_until": asked.years_until.isoformat(),
        "conditions": [_row(one) for one in shown],
    }


def _row(one: Condition) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "state": one.state.value,
        "requirement": one.requirement,
        "parameter": one.parameter,
        "evidence": [entry.id for entry in one.evidence],
    }


def _is_on_record(one: Condition) -> bool:
    return one.fact is not None and (isinstance(one.fact.source, Roll) or one.fact.is_confidential)
