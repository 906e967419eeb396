"""The reviews in which somebody of a school may apply for a rank today or correct an application, and the ranks."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.db.rank_reviews import RankReview
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.identity import Actor
from app.domain.text import N_, sentence
from app.engine.forms import Option
from app.services.rank_reviews import applications, reviews
from app.services.texts import day

# Who is in the first year is not in the review yet.
RANKS: Mapping[str, str] = {rank: title for rank, title in RANK_TITLES.items() if rank is not Rank.ASSISTANT}


def open_rank_reviews(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Return the reviews of a school that take applications, and the one in which the person's own is to be corrected."""
    found = {one.id: one for one in reviews.open_in(session, organization_id)}
    returned = applications.returned_to(session, actor.person_id, organization_id)
    found |= {one.id: one for one in returned}
    return [Option(one.id, reviews.title_of(one), _hint(one)) for one in found.values()]


def name_of_review(session: Session, value: object) -> str | None:
    """Return how a review reads to whoever sees its case."""
    found = session.get(RankReview, value) if isinstance(value, int) else None
    return reviews.title_of(found) if found else None


def _hint(held: RankReview) -> str:
    return sentence(N_("到%(until)s截止"), until=day(reviews.day_of(held, "apply_until"))).chinese()
