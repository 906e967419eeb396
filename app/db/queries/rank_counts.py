"""Named query over ranks: how many homeroom teachers of each school hold which rank on a day."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.registers import IS_LIVE, DossierEntry, HomeroomList, HomeroomListRow
from app.domain.dossiers import EntryKind, Rank
from app.domain.homeroom_lists import Post


class Count(NamedTuple):
    """How many people on a school's list hold a rank, or none; a list of nobody counts nobody."""

    organization_id: int
    rank: Rank | None
    people: int


def by_school(session: Session, path: str, day: date) -> list[Count]:
    """Return the counts of the schools below a path that have a confirmed list on a day, in one statement."""
    teachers = _teachers(path, day)
    held = _held(teachers, day)
    query = (
        select(teachers.c.organization_id, held.c.category, func.count(teachers.c.person_id))
        .outerjoin(held, and_(held.c.person_id == teachers.c.person_id, held.c.place == 1))
        .group_by(teachers.c.organization_id, held.c.category)
    )
    rows: Any = session.execute(query)
    return [Count(school, Rank(rank) if rank else None, people) for school, rank, people in rows]


def _teachers(path: str, day: date) -> Subquery:
    """Return who leads a class, by school: of the list that holds on the day, each person once."""
    below = select(Organization.id).where(Organization.path.startswith(path, autoescape=True))
    newest_first = HomeroomList.from_on.desc(), HomeroomList.id.desc()
    place = func.row_number().over(partition_by=HomeroomList.organization_id, order_by=newest_first)
    lists = (
        select(HomeroomList.id, HomeroomList.organization_id, place.label("place"))
        .where(HomeroomList.from_on <= day, HomeroomList.organization_id.in_(below))
        .subquery()
    )
    leads = and_(HomeroomListRow.list_id == lists.c.id, HomeroomListRow.category == Post.FULL)
    return (
        select(lists.c.organization_id, HomeroomListRow.person_id)
        .distinct()
        .select_from(lists)
        .outerjoin(HomeroomListRow, leads)
        .where(lists.c.place == 1)
        .subquery()
    )


def _held(teachers: Subquery, day: date) -> Subquery:
    """Return the ranks of people, each person's last one until the day in the first place."""
    newest_first = DossierEntry.from_on.desc(), DossierEntry.id.desc()
    place = func.row_number().over(partition_by=DossierEntry.person_id, order_by=newest_first)
    return (
        select(DossierEntry.person_id, DossierEntry.category, place.label("place"))
        .where(DossierEntry.kind == EntryKind.RANK, DossierEntry.from_on <= day, IS_LIVE)
        .where(DossierEntry.person_id.in_(select(teachers.c.person_id)))
        .subquery()
    )
