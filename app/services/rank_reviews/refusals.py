"""Why a school gave no rank, as its applicant is told when the case ends."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Submission, WorkItem
from app.domain.text import N_, sentence
from app.services.rank_reviews.votes import DETERMINE, LOOK

REASON = N_("学校的理由：“%(reason)s”。")
LAPSED = N_("到期没有收到您要不要复核的答复，按接受结论办。")


def words(session: Session, instance_id: int) -> str:
    """Return the reason of the last refusal, and whether a second look was not asked for in time."""
    given = select(Submission.comment).where(Submission.instance_id == instance_id, Submission.element == DETERMINE)
    reason = session.scalar(given.order_by(Submission.id.desc()).limit(1)) or ""
    said = sentence(REASON, reason=reason.rstrip("。")).chinese()
    return f"{said}{LAPSED}" if _is_lapsed(session, instance_id) else said


def _is_lapsed(session: Session, instance_id: int) -> bool:
    """Tell whether the platform answered in place of the applicant."""
    asked = select(WorkItem.id).where(WorkItem.instance_id == instance_id, WorkItem.element == LOOK)
    return session.scalar(asked.where(WorkItem.verdict.is_not(None), WorkItem.closed_by_id.is_(None))) is not None
