"""What a person may take, the most urgent first: each range of an index is read by itself, then merged.

One condition with `OR` would make the database sort all that it matches. Here every way in which a task
can be a person's (assigned, in a position's queue, as a deputy) is a range that comes sorted from its
index and ends after one page. What has no deadline comes last, in a range of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
)

from app.db.base import BigKey, Instant
from app.db.people import SigningAuthorization
from app.db.queries.offices import is_authorized
from app.db.work import IS_OPEN, WorkItem, WorkItemExclusion

Condition = ColumnElement[bool]
# Lists say 99+ beyond.
MOST_COUNTED = 100
_ME, _MOST = bindparam("me", type_=BigKey), bindparam("most", type_=Integer)
_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_FROM, _UNTIL = bindparam("due_from", type_=Instant), bindparam("due_until", type_=Instant)
_AFTER_DUE, _AFTER_ID = bindparam("after_due", type_=Instant), bindparam("after_id", type_=BigKey)
_UNDATED = WorkItem.due_at.is_(None)


class Span(StrEnum):
    """Which deadlines are wanted: all, those within `due_from` and `due_until`, or those later and none."""

    ALL = "all"
    WITHIN = "within"
    LATER = "later"


class After(StrEnum):
    """Where a page begins: at the first row, or behind a row with or without a deadline."""

    START = "start"
    DATED = "dated"
    UNDATED = "undated"


class Shape(NamedTuple):
    """What makes one statement differ from another; all else is a parameter."""

    offices: int
    span: Span = Span.ALL
    after: After = After.START


class Office(NamedTuple):
    """A position in whose queue tasks wait."""

    organization_id: int
    role: str
    studio_id: int | None


def naming(offices: Iterable[Office]) -> dict[str, Any]:
    """Return the parameters that name a person's offices in the statements below."""
    named = (zip(_office_names(number), office, strict=True) for number, office in enumerate(offices))
    return {name: value for pairs in named for name, value in pairs}


def page_of(shape: Shape, *extra: Condition) -> Select[Any]:
    """Return the statement for the ids of one page of open tasks, `most` of them."""
    merged = _merged(shape, _ranges(shape), extra).subquery()
    due_at = merged.c.due_at
    return select(merged.c.id, due_at).order_by(due_at.nulls_last(), merged.c.id).limit(_MOST)


@lru_cache(maxsize=64)
def counting(offices: int) -> Select[Any]:
    """Return the statement that counts what is late, due today, soon and later, each up to `MOST_COUNTED`."""
    now, today_ends, soon_ends = (bindparam(name, type_=Instant) for name in ("now", "today_ends", "soon_ends"))
    due = WorkItem.due_at
    nearness = {
        "late": [due <= now],
        "today": [and_(due > now, due <= today_ends)],
        "soon": [and_(due > today_ends, due <= soon_ends)],
        "later": [due > soon_ends, _UNDATED],
    }
    shape = Shape(offices)
    return select(*(_counted(shape, ranges).label(name) for name, ranges in nearness.items()))


def _counted(shape: Shape, ranges: list[Condition]) -> Any:
    found = select(_merged(shape, ranges, ()).subquery().c.id).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _merged(shape: Shape, ranges: list[Condition], extra: Iterable[Condition]) -> CompoundSelect[Any]:
    """Merge what every way and every range of deadlines gives; a task found by two ways counts once."""
    parts = (
        way.where(part, *extra, _is_not_excluded())
        .order_by(WorkItem.due_at.nulls_last(), WorkItem.id)
        .limit(_MOST)
        .subquery()
        for way in _ways(shape.offices)
        for part in ranges
    )
    return union(*(select(part.c.id, part.c.due_at) for part in parts))


def _ways(offices: int) -> Iterator[Select[Any]]:
    columns: tuple[Any, ...] = (WorkItem.id, WorkItem.due_at)
    is_open = select(*columns).where(IS_OPEN)
    yield is_open.where(WorkItem.assignee_id == _ME)
    queued = is_open.where(WorkItem.assignee_id.is_(None))
    yield from (queued.where(_is_in_queue(number)) for number in range(offices))
    as_deputy = and_(SigningAuthorization.deputy_id == _ME, is_authorized(_TODAY))
    yield queued.join(SigningAuthorization, _is_covered()).where(WorkItem.is_signature, as_deputy)


def _is_in_queue(number: int) -> Condition:
    organization, role, studio = _office_names(number)
    in_studio = or_(WorkItem.studio_id.is_(None), WorkItem.studio_id == bindparam(studio))
    return and_(WorkItem.organization_id == bindparam(organization), WorkItem.role == bindparam(role), in_studio)


def _office_names(number: int) -> tuple[str, str, str]:
    return f"organization_{number}", f"role_{number}", f"studio_{number}"


def _is_covered() -> Condition:
    return and_(
        WorkItem.organization_id == SigningAuthorization.organization_id, WorkItem.role == SigningAuthorization.role
    )


def _is_not_excluded() -> Condition:
    return ~exists().where(WorkItemExclusion.work_item_id == WorkItem.id, WorkItemExclusion.person_id == _ME)


def _ranges(shape: Shape) -> list[Condition]:
    """Return the ranges of deadlines that a page is read from."""
    if shape.span is Span.ALL and shape.after is After.START:
        return [true()]
    dated = _dated(shape.span)
    if shape.after is After.DATED:
        dated = and_(dated, tuple_(WorkItem.due_at, WorkItem.id) > tuple_(_AFTER_DUE, _AFTER_ID))
    if shape.span is Span.WITHIN:
        return [dated]
    return [and_(_UNDATED, WorkItem.id > _AFTER_ID)] if shape.after is After.UNDATED else [dated, _UNDATED]


def _dated(span: Span) -> Condition:
    if span is Span.ALL:
        return WorkItem.due_at.is_not(None)
    later = WorkItem.due_at > _FROM
    return later if span is Span.LATER else and_(later, WorkItem.due_at <= _UNTIL)
