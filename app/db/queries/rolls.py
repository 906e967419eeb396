"""Write a roll in a few statements, however many people it names."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    exists,
    insert,
    literal,
    null,
    or_,
    select,
)

from app.db.base import Instant, table_of
from app.db.people import Person, Position
from app.db.work import OPEN, Participation, WorkItem
from app.domain.vocabulary import WorkItemKind, WorkItemStatus, body_of

_item, _part, _position, _person = map(table_of, (WorkItem, Participation, Position, Person))


@dataclass(frozen=True)
class Office:
    """Whose holders are asked: a role, with it those of its body, in an organisation, of a studio where the role is a studio's."""

    role: str
    organization_id: int
    studio_id: int | None
    # Both dates of a position count.
    on: Any


@dataclass(frozen=True)
class Seats:
    """What all work items of a roll have in common, and who among the holders is left out or steps aside."""

    common: dict[str, Any]
    opened_at: datetime
    left_out: Collection[int]
    recused: Collection[int]
    # Who alone is asked; None for everybody who holds the office.
    among: Collection[int] | None = None


def add_seats(connection: Connection, office: Office, seats: Seats) -> None:
    """Insert a work item for each holder of the office; closed at once for those who are judged."""
    is_recused = _position.c.person_id.in_(list(seats.recused))
    columns: dict[str, ColumnElement[Any]] = {
        **{name: literal(value, _item.c[name].type) for name, value in seats.common.items()},
        "assignee_id": _position.c.person_id,
        "status": case((is_recused, WorkItemStatus.RECUSED.value), else_=WorkItemStatus.OPEN.value),
        "closed_at": case((is_recused, literal(seats.opened_at, Instant())), else_=null()),
        "revision": literal(1),
        "kind": literal(WorkItemKind.TASK.value),
        "reminder_count": literal(0),
        "is_unheld": literal(value=False),
        "opened_at": literal(seats.opened_at, Instant()),
    }
    rows = _holders(office, seats.left_out, seats.among).with_only_columns(*columns.values()).distinct()
    connection.execute(insert(_item).from_select(list(columns), rows, include_defaults=False))


def holders_of(
    connection: Connection, office: Office, left_out: Collection[int] = (), among: Collection[int] | None = None
) -> set[int]:
    """Return who with an open account holds an office, of those on a list if there is one."""
    return set(connection.scalars(_holders(office, left_out, among)))


def add_parts(connection: Connection, collective_id: int, instance_id: int, capacity: str, at: datetime) -> None:
    """Let everyone who is asked see the case for good."""
    is_there = exists().where(
        _part.c.instance_id == instance_id, _part.c.person_id == _item.c.assignee_id, _part.c.capacity == capacity
    )
    rows = select(literal(instance_id), _item.c.assignee_id, literal(capacity), literal(at, Instant())).where(
        _item.c.collective_id == collective_id, _item.c.status == OPEN, ~is_there
    )
    names = ["instance_id", "person_id", "capacity", "created_at"]
    connection.execute(insert(_part).from_select(names, rows, include_defaults=False))


def seats_of(connection: Connection, collective_id: int) -> list[tuple[int, str]]:
    """Return who is on a roll, each with the status of the place, by the people's numbers."""
    query = select(_item.c.assignee_id, _item.c.status).where(_item.c.collective_id == collective_id)
    rows: Any = connection.execute(query.order_by(_item.c.assignee_id))
    return [(person_id, status) for person_id, status in rows]


def _holders(office: Office, left_out: Collection[int], among: Collection[int] | None) -> Select[Any]:
    """Return the positions by which people with an open account hold the office."""
    held = [
        _position.c.role.in_(body_of(office.role)),
        _position.c.organization_id == office.organization_id,
        _position.c.from_on <= office.on,
        or_(_position.c.until_on.is_(None), _position.c.until_on >= office.on),
        _person.c.is_active,
    ]
    if office.studio_id is not None:
        held.append(_position.c.studio_id == office.studio_id)
    if left_out:
        held.append(_position.c.person_id.not_in(list(left_out)))
    if among is not None:
        held.append(_position.c.person_id.in_(list(among)))
    return select(_position.c.person_id).join(_person, _person.c.id == _position.c.person_id).where(*held)
