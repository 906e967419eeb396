"""A review that its administrator ends, as where a school is closed: its applications end with it, and all are told."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankApplication, RankReview
from app.domain.filings import RowStatus
from app.domain.notification_kinds import NotificationKind
from app.domain.ranks import RankReviewStage
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus, Role
from app.services import outbox, steps
from app.services.filings import routes
from app.services.rank_reviews import reviews
from app.services.telling import offices
from app.services.telling.notifications import News, tell

BUREAU = N_("%(school)s的%(title)s已经终止，这一学年不再上报名单，不算未报。")
CLOSE = "rank_application_close"
WORDS = N_(
    "%(title)s已经终止，您的申报“%(serial)s”随它结束，填的内容和材料都留着。本学年到别的学校任班主任的，可以在那里再申报。"
)


def close(session: Session, held: RankReview) -> None:
    """End a review, and have each application end whose case still runs, unless its rank has taken effect.

    Of a list that was filed the bureau hears as it is withdrawn.
    """
    reviews.enter(held, RankReviewStage.CLOSED)
    if held.filed_at is None:
        school = session.get_one(Organization, held.organization_id)
        words = BUREAU % {"school": school.name, "title": reviews.title_of(held)}
        bureaus = routes.bureaus_of(session, school.id)[:1]
        offices.tell(session, [one.id for one in bureaus], Role.BUREAU_CLERK, News(words))
    in_effect = FilingRow.application_id == RankApplication.id, FilingRow.status == RowStatus.EFFECTIVE
    running = RankApplication.review_id == held.id, ProcessInstance.ended_at.is_(None)
    query = select(RankApplication.instance_id).join(RankApplication.instance)
    query = query.where(*running, ~select(FilingRow.id).where(*in_effect).exists())
    for instance_id in session.scalars(query.order_by(RankApplication.id)):
        outbox.put(session, CLOSE, {"instance": instance_id})


def close_application(session: Session, payload: Mapping[str, Any]) -> None:
    """End the case of an application whose review was ended, unless it ended meanwhile; tell the applicant."""
    step = steps.locked(session, payload["instance"], None)
    if step.case.ended_at is not None:
        return
    steps.abandon(step, InstanceStatus.CANCELLED)
    steps.conclude(step, "cancel", {"reason": "review_closed"})
    application = session.scalars(select(RankApplication).where(RankApplication.instance_id == step.case.id)).one()
    words = WORDS % {"title": reviews.title_of(application.review), "serial": step.case.serial}
    tell(session, [application.person_id], News(words, NotificationKind.RESULT, step.case.id))
