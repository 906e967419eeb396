"""Applications for a rank as rows of their review: settled, and what the review and the applicant's case are told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingBatch, FilingRow
from app.db.rank_reviews import RankApplication, RankReview
from app.domain import clock
from app.domain.filings import SETTLED as ANSWERED
from app.domain.filings import BatchKind, RowStatus
from app.domain.platform_messages import PlatformMessage
from app.domain.ranks import PENDING, RankApplicationResult, RankApplicationStatus
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.messaging import messages

SETTLED, RANK_SETTLED = PlatformMessage.RANK_APPLICATION_SETTLED, PlatformMessage.RANK_SETTLED
OUT = (RankApplicationStatus.REJECTED, RankApplicationStatus.WITHDRAWN)
LIFE = Period(0, 3)
# The school gave the rank, whatever the filing made of it since.
SCHOOL_DETERMINED = frozenset(
    {RankApplicationResult.DETERMINED, RankApplicationResult.EFFECTIVE, RankApplicationResult.REFUSED_ABOVE}
)


@dataclass(frozen=True)
class Count:
    """How many applied in a review, how many of them wait for a conclusion, and how many the school gave a rank.

    The last is none where the reader is not to know it yet.
    """

    applicants: int
    pending: int
    determined: int | None


def application_of(session: Session, instance_id: int) -> RankApplication | None:
    """Return the application of a case, if it has come to one."""
    return session.scalar(select(RankApplication).where(RankApplication.instance_id == instance_id))


def other_application(session: Session, person_id: int, school_year: int, instance_id: int) -> RankApplication | None:
    """Return another live application of a person in a school year, wherever it was."""
    live = RankApplication.person_id == person_id, RankApplication.status.not_in(OUT)
    query = select(RankApplication).join(RankApplication.review).options(joinedload(RankApplication.organization))
    return session.scalar(
        query.where(*live, RankReview.school_year == school_year, RankApplication.instance_id != instance_id)
    )


def returned_to(session: Session, person_id: int, organization_id: int) -> Sequence[RankReview]:
    """Return the reviews of a school in which a person has an application to correct."""
    mine = RankApplication.person_id == person_id, RankApplication.status == RankApplicationStatus.CORRECTING
    query = select(RankReview).join(RankApplication, RankApplication.review_id == RankReview.id)
    return session.scalars(query.where(RankReview.organization_id == organization_id, *mine)).all()


def count(session: Session, review_id: int) -> Count:
    """Count the applications of a review."""
    rows = session.execute(
        select(RankApplication.status, RankApplication.result, func.count())
        .where(RankApplication.review_id == review_id)
        .group_by(RankApplication.status, RankApplication.result)
    ).all()
    live = [(status, result, number) for status, result, number in rows if status not in OUT]
    return Count(
        applicants=sum(number for _status, _result, number in live),
        pending=sum(number for status, _result, number in live if status in PENDING),
        determined=sum(number for _status, result, number in live if result in SCHOOL_DETERMINED),
    )


def determined(session: Session, review_id: int) -> Sequence[RankApplication]:
    """Return who got a rank in a review, by number."""
    query = select(RankApplication).where(
        RankApplication.review_id == review_id, RankApplication.result == RankApplicationResult.DETERMINED
    )
    return session.scalars(query.options(joinedload(RankApplication.person)).order_by(RankApplication.id)).all()


def is_filed(session: Session, application: RankApplication) -> bool:
    """Tell whether an application stands on a list that was filed, and nobody took it back or refused it."""
    stands = FilingRow.application_id == application.id, FilingRow.status != RowStatus.REFUSED
    return session.scalar(select(FilingRow.id).where(*stands).limit(1)) is not None


def answered_row(session: Session, application: RankApplication) -> FilingRow | None:
    """Return the last row of an application that was answered, also where it was filed again since."""
    query = select(FilingRow).join(FilingRow.batch)
    about = FilingBatch.review_id == application.review_id, FilingRow.person_id == application.person_id
    is_answered = FilingBatch.kind != BatchKind.CORRECTION, FilingRow.status.in_(ANSWERED)
    return session.scalar(query.where(*about, *is_answered).order_by(FilingRow.id.desc()).limit(1))


def settle(
    session: Session,
    application: RankApplication,
    status: RankApplicationStatus,
    result: RankApplicationResult | None = None,
) -> None:
    """Say what became of an application in its school, and tell the review."""
    application.status, application.result, application.settled_at = status, result, clock.now()
    session.flush()
    payload = {"application": application.id}
    sent = Sent("", SETTLED, str(application.review_id), "own", LIFE, payload)
    messages.send(session, application.organization_id, sent, application.instance_id)


def strike(session: Session, application: RankApplication, reason: str) -> None:
    """Take a name from the list for a reason, and tell the applicant's case."""
    application.result = RankApplicationResult.REFUSED
    session.flush()
    payload = {"result": "refused", "reason": reason}
    sent = Sent("", RANK_SETTLED, str(application.id), "own", LIFE, payload)
    messages.send(session, application.organization_id, sent)
