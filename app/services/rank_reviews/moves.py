"""Teachers who change school after they applied: the school where they did sees it through; all concerned are told once."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.db.people import Organization, Position
from app.db.rank_reviews import RankApplication, RankReview
from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.notification_kinds import NotificationKind
from app.domain.ranks import RankApplicationResult
from app.domain.school_years import school_year_of
from app.domain.text import N_
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts.actors import holds_today
from app.services.telling import offices
from app.services.telling.notifications import News, tell

TEACHER = N_("您已经调离%(school)s，在那里的职级申报由原学校办到底；生效以后记入您的档案，随您到新的学校。")
OFFICES = N_("%(name)s已经调离%(school)s，职级申报由原学校评审、上报，结果随档案到现在的学校。")
HOLDS = N_("您已经调离%(school)s，在那里备案生效的%(rank)s继续有效，记在您的档案里；写错了要更正的，由原学校报。")
HELD = N_(
    "%(name)s已经调离%(school)s，在那里备案生效的%(rank)s继续有效，随档案到现在的学校；写错了要更正的，由原学校报。"
)
ON = N_("您现在任职的学校有变动：在%(school)s的职级申报仍由那里办到底；生效以后记入您的档案，随您到%(now)s。")
ON_OFFICES = N_("%(name)s现在到了%(now)s：在%(school)s的职级申报仍由那里评审、上报，结果随档案到%(now)s。")
HOLDS_ON = N_(
    "您现在任职的学校有变动：在%(school)s备案生效的%(rank)s继续有效，随您到%(now)s；写错了要更正的，由%(school)s报。"
)
HELD_ON = N_(
    "%(name)s现在到了%(now)s：在%(school)s备案生效的%(rank)s继续有效，随档案到%(now)s；写错了要更正的，由%(school)s报。"
)
EFFECTIVE = N_("%(name)s在%(school)s申报的%(rank)s已经备案生效，记入档案，证书在台账里可以打印。")
REFUSED = N_("%(name)s在%(school)s申报的%(rank)s上级没有通过，台账不变；补齐材料以后，由原学校补报。")
_WATCHED = (RankApplicationResult.DETERMINED, RankApplicationResult.EFFECTIVE)


def look(session: Session) -> int:
    """Tell of those to whom a school gave a rank this year, who have left it since, or moved on; return how many."""
    found = [*_moved(session), *_moved_on(session)]
    for one in found:
        tell_of_move(session, one)
    return len(found)


def tell_of_move(session: Session, application: RankApplication) -> None:
    """Tell of an applicant who works at the school no more: the teacher, and the offices concerned, of each move once."""
    places = _schools_of(session, [application.person_id]).get(application.person_id, [])
    before, here = application.moved_to, application.organization_id
    if here in places or (before is not None and not set(places) - set(before)):
        return
    application.moved_at, application.moved_to = clock.now(), places
    is_effective = application.result == RankApplicationResult.EFFECTIVE
    told = _told(session, application)
    if before is None:
        own, others = (HOLDS, HELD) if is_effective else (TEACHER, OFFICES)
    else:
        own, others = (HOLDS_ON, HELD_ON) if is_effective else (ON, ON_OFFICES)
        now = select(Organization.name).where(Organization.id.in_(places)).order_by(Organization.id)
        told = {**told, "now": "、".join(session.scalars(now))}
    tell(session, [application.person_id], News(own % told, NotificationKind.RESULT, application.instance_id))
    # The school between hears, too: it was told that the result comes to it.
    _tell_offices(session, sorted({here, *places, *(before or ())}), others % told)


def tell_of_result(session: Session, application: RankApplication) -> None:
    """Tell the office where an applicant works by now what the filing came to; the school that filed learns anyway."""
    found = _schools_of(session, [application.person_id]).get(application.person_id, [])
    places = [one for one in found if one != application.organization_id]
    words = EFFECTIVE if application.result == RankApplicationResult.EFFECTIVE else REFUSED
    if application.moved_at is not None and places:
        _tell_offices(session, places, words % _told(session, application))


def _told(session: Session, application: RankApplication) -> Mapping[str, str]:
    school = session.get_one(Organization, application.organization_id)
    return {"name": application.person.name, "school": school.name, "rank": RANK_TITLES[application.rank]}


def _tell_offices(session: Session, places: Sequence[int], words: str) -> None:
    offices.tell(session, places, Role.MORAL_EDUCATION_OFFICE, News(words))


def _moved(session: Session) -> Sequence[RankApplication]:
    """Return and hold this year's applications with a rank from the school, whose applicants hold nothing there today."""
    here = Position.person_id == RankApplication.person_id, Position.organization_id == RankApplication.organization_id
    return _held(session, RankApplication.moved_at.is_(None), ~select(Position.id).where(*here, holds_today()).exists())


def _moved_on(session: Session) -> Sequence[RankApplication]:
    """Return and hold those whose move was told, and who are in another school now."""
    told = RankApplication.id, RankApplication.person_id, RankApplication.organization_id, RankApplication.moved_to
    query = select(*told).join(RankApplication.review).where(*_is_watched(), RankApplication.moved_at.is_not(None))
    known = session.execute(query).all()
    places = _schools_of(session, [one.person_id for one in known])
    fresh = [one.id for one in known if set(places.get(one.person_id, ())) - {one.organization_id, *one.moved_to}]
    return _held(session, RankApplication.id.in_(fresh)) if fresh else []


def _held(session: Session, *wanted: ColumnElement[bool]) -> Sequence[RankApplication]:
    query = select(RankApplication).join(RankApplication.review).join(RankApplication.person)
    query = query.where(*_is_watched(), *wanted)
    held = query.options(contains_eager(RankApplication.person), joinedload(RankApplication.organization))
    # What another worker holds is told by it.
    locking = held.order_by(RankApplication.id).with_for_update(of=RankApplication, skip_locked=True)
    return session.scalars(locking.execution_options(populate_existing=True)).all()


def _is_watched() -> tuple[ColumnElement[bool], ...]:
    of_year = RankReview.school_year == school_year_of(clock.today())
    return of_year, RankApplication.result.in_(_WATCHED)


def _schools_of(session: Session, people: Sequence[int]) -> dict[int, list[int]]:
    """Return the schools in which people work today."""
    held = Position.person_id.in_(people), holds_today(), Organization.kind == OrganizationKind.SCHOOL
    query = select(Position.person_id, Position.organization_id).join(
        Organization, Organization.id == Position.organization_id
    )
    found: dict[int, list[int]] = {}
    for person_id, place in session.execute(query.where(*held).distinct().order_by(Position.organization_id)):
        found.setdefault(person_id, []).append(place)
    return found
