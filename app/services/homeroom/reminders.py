"""In August and September the office is reminded week by week of the new list of homeroom teachers, until it is confirmed."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.registers import HomeroomList
from app.domain import clock, school_years
from app.domain.policy import POLICY, Action
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind
from app.services import settings
from app.services.accounts.actors import holds_today
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.transactions import writing

FIRST, LAST = (8, 20), (9, 30)
WEEK = timedelta(days=7)
REMINDED_ON = "homeroom_reminded_on"
TEXT = N_(
    "请确认 %(year)s的班主任名单：在“档案”里打开“班主任名单”，各班已经替您排好，核对以后确认。"
    "没有确认，投票名册和职级评审用的还是原来的名单。"
)


def remind(session: Session) -> int:
    """Remind the offices of schools whose list is missing, once a week; return how many people."""
    today = clock.today()
    if not FIRST <= (today.month, today.day) <= LAST:
        return 0
    last = settings.read(session, REMINDED_ON)
    if last is not None and timedelta() <= today - date.fromisoformat(last) < WEEK:
        return 0
    with writing(session):
        if not settings.exchange(session, REMINDED_ON, last, today.isoformat()):
            return 0
        return _remind(session, school_years.year_to_confirm(today))


def _remind(session: Session, school_year: int) -> int:
    people = _offices_without(session, school_year)
    text = TEXT % {"year": school_years.titled(school_year).chinese()}
    notifications.tell(session, people, News(text))
    return len(people)


def _offices_without(session: Session, school_year: int) -> Sequence[int]:
    """Return who keeps the registers of a school that has no list of a school year."""
    roles = frozenset().union(*(grant.roles for grant in POLICY[Action.KEEP_REGISTERS]))
    has_list = exists().where(
        HomeroomList.organization_id == Position.organization_id, HomeroomList.school_year == school_year
    )
    query = (
        select(Position.person_id)
        .join(Organization, Organization.id == Position.organization_id)
        .join(Person, Person.id == Position.person_id)
        .where(
            Position.role.in_(roles),
            holds_today(),
            Person.is_active,
            Organization.kind == OrganizationKind.SCHOOL,
            ~has_list,
        )
    )
    return session.scalars(query.distinct().order_by(Position.person_id)).all()
