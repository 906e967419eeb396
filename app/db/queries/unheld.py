"""Whether anybody who may do a task holds its position: asked as the task opens, and again when positions change."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from app.db.base import BigKey, Instant, table_of
from app.db.people import Position
from app.db.prepared import Reckoned
from app.db.work import IS_OPEN, WorkItem, WorkItemExclusion

Of = Callable[[str], ColumnElement[Any]]
# What the row of a task says beside its own columns: the day, who may not do it, and whether it was found that nobody may.
GIVEN = (Column("today", Date), Column("barred", BigKey), Column("is_nobodys", Boolean, default=False))
_position, _item, _excluded = map(table_of, (Position, WorkItem, WorkItemExclusion))


def is_unheld(of: Of) -> ColumnElement[bool]:
    """Return the condition of a task that nobody is asked by name, and whose position nobody holds but who may not."""
    barred = or_(of("barred").is_(None), _position.c.person_id != of("barred"))
    return and_(of("assignee_id").is_(None), or_(of("is_nobodys"), ~exists().where(*_holds(of), barred)))


def attention_at(of: Of) -> ColumnElement[datetime]:
    """Return when to look at a task that opens: at once where nobody holds it."""
    return case((is_unheld(of), of("opened_at")), else_=of("attention_at"))


AS_IT_OPENS = Reckoned({"is_unheld": is_unheld, "attention_at": attention_at}, GIVEN)


def recheck(connection: Connection, on: date, now: datetime, organization_id: int | None = None) -> int:
    """Mark the open tasks that nobody holds any more, so that the tick looks at them, and unmark the others.

    Of one organisation, or of all; return how many changed.
    """
    today = literal(on, Date)
    holds = _holds(lambda name: today if name == "today" else _item.c[name])
    is_out = exists().where(_excluded.c.work_item_id == _item.c.id, _excluded.c.person_id == _position.c.person_id)
    # Two levels down nothing correlates by itself: an exclusion from any other task would count.
    is_out = is_out.correlate(_item, _position)
    is_nobodys = and_(_item.c.assignee_id.is_(None), ~exists().where(*holds, ~is_out))
    open_ones: list[ColumnElement[bool]] = [
        IS_OPEN,
        _item.c.role.is_not(None),
        _item.c.collective_id.is_(None),
    ]
    if organization_id is not None:
        open_ones.append(_item.c.organization_id == organization_id)
    lost = update(_item).where(*open_ones, ~_item.c.is_unheld, is_nobodys)
    found = update(_item).where(*open_ones, _item.c.is_unheld, ~is_nobodys)
    told = connection.execute(lost.values(is_unheld=True, attention_at=literal(now, Instant)))
    return told.rowcount + connection.execute(found.values(is_unheld=False)).rowcount


def count_of(organizations: list[int]) -> Any:
    """Return the statement that counts the open tasks of organisations that nobody holds."""
    return select(func.count()).where(WorkItem.organization_id.in_(organizations), WorkItem.is_unheld, IS_OPEN)


def _holds(of: Of) -> tuple[ColumnElement[bool], ...]:
    is_of_studio = or_(of("studio_id").is_(None), _position.c.studio_id == of("studio_id"))
    is_now = and_(
        _position.c.from_on <= of("today"), or_(_position.c.until_on.is_(None), _position.c.until_on >= of("today"))
    )
    return _position.c.organization_id == of("organization_id"), _position.c.role == of("role"), is_of_studio, is_now
