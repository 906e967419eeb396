"""What the office starts from: for a new school year the classes a year on, within a year the list as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.registers import HomeroomList
from app.domain import class_names, clock, school_years
from app.domain.homeroom_lists import ClassPosts, Line, Post, lines_of
from app.domain.identity import Actor
from app.domain.policy import Action
from app.services.homeroom.electorates import holders_on
from app.services.homeroom.lists import (
    HomeroomView,
    get_school,
    latest,
    lines_in,
    lines_of_services,
    list_on,
    place_of,
    stage_of,
)
from app.services.homeroom.teachers import Teachers, teachers_of


@dataclass(frozen=True)
class PlannedClass:
    """A class of the list to be confirmed; what it was called before, and who of its people has left the school."""

    posts: ClassPosts
    before: str = ""
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A list to be confirmed: `revision` is the one of its school year that it follows, 0 where it is the first."""

    organization: Organization
    school_year: int
    revision: int
    from_on: date
    classes: tuple[PlannedClass, ...]
    before: HomeroomView
    teachers: Teachers

    @property
    def is_first(self) -> bool:
        """Tell whether the school year has no list yet."""
        return self.revision == 0


def plan_for(session: Session, actor: Actor, organization_id: int) -> Plan:
    """Return what the office starts from; raises NotFound or Forbidden."""
    organization = get_school(session, actor, organization_id, Action.KEEP_REGISTERS)
    year, last = school_years.year_to_confirm(clock.today()), latest(session, organization.id)
    if last is not None and last.school_year >= year:
        return _within(session, organization, last)
    return _next(session, organization, year, last)


def lines_before(session: Session, organization: Organization, last: HomeroomList | None, from_on: date) -> list[Line]:
    """Return what a list that holds from a day is compared with: the one before it, services, or mere positions."""
    if last is not None:
        return lines_in(session, last)
    on = min(from_on - timedelta(days=1), clock.today())
    known = lines_of_services(session, organization.id, on)
    return known or [Line("", person_id, post) for person_id, post in sorted(holders_on(session, organization.id, on))]


def _within(session: Session, organization: Organization, last: HomeroomList) -> Plan:
    """Plan a change within a school year that has its list."""
    from_on = max(clock.today(), last.from_on)
    before, teachers = list_on(session, organization, from_on), teachers_of(session, organization.id, from_on)
    planned = [_without_leavers(PlannedClass(one, one.class_name), before, teachers) for one in before.classes]
    return Plan(organization, last.school_year, last.revision, from_on, tuple(planned), before, teachers)


def _next(session: Session, organization: Organization, year: int, last: HomeroomList | None) -> Plan:
    """Plan a school year that has no list yet."""
    from_on, today = school_years.first_day(year), clock.today()
    # Where no list was ever confirmed, services that run today name the classes of today.
    is_a_year_on = last is not None or today < from_on
    before = list_on(session, organization, from_on - timedelta(days=1) if is_a_year_on else today)
    teachers = teachers_of(session, organization.id, from_on)
    if not before.classes:
        planned = _of_holders(session, organization, from_on, teachers)
    elif is_a_year_on:
        planned = list(_a_year_on(organization, before, year - 1))
    else:
        planned = [PlannedClass(one, one.class_name) for one in before.classes]
    planned.sort(key=lambda one: place_of(one.posts.class_name, organization, year))
    classes = tuple(_without_leavers(one, before, teachers) for one in planned)
    return Plan(organization, year, 0, from_on, classes, before, teachers)


def _a_year_on(organization: Organization, before: HomeroomView, year: int) -> Iterator[PlannedClass]:
    """Yield the classes a year later: those of the last grade leave, those of the first have successors to be staffed."""
    stage = stage_of(organization)
    for one in before.classes:
        grade = class_names.read_grade(one.class_name, stage, year)
        if grade is None:
            yield PlannedClass(one, one.class_name)
            continue
        if grade.is_first:
            yield PlannedClass(ClassPosts(grade.successor, None))
        if not grade.is_last:
            yield PlannedClass(replace(one, class_name=grade.next_name), one.class_name)


def _of_holders(session: Session, organization: Organization, on: date, teachers: Teachers) -> list[PlannedClass]:
    """Return a class without a name for everybody who holds the position: nothing else is known yet."""
    holders = sorted(holders_on(session, organization.id, max(on, clock.today())))
    return [
        PlannedClass(ClassPosts("", person_id))
        for person_id, post in holders
        if post == Post.FULL and person_id in teachers
    ]


def _without_leavers(planned: PlannedClass, before: HomeroomView, teachers: Teachers) -> PlannedClass:
    """Take out who no longer works at the school, and remember the name."""
    posts = planned.posts
    gone = tuple(before.names.get(line.person_id, "") for line in lines_of([posts]) if line.person_id not in teachers)
    if not gone:
        return planned
    kept = tuple(person_id for person_id in posts.assistant_ids if person_id in teachers)
    teacher_id = posts.teacher_id if posts.teacher_id in teachers else None
    return replace(planned, posts=replace(posts, teacher_id=teacher_id, assistant_ids=kept), left=gone)
