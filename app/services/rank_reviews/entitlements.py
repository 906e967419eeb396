"""What somebody may apply for in a review: the rank, by which way, and the conditions kept as they stand."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.domain import clock
from app.domain.dossiers import Rank
from app.domain.facts import Roll
from app.domain.ranks import RankApplicationKind
from app.services.dossiers.explanations import Condition, Explanation, Met
from app.services.dossiers.rank_reach import Reach
from app.services.ranks import eligibility

# What the ladder itself asks: against it one may only apply for an exception.
LADDER = frozenset({"rank.ladder", "rank.initial_title"})


@dataclass(frozen=True)
class Entitlement:
    """What the conditions of a rank say of somebody, and which ranks lie above the one held."""

    rank: Rank
    asked: Explanation
    reach: Reach

    @property
    def is_next(self) -> bool:
        """Tell whether a promotion climbs to the rank by so many steps as the rules let; a first placement may lead to any."""
        return self.reach.kind is RankApplicationKind.FIRST or self.rank in self.reach.climbs_to

    @property
    def kept(self) -> dict[str, Any]:
        """Return the conditions as an application keeps them; what is said of sanctions is not kept."""
        return eligibility.kept(
            replace(self.asked, conditions=tuple(one for one in self.asked.conditions if _is_open(one)))
        )

    @property
    def shown(self) -> list[Condition]:
        """Return the conditions that whoever judges may read."""
        return [one for one in self.asked.conditions if _is_open(one)]

    @property
    def may_be_excepted(self) -> bool:
        """Tell whether one may apply for the rank against the ladder: where the rule lets one, and no more bars it."""
        return self.rank in self.reach.exceptional and not self.barring(is_exceptional=True)

    def barring(self, *, is_exceptional: bool) -> list[Condition]:
        """Return what no paper can mend: posts and sanctions; without an exception also what the ladder asks."""
        missed = [one for one in self.asked.missing if one.state is Met.NOT_MET]
        return [one for one in missed if _is_on_record(one) or (one.parameter in LADDER and not is_exceptional)]


def entitlement_of(session: Session, person_id: int, organization_id: int, rank: Rank) -> Entitlement | None:
    """Return what the rules say of somebody who would apply for a rank today; None where it is not above the one held."""
    asked = eligibility.eligibility_of(session, person_id, organization_id, clock.today(), rank)
    return Entitlement(rank, asked, asked.reach) if asked and asked.reach else None


def _is_open(one: Condition) -> bool:
    return one.fact is None or not one.fact.is_confidential


def _is_on_record(one: Condition) -> bool:
    return one.fact is not None and (isinstance(one.fact.source, Roll) or one.fact.is_confidential)
