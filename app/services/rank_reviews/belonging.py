"""To which review of ranks a case belongs: the review's own case, or that of an application in it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.rank_reviews import RankApplication, RankReview


def review_of(session: Session, instance_id: int) -> int | None:
    """Return the id of the review of a case, or None where it belongs to none."""
    applied = select(RankApplication.review_id).where(RankApplication.instance_id == instance_id)
    return session.scalar(
        select(RankReview.id).where(or_(RankReview.instance_id == instance_id, RankReview.id.in_(applied)))
    )
