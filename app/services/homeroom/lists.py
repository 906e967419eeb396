"""Lists of homeroom teachers as of a day: what the office confirmed, or where it has not yet, what services tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Organization
from app.db.registers import IS_LIVE, DossierEntry, HomeroomList, HomeroomListRow
from app.domain import class_names, school_years
from app.domain.dossiers import EntryKind
from app.domain.errors import NotFound
from app.domain.homeroom_lists import ClassPosts, Line, Post, classes_of
from app.domain.identity import Actor
from app.domain.policy import Action
from app.domain.vocabulary import OrganizationKind, Stage
from app.services.accounts.organizations import get_organization
from app.services.homeroom.teachers import names_of


@dataclass(frozen=True)
class HomeroomView:
    """Who led which class of a school on a day; `confirmed` is the list that says so, none where only services do."""

    organization: Organization
    on: date
    school_year: int
    classes: tuple[ClassPosts, ...]
    names: dict[int, str]
    confirmed: HomeroomList | None = None

    @property
    def is_of_earlier_year(self) -> bool:
        """Tell whether the list of the day's own school year is not confirmed yet."""
        return self.confirmed is not None and self.confirmed.school_year < self.school_year


def get_school(session: Session, actor: Actor, organization_id: int, action: Action) -> Organization:
    """Return a school in which the actor may do something; raises NotFound or Forbidden."""
    organization = get_organization(session, actor, organization_id, action)
    if organization.kind != OrganizationKind.SCHOOL:
        raise NotFound
    return organization


def get_list(session: Session, actor: Actor, organization_id: int, on: date) -> HomeroomView:
    """Return the list of a school as of a day: for everybody who may see the school. Raises NotFound."""
    return list_on(session, get_school(session, actor, organization_id, Action.SEE_ORGANIZATION), on)


def list_on(session: Session, organization: Organization, on: date) -> HomeroomView:
    """Return the list of a school as of a day without asking who looks."""
    confirmed = latest(session, organization.id, on)
    lines = lines_in(session, confirmed) if confirmed else lines_of_services(session, organization.id, on)
    year = school_years.school_year_of(on)
    of_year = confirmed.school_year if confirmed else year
    classes = sorted(classes_of(lines), key=lambda one: place_of(one.class_name, organization, of_year))
    return HomeroomView(
        organization, on, year, tuple(classes), names_of(session, {line.person_id for line in lines}), confirmed
    )


def latest(session: Session, organization_id: int, on: date | None = None) -> HomeroomList | None:
    """Return the list that holds on a day, or the last of all; of two from the same day the later confirmed one."""
    query = select(HomeroomList).where(HomeroomList.organization_id == organization_id)
    if on is not None:
        query = query.where(HomeroomList.from_on <= on)
    query = query.order_by(HomeroomList.from_on.desc(), HomeroomList.id.desc()).limit(1)
    return session.scalar(query.options(joinedload(HomeroomList.confirmed_by)))


def earlier_lists(session: Session, organization_id: int) -> Sequence[HomeroomList]:
    """Return all lists of a school, the newest first."""
    query = select(HomeroomList).where(HomeroomList.organization_id == organization_id)
    query = query.options(joinedload(HomeroomList.confirmed_by))
    return session.scalars(query.order_by(HomeroomList.from_on.desc(), HomeroomList.id.desc())).all()


def lines_in(session: Session, confirmed: HomeroomList) -> list[Line]:
    """Return the lines of a confirmed list."""
    row = HomeroomListRow
    query = select(row.class_name, row.person_id, row.category).where(row.list_id == confirmed.id).order_by(row.place)
    return [Line(name, person_id, Post(category)) for name, person_id, category in session.execute(query)]


def place_of(class_name: str, organization: Organization, school_year: int) -> tuple[int, int, str]:
    """Return by what a school's classes are put in order."""
    return class_names.place_of(class_name, stage_of(organization), school_year)


def stage_of(organization: Organization) -> Stage:
    """Return a school's stage; one that tells none has all grades of compulsory schooling."""
    return Stage(organization.stage or Stage.NINE_YEAR)


def lines_of_services(session: Session, organization_id: int, on: date) -> list[Line]:
    """Return who led which class on a day by the verified services at a school."""
    entry = DossierEntry
    query = select(entry.class_name, entry.person_id, entry.category).where(
        entry.school_id == organization_id,
        entry.kind == EntryKind.SERVICE,
        entry.from_on <= on,
        or_(entry.until_on.is_(None), entry.until_on >= on),
        IS_LIVE,
    )
    rows = session.execute(query.order_by(entry.from_on, entry.id))
    return [Line(name, person_id, Post(category)) for name, person_id, category in rows if category in set(Post)]
