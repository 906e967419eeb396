"""The morning look at bureaus' years: which schools have not filed, which districts have not summed up, what lies still.

Each year is looked at once a day, under its lock: the day is kept in its row, in the transaction that tells people. Days
that were missed are made up for by one look.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.db.filings import FilingRun
from app.db.people import Person, Position
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.calendar import due_at
from app.domain.filings import MISSING, FilingLevel
from app.domain.notification_kinds import NotificationKind
from app.domain.overdue import NINE, Plan
from app.domain.school_years import titled
from app.domain.text import N_, sentence
from app.domain.vocabulary import Role
from app.services.accounts.actors import holds_today
from app.services.attention import escalations, overdue
from app.services.filings import lateness, listing, progress, routes, strandings
from app.services.filings.lateness import DistrictStanding, Lying
from app.services.rank_reviews import reviews
from app.services.telling.notifications import News, tell_each
from app.services.texts import day
from app.services.timing import calendars
from app.services.transactions import writing

CLERK, REVIEWER, LEADER = Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER
STAFF = (CLERK, REVIEWER, LEADER, Role.MORAL_EDUCATION_OFFICE, Role.PRINCIPAL)
# Whom the open task of a district's year waits for.
HOLDERS = {"audit_rows": CLERK, "confirm_rows": REVIEWER, "aggregate": CLERK, "sign_up": LEADER}
MOST_NAMES = 5
MISSING_SCHOOLS = N_(
    "%(year)s班主任职级名单的上报期限（%(day)s）已过：下面还有 %(count)d 所学校没有报（%(names)s）。请在“备案”里查看、催办；逾期报来的照样收。"
)
SUM_UP = N_(
    "%(year)s班主任职级要汇总报市教育局：%(due)s。还有 %(pending)d 位待审核、%(passed)d 位等汇总上报。"
    "请抓紧办理，期限依据：%(basis)s。"
)
TO_SCHOOL = N_(
    "%(bureau)s还没有把贵校的职级名单审核汇总报市教育局，已经过了期限（%(day)s）。名单仍然有效，不用重报；"
    "请向%(bureau)s询问（经办：%(names)s），市教育局已经知道。"
)
TO_CITY = N_("%(year)s班主任职级：%(names)s过了期限还没有汇总上报。请在“备案”里查看、催办。")
Staff = Mapping[int, Mapping[Role, Sequence[tuple[int, str]]]]
Told = list[tuple[int, News]]


def remind(session: Session) -> int:
    """Look at the years that were not looked at this morning; return how many."""
    is_morning = clock.now() >= clock.at(clock.today(), NINE)
    if not is_morning or not calendars.national().is_working_day(clock.today()).is_working:
        return 0
    if session.scalar(select(FilingRun.id).where(*_is_due()).limit(1)) is None:
        return 0
    with writing(session):
        query = select(FilingRun).join(FilingRun.organization).where(*_is_due()).order_by(FilingRun.id)
        around = contains_eager(FilingRun.organization), joinedload(FilingRun.instance, innerjoin=True)
        held = query.options(*around).with_for_update(of=FilingRun, skip_locked=True)
        found = session.scalars(held.execution_options(populate_existing=True)).all()
        strandings.set_going(session, found)
        tell_each(session, [*_of_schools(session, found), *_of_districts(session, found)])
        for run in found:
            run.looked_on = clock.today()
    return len(found)


def _is_due() -> tuple[ColumnElement[bool], ...]:
    return FilingRun.ended_at.is_(None), FilingRun.looked_on < clock.today()


def _of_schools(session: Session, found: Sequence[FilingRun]) -> Told:
    """Tell each bureau once, on the day after the last one, which schools below have not filed."""
    told: Told = []
    for run in found:
        last = progress.file_by(session, run.organization_id, run.school_year)
        if last is None or not _has_come(run, _day_after(last)):
            continue
        names = [one.name for one in listing.schools_below(session, run) if one.standing in MISSING]
        if names:
            words = sentence(
                MISSING_SCHOOLS, year=_year(run), day=day(last), count=len(names), names=_listed(names)
            ).chinese()
            told += _to(run, _staff(session, [run.organization_id]), (CLERK,), words)
    return told


def _of_districts(session: Session, found: Sequence[FilingRun]) -> Told:
    """Remind the districts that have lists to sum up; of the late ones their schools and their city learn."""
    runs = [run for run in found if routes.level_of(run.organization) == FilingLevel.DISTRICT]
    lists = lateness.lying(session, runs) if runs else {}
    standings = [DistrictStanding(run, lists[run.id]) for run in runs if lists[run.id]]
    if not standings:
        return []
    above = {one.run.organization.parent_id for one in standings}
    schools = {each.school_id for one in standings for each in one.lists}
    staff = _staff(session, {*(one.run.organization_id for one in standings), *above - {None}, *schools})
    waiting = _waiting(session, [one.run for one in standings])
    told = [each for one in standings for each in _to_district(one, staff, waiting.get(one.run.instance_id, CLERK))]
    late = [(one, just_late) for one in standings if (just_late := _just_late(one))]
    told += [each for one, just_late in late for each in _to_schools(one.run, just_late, staff)]
    return told + _to_cities([one for one, _ in late], staff)


def _to_district(standing: DistrictStanding, staff: Staff, holder: Role) -> Told:
    run, answer_by = standing.run, standing.answer_by
    assert answer_by is not None  # noqa: S101 - it has lists
    plan = Plan(reminders=reviews.terms_of(run.instance.rules).remind_on)
    days = [clock.shanghai(one.at).date() for one in plan.events(due_at(answer_by), calendars.national())]
    if not any(_has_come(run, one) for one in (*days, _day_after(answer_by))):
        return []
    words = sentence(
        SUM_UP,
        year=_year(run),
        due=overdue.words(due_at(answer_by)),
        pending=sum(one.pending for one in standing.lists),
        passed=sum(one.passed for one in standing.lists),
        basis=escalations.basis_of(run.instance.rules, lateness.RULE),
    )
    roles = (CLERK, REVIEWER, LEADER) if standing.days_late else (holder,)
    return _to(run, staff, roles, words.chinese())


def _just_late(standing: DistrictStanding) -> list[Lying]:
    """Return the lists of which a district has become late since the last look."""
    return [one for one in standing.lists if _has_come(standing.run, _day_after(one.answer_by))]


def _to_schools(run: FilingRun, lists: Iterable[Lying], staff: Staff) -> Told:
    clerks = "、".join(name for _person, name in staff.get(run.organization_id, {}).get(CLERK, ()))
    told: Told = []
    for one in lists:
        asked = {"bureau": run.organization.name, "names": clerks or "—", "day": day(one.answer_by)}
        news = News(sentence(TO_SCHOOL, **asked).chinese(), NotificationKind.OTHER, link="/filings")
        held = staff.get(one.school_id, {})
        people = {person for role in (Role.MORAL_EDUCATION_OFFICE, Role.PRINCIPAL) for person, _ in held.get(role, ())}
        told += [(person, news) for person in sorted(people)]
    return told


def _to_cities(late: Sequence[DistrictStanding], staff: Staff) -> Told:
    """Tell each city once of all its districts that have become late."""
    told: Told = []
    for city_id in sorted({one.run.organization.parent_id or 0 for one in late} - {0}):
        districts = [one.run for one in late if one.run.organization.parent_id == city_id]
        names = _listed([run.organization.name for run in districts])
        news = News(sentence(TO_CITY, year=_year(districts[0]), names=names).chinese(), link="/filings")
        held = staff.get(city_id, {})
        people = {person for role in (CLERK, REVIEWER) for person, _name in held.get(role, ())}
        told += [(person, news) for person in sorted(people)]
    return told


def _to(run: FilingRun, staff: Staff, roles: Iterable[Role], words: str) -> Told:
    news = News(words, NotificationKind.OVERDUE, run.instance_id, link=f"/filings/{run.id}")
    held = staff.get(run.organization_id, {})
    return [(person, news) for person in sorted({one for role in roles for one, _name in held.get(role, ())})]


def _has_come(run: FilingRun, on: date) -> bool:
    """Tell whether a day has come since the year was last looked at."""
    return run.looked_on < on <= clock.today()


def _day_after(on: date) -> date:
    return calendars.national().add_working_days(on, 1).on


def _waiting(session: Session, runs: Sequence[FilingRun]) -> dict[int, Role]:
    cases = [run.instance_id for run in runs]
    query = select(WorkItem.instance_id, WorkItem.element).where(WorkItem.instance_id.in_(cases), IS_OPEN)
    return {case: HOLDERS[element] for case, element in session.execute(query) if element in HOLDERS}


def _staff(session: Session, places: Iterable[int | None]) -> Staff:
    """Return who holds the positions that are told in some organisations today, with their names."""
    query = (
        select(Position.organization_id, Position.role, Person.id, Person.name)
        .join(Person, Person.id == Position.person_id)
        .where(Position.organization_id.in_(places), Position.role.in_(STAFF), holds_today(), Person.is_active)
        .order_by(Person.id)
    )
    found: dict[int, dict[Role, list[tuple[int, str]]]] = {}
    for place, role, person_id, name in session.execute(query):
        found.setdefault(place, {}).setdefault(Role(role), []).append((person_id, name))
    return found


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown}…"


def _year(run: FilingRun) -> str:
    return titled(run.school_year).chinese()
