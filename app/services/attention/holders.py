"""How many could take a work item: one holder needs no claim, several do."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.queries.work_rows import WorkRow
from app.db.work import WorkItem, WorkItemExclusion
from app.domain.vocabulary import Role
from app.services.accounts.actors import holds_today

Office = tuple[int, str, int | None]


def shared(session: Session, items: Iterable[WorkItem | WorkRow]) -> set[int]:
    """Return the ids of the work items whose position several people hold today."""
    offices = {item.id: _office(item) for item in items if item.assignee_id is None and item.role}
    held = _held(session, {office[:2] for office in offices.values()})
    return {item_id for item_id, office in offices.items() if held[office] > 1}


def unheld(session: Session, items: Iterable[WorkItem | WorkRow]) -> set[int]:
    """Return the ids of the work items whose position nobody holds today."""
    offices = {item.id: _office(item) for item in items if item.assignee_id is None and item.role}
    held = _held(session, {office[:2] for office in offices.values()})
    return {item_id for item_id, office in offices.items() if not held[office]}


def names(session: Session, item: WorkItem) -> list[str]:
    """Return the names of the people who hold a work item's position today and may do it, then of who stands over it."""
    over = _named(session, _over(item)) if item.escalated_to and not item.is_signature else []
    return list(dict.fromkeys([*_named(session, _able(item)), *over]))


def people(session: Session, item: WorkItem) -> list[int]:
    """Return the ids of the people who hold a work item's position today."""
    return list(session.scalars(_holding(item).distinct()))


def able(session: Session, item: WorkItem) -> list[int]:
    """Return the ids of those of them who may do it: not excluded."""
    return list(session.scalars(_able(item).distinct()))


def by_role(session: Session, organization_id: int, roles: Iterable[Role]) -> dict[Role, set[int]]:
    """Return who holds each of some roles in an organisation today; a role that nobody holds is not in it."""
    found: dict[Role, set[int]] = {}
    held = select(Position.role, Position.person_id).where(
        Position.organization_id == organization_id, Position.role.in_(list(roles)), holds_today()
    )
    for role, person_id in session.execute(held):
        found.setdefault(Role(role), set()).add(person_id)
    return found


def _holding(item: WorkItem) -> Select[Any]:
    held = select(Position.person_id).where(
        Position.organization_id == item.organization_id, Position.role == item.role, holds_today()
    )
    return held.where(Position.studio_id == item.studio_id) if item.studio_id is not None else held


def _able(item: WorkItem) -> Select[Any]:
    return _holding(item).where(_is_not_excluded(item))


def _over(item: WorkItem) -> Select[Any]:
    """Select who holds the position that a late task was put before."""
    held = (Position.organization_id == item.organization_id, Position.role == item.escalated_to, holds_today())
    return select(Position.person_id).where(*held, _is_not_excluded(item))


def _is_not_excluded(item: WorkItem) -> ColumnElement[bool]:
    excluded = select(WorkItemExclusion.person_id).where(WorkItemExclusion.work_item_id == item.id)
    return Position.person_id.not_in(excluded)


def _named(session: Session, people: Select[Any]) -> list[str]:
    return list(session.scalars(select(Person.name).where(Person.id.in_(people)).order_by(Person.id)))


def _office(item: WorkItem | WorkRow) -> Office:
    return item.organization_id, str(item.role), item.studio_id


def _held(session: Session, places: set[tuple[int, str]]) -> Counter[Office]:
    """Count the holders of positions, in each studio and in all of them together."""
    counted: Counter[Office] = Counter()
    if not places:
        return counted
    columns = (Position.organization_id, Position.role, Position.studio_id)
    rows = session.execute(
        select(*columns, func.count(func.distinct(Position.person_id)))
        .where(tuple_(Position.organization_id, Position.role).in_(places), holds_today())
        .group_by(*columns)
    )
    for organization_id, role, studio_id, number in rows:
        for studio in {None, studio_id}:
            counted[organization_id, str(role), studio] += number
    return counted
