"""Who sees what of a review of ranks: all of the school and the offices above see the review, few see who applied."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.db.notices import Notice
from app.db.people import Organization
from app.db.rank_reviews import RankApplication, RankReview
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.services.accounts.organizations import in_scope, place_of
from app.services.rank_reviews import reviews


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the reviews of the person's own schools, and of those below an office."""
    own = {held.organization_id for held in actor.holdings}
    below = select(Organization.id).where(in_scope(actor, Action.SEE_ORGANIZATION))
    applied = select(RankApplication.review_id).where(RankApplication.person_id == actor.person_id)
    return or_(RankReview.organization_id.in_(own), RankReview.organization_id.in_(below), RankReview.id.in_(applied))


def applications_in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the condition of the own application, and of those that an office of the school or above it sees."""
    places = select(Organization.id).where(in_scope(actor, Action.SEE_APPLICATIONS))
    return or_(RankApplication.person_id == actor.person_id, RankApplication.organization_id.in_(places))


def sees_outcome(session: Session, actor: Actor, review: RankReview) -> bool:
    """Tell whether the person may know how many were given a rank: before the list is posted or filed, who sees each."""
    if allows(actor, Action.SEE_APPLICATIONS, place_of(review.organization)):
        return True
    return review.filed_at is not None or _is_posted(session, review)


def _is_posted(session: Session, review: RankReview) -> bool:
    posted = Notice.subject == reviews.subject_of(review), Notice.posted_at.is_not(None)
    return session.scalar(select(Notice.id).where(*posted).limit(1)) is not None
