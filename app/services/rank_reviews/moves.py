"""A teacher who changes school in mid-review: judged where it was applied for; both schools and the teacher are told."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Position
from app.db.rank_reviews import RankApplication
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts.actors import holds_today
from app.services.telling import offices
from app.services.telling.notifications import News, tell

TEACHER = N_("您已经调离%(school)s，在那里的职级申报由原学校办到底；生效以后记入您的档案，随您到新的学校。")
OFFICES = N_("%(name)s已经调离%(school)s，职级申报由原学校评审、上报，结果随档案到现在的学校。")


def tell_of_move(session: Session, application: RankApplication) -> None:
    """Tell of an applicant who works at the school no more, once, when the school has come to its conclusion."""
    places = _schools_of(session, application.person_id)
    if application.organization_id in places:
        return
    school = session.get_one(Organization, application.organization_id)
    own = News(TEACHER % {"school": school.name}, NotificationKind.RESULT, application.instance_id)
    tell(session, [application.person_id], own)
    words = OFFICES % {"name": application.person.name, "school": school.name}
    offices.tell(session, [school.id, *places], Role.MORAL_EDUCATION_OFFICE, News(words))


def _schools_of(session: Session, person_id: int) -> Sequence[int]:
    held = Position.person_id == person_id, holds_today(), Organization.kind == OrganizationKind.SCHOOL
    query = select(Position.organization_id).join(Organization, Organization.id == Position.organization_id)
    return session.scalars(query.where(*held).distinct().order_by(Position.organization_id)).all()
