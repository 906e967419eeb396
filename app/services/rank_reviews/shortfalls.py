"""What keeps the lists of reviews from being filed, and who is to see to it: read for many schools at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import IS_OPEN, WorkItem
from app.domain.ranks import RankReviewStage
from app.domain.text import N_, sentence
from app.domain.vocabulary import Role
from app.services.rank_reviews import reviews
from app.services.rank_reviews.votes import DETERMINE, EXCEPTION, LOOK, VOTE
from app.services.texts import day

OFFICE, LEADER, PRINCIPAL = Role.MORAL_EDUCATION_OFFICE, Role.LEADERSHIP_GROUP_LEADER, Role.PRINCIPAL
# By the open task of an application, in the order of its way.
OF_APPLICATIONS: Mapping[str, tuple[str, Role]] = {
    "verify_application": (N_("%(count)d 份还没有核对"), OFFICE),
    "correct_application": (N_("%(count)d 份等本人补正"), OFFICE),
    "judge_application/call_panel": (N_("%(count)d 份等召集评审组"), LEADER),
    EXCEPTION: (N_("%(count)d 份还没有表决能否破格"), LEADER),
    VOTE: (N_("%(count)d 份还没有表决"), LEADER),
    DETERMINE: (N_("%(count)d 份还没有认定"), LEADER),
    LOOK: (N_("%(count)d 份等本人答复要不要复核"), OFFICE),
}
OF_STAGES: Mapping[RankReviewStage, tuple[str, Role]] = {
    RankReviewStage.APPLYING: (N_("申报到%(until)s截止"), OFFICE),
    RankReviewStage.NOTICING: (N_("公示还没有办完"), OFFICE),
    RankReviewStage.SIGNING: (N_("名单还没有签署"), PRINCIPAL),
}


@dataclass(frozen=True)
class Shortfall:
    """What is missing in a review, in words, and the positions that it waits for."""

    words: str
    roles: frozenset[Role]


def shortfalls(session: Session, found: Sequence[RankReview]) -> dict[int, Shortfall]:
    """Return what is missing in each of some reviews."""
    counts = _open_tasks(session, [one.id for one in found])
    return {one.id: _shortfall(one, counts.get(one.id, {})) for one in found}


def _shortfall(held: RankReview, counts: Mapping[str, int]) -> Shortfall:
    said = [
        (sentence(words, count=counts[element]).chinese(), role)
        for element, (words, role) in OF_APPLICATIONS.items()
        if element in counts
    ]
    if held.stage in OF_STAGES:
        words, role = OF_STAGES[held.stage]
        said.append((sentence(words, until=day(reviews.day_of(held, "apply_until"))).chinese(), role))
    return Shortfall(
        "，".join(words for words, _role in said), frozenset(role for _words, role in said) or frozenset({OFFICE})
    )


def _open_tasks(session: Session, found: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how many applications of each review wait at which task."""
    query = (
        select(RankApplication.review_id, WorkItem.element, func.count(WorkItem.instance_id.distinct()))
        .join(WorkItem, WorkItem.instance_id == RankApplication.instance_id)
        .where(RankApplication.review_id.in_(found), WorkItem.element.in_(OF_APPLICATIONS), IS_OPEN)
        .group_by(RankApplication.review_id, WorkItem.element)
    )
    counts: dict[int, dict[str, int]] = {}
    for review_id, element, number in session.execute(query):
        counts.setdefault(review_id, {})[element] = number
    return counts
