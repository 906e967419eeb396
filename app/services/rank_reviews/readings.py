"""Reviews of ranks as people read them: the list, and one of them with what is in it for the reader."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from app.db.rank_reviews import RankApplication, RankReview
from app.db.work import IS_OPEN, Draft, WorkItem
from app.domain.errors import NotFound
from app.domain.identity import Actor
from app.services.candidates import may_take, signed_for
from app.services.filling import drafts
from app.services.pages import LARGEST, Page, decode, encode, limit_of
from app.services.rank_reviews import applications, sight
from app.services.rank_reviews.applications import Count
from app.services.rank_reviews.votes import VOTES

# Tasks on a page; whoever has more finds them as these are done, and in the inbox.
MOST = 200


@dataclass(frozen=True)
class ReviewView:
    """A review in the person's sight; `applications` is a page of those that the person may see."""

    review: RankReview
    count: Count
    applications: Page[RankApplication]
    waiting: Sequence[WorkItem]
    has_more_waiting: bool


def reviews(
    session: Session, actor: Actor, *, year: int | None = None, cursor: str | None = None, limit: int | None = None
) -> Page[RankReview]:
    """Return the reviews in the person's sight, the latest first. Raises Invalid for a wrong cursor."""
    query = select(RankReview).where(sight.in_sight(actor)).options(*_whole())
    if year is not None:
        query = query.where(RankReview.school_year == year)
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(RankReview.id < after[0])
    rows = list(session.scalars(query.order_by(RankReview.id.desc()).limit(size + 1)))
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def review_view(
    session: Session, actor: Actor, review_id: int, *, cursor: str | None = None, limit: int | None = None
) -> ReviewView:
    """Return a review with what the person may see of it. Raises NotFound, and Invalid for a wrong cursor."""
    found = session.scalar(
        select(RankReview).where(RankReview.id == review_id, sight.in_sight(actor)).options(*_whole())
    )
    if found is None:
        raise NotFound
    count, waiting = applications.count(session, found.id), _waiting(session, actor, found)
    return ReviewView(
        review=found,
        count=count if sight.sees_outcome(session, actor, found) else replace(count, determined=None),
        applications=_applications(session, actor, found, cursor, limit_of(limit, LARGEST)),
        waiting=waiting[:MOST],
        has_more_waiting=len(waiting) > MOST,
    )


def open_votes(session: Session, actor: Actor, found: RankReview) -> list[tuple[WorkItem, RankApplication]]:
    """Return the votes of a review that wait for the person, each with the application that it is on.

    One more than a page shows tells that there are more.
    """
    mine = WorkItem.assignee_id == actor.person_id, WorkItem.collective_id.is_not(None), IS_OPEN
    query = (
        select(WorkItem, RankApplication)
        .join(RankApplication, RankApplication.instance_id == WorkItem.instance_id)
        .where(RankApplication.review_id == found.id, *mine, WorkItem.element.in_(VOTES))
        .options(joinedload(RankApplication.person), joinedload(WorkItem.instance))
    )
    return [(item, one) for item, one in session.execute(query.order_by(RankApplication.id).limit(MOST + 1))]


def kept_reasons(session: Session, actor: Actor, items: Sequence[int]) -> dict[int, str]:
    """Return what the person typed to votes and has not handed in, by vote."""
    subjects = {drafts.task_subject(item): item for item in items}
    query = select(Draft.subject, Draft.comment).where(Draft.person_id == actor.person_id, Draft.subject.in_(subjects))
    return {subjects[subject]: comment or "" for subject, comment in session.execute(query)}


def _whole() -> tuple[ExecutableOption, ...]:
    return joinedload(RankReview.organization, innerjoin=True), joinedload(RankReview.instance, innerjoin=True)


def _applications(
    session: Session, actor: Actor, found: RankReview, cursor: str | None, size: int
) -> Page[RankApplication]:
    is_shown = RankApplication.review_id == found.id, sight.applications_in_sight(actor)
    query = select(RankApplication).join(RankApplication.person).where(*is_shown)
    query = query.options(contains_eager(RankApplication.person), joinedload(RankApplication.seen_by))
    if (after := decode(cursor, 1)) is not None:
        query = query.where(RankApplication.id > after[0])
    rows = session.scalars(query.order_by(RankApplication.id).limit(size + 1)).all()
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def _waiting(session: Session, actor: Actor, found: RankReview) -> Sequence[WorkItem]:
    """Return what the person may do now in a review: in its own case, and in those of its applications."""
    cases = select(RankApplication.instance_id).where(RankApplication.review_id == found.id)
    is_here = (WorkItem.instance_id == found.instance_id) | WorkItem.instance_id.in_(cases)
    query = select(WorkItem).where(IS_OPEN, is_here, may_take(actor, signed_for(session, actor)))
    order = WorkItem.due_at.is_(None), WorkItem.due_at, WorkItem.id
    return session.scalars(query.options(joinedload(WorkItem.instance)).order_by(*order).limit(MOST + 1)).all()
