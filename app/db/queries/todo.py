"""What a person may take, the most urgent first: each range of an index is read by itself, then merged.

One condition with `OR` would make the database sort all that it matches. Here every way in which a task
can be a person's (`ways`) is a range that comes sorted from its index and ends after one page. What has no
deadline comes last, in a range of its own.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    true,
    tuple_,
    union_all,
)

from app.db.base import BigKey, Instant
from app.db.queries.ways import Shape, ways
from app.db.work import WorkItem

Condition = ColumnElement[bool]
# Lists say 99+ beyond.
MOST_COUNTED = 100
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


class Page(NamedTuple):
    """What makes one statement differ from another; all else is a parameter."""

    shape: Shape
    most: int
    span: Span = Span.ALL
    after: After = After.START


def page_of(page: Page, *extra: Condition) -> Select[Any]:
    """Return the statement for one page of open tasks: id, deadline, and the first way of each."""
    merged = _merged(page.shape, _ranges(page), page.most, extra).subquery()
    due_at, way = merged.c.due_at, func.min(merged.c.way).label("way")
    once = select(merged.c.id, due_at, way).group_by(merged.c.id, due_at)
    return once.order_by(due_at.nulls_last(), merged.c.id).limit(_limit(page.most))


@lru_cache(maxsize=64)
def counting(shape: Shape) -> Select[Any]:
    """Return the statement that counts what is late, due today, soon and later, each up to `MOST_COUNTED`."""
    now, today_ends, soon_ends = (bindparam(name, type_=Instant) for name in ("now", "today_ends", "soon_ends"))
    due = WorkItem.due_at
    nearness = {
        "late": [due <= now],
        "today": [and_(due > now, due <= today_ends)],
        "soon": [and_(due > today_ends, due <= soon_ends)],
        "later": [due > soon_ends, _UNDATED],
    }
    return select(*(_counted(shape, ranges).label(name) for name, ranges in nearness.items()))


def _counted(shape: Shape, ranges: list[Condition]) -> Any:
    merged = _merged(shape, ranges, MOST_COUNTED).subquery()
    found = select(merged.c.id).distinct().limit(_limit(MOST_COUNTED)).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _merged(shape: Shape, ranges: list[Condition], most: int, extra: Iterable[Condition] = ()) -> CompoundSelect[Any]:
    """Merge what every way and every range of deadlines gives; a task may be found by several ways."""
    parts = (
        way.where(part, *extra).order_by(WorkItem.due_at.nulls_last(), WorkItem.id).limit(_limit(most)).subquery()
        for way in ways(shape)
        for part in ranges
    )
    return union_all(*(select(part.c.id, part.c.due_at, part.c.way) for part in parts))


def _limit(most: int) -> ColumnElement[int]:
    """Write a limit out: of a bound one PostgreSQL expects the worst, and plans every page anew instead."""
    return literal_column(str(most), Integer)


def _ranges(page: Page) -> list[Condition]:
    """Return the ranges of deadlines that a page is read from."""
    if page.span is Span.ALL and page.after is After.START:
        return [true()]
    dated = _dated(page.span)
    if page.after is After.DATED:
        dated = and_(dated, tuple_(WorkItem.due_at, WorkItem.id) > tuple_(_AFTER_DUE, _AFTER_ID))
    if page.span is Span.WITHIN:
        return [dated]
    return [and_(_UNDATED, WorkItem.id > _AFTER_ID)] if page.after is After.UNDATED else [dated, _UNDATED]


def _dated(span: Span) -> Condition:
    if span is Span.ALL:
        return WorkItem.due_at.is_not(None)
    later = WorkItem.due_at > _FROM
    return later if span is Span.LATER else and_(later, WorkItem.due_at <= _UNTIL)
