"""The inbox: to do, done, initiated, copied. Lists read rows alone, never the engine's state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from app.db.processes import ProcessInstance, ProcessVersion
from app.db.work import Participation, WorkItem
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import WorkItemStatus
from app.services import calendars, candidates, pages
from app.services.pages import Page
from app.services.participations import Part
from app.services.visibility import LONGEST_SEARCH, matches

FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
SOON_WORKING_DAYS = 3


class Box(StrEnum):
    """The four lists."""

    TODO = "todo"
    DONE = "done"
    INITIATED = "initiated"
    COPIED = "copied"


class Due(StrEnum):
    """How near a deadline is."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True)
class Query:
    """What is asked of a list."""

    process: str | None = None
    text: str | None = None
    due: Due | None = None
    cursor: str | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Horizon:
    """The instants that part late, today, soon and later."""

    now: datetime
    today_ends: datetime
    soon_ends: datetime

    def due(self, due_at: datetime | None) -> Due:
        """Return how near a deadline is."""
        if due_at is None or due_at > self.soon_ends:
            return Due.LATER
        if due_at <= self.now:
            return Due.LATE
        return Due.TODAY if due_at <= self.today_ends else Due.SOON


def horizon() -> Horizon:
    """Return the horizon of this moment."""
    today = clock.today()
    soon = calendars.national().add_working_days(today, SOON_WORKING_DAYS)
    midnight = clock.at(today + timedelta(days=1))
    return Horizon(clock.now(), midnight, soon.due_at)


def todo(session: Session, actor: Actor, query: Query) -> Page[WorkItem]:
    """Return the open work items that a person may take, the nearest deadline first."""
    due = func.coalesce(WorkItem.due_at, FAR)
    statement = _items(query).where(_is_todo(session, actor)).order_by(due, WorkItem.id)
    if query.due is not None:
        statement = statement.where(_due_condition(query.due))
    after = pages.decode(query.cursor, 2)
    if after is not None:
        statement = statement.where(tuple_(due, WorkItem.id) > tuple_(_instant(after[0]), after[1]))
    return _page(session, statement, query, lambda item: [(item.due_at or FAR).isoformat(), item.id])


def done(session: Session, actor: Actor, query: Query) -> Page[WorkItem]:
    """Return the work items that a person completed, the latest first."""
    statement = (
        _items(query)
        .where(WorkItem.closed_by_id == actor.person_id, WorkItem.status == WorkItemStatus.DONE)
        .order_by(WorkItem.closed_at.desc(), WorkItem.id.desc())
    )
    after = pages.decode(query.cursor, 2)
    if after is not None:
        statement = statement.where(tuple_(WorkItem.closed_at, WorkItem.id) < tuple_(_instant(after[0]), after[1]))
    return _page(session, statement, query, lambda item: [item.closed_at.isoformat(), item.id])


def initiated(session: Session, actor: Actor, query: Query) -> Page[ProcessInstance]:
    """Return the cases that a person started, the latest first."""
    return cases_where(session, query, ProcessInstance.initiator_id == actor.person_id)


def copied(session: Session, actor: Actor, query: Query) -> Page[ProcessInstance]:
    """Return the cases that a person was sent a copy of, the latest first."""
    is_copied = and_(
        Participation.instance_id == ProcessInstance.id,
        Participation.person_id == actor.person_id,
        Participation.capacity == Part.COPIED,
    )
    return cases_where(session, query, select(Participation.instance_id).where(is_copied).exists())


def counts(session: Session, actor: Actor) -> dict[Due, int]:
    """Return how many open items there are by nearness of the deadline, in one statement."""
    bucket = case(*((_due_condition(due), due.value) for due in Due), else_=Due.LATER.value)
    query = select(bucket, func.count()).where(_is_todo(session, actor)).group_by(bucket)
    rows: Sequence[Any] = session.execute(query).all()
    found = {Due(name): number for name, number in rows}
    return {due: found.get(due, 0) for due in Due}


def box_counts(session: Session, actor: Actor) -> dict[Box, int]:
    """Return the counts of the cases that a person started and that are still running, and of unread copies."""
    running = select(func.count()).where(
        ProcessInstance.initiator_id == actor.person_id, ProcessInstance.ended_at.is_(None)
    )
    unread = select(func.count()).where(
        Participation.person_id == actor.person_id,
        Participation.capacity == Part.COPIED,
        Participation.read_at.is_(None),
    )
    return {
        Box.INITIATED: session.scalar(running) or 0,
        Box.COPIED: session.scalar(unread) or 0,
    }


def _is_todo(session: Session, actor: Actor) -> ColumnElement[bool]:
    return and_(
        WorkItem.status == WorkItemStatus.OPEN,
        candidates.may_take(actor, candidates.deputies_of(session, actor)),
    )


def _items(query: Query) -> Select[Any]:
    instance = joinedload(WorkItem.instance)
    statement = select(WorkItem).options(
        instance.joinedload(ProcessInstance.initiator), joinedload(WorkItem.organization)
    )
    if query.process:
        statement = statement.where(WorkItem.process_key == query.process)
    if query.text:
        found = ProcessInstance.id == WorkItem.instance_id
        is_case = select(ProcessInstance.id).where(found, matches(query.text)).exists()
        statement = statement.where(or_(is_case, WorkItem.element_name.contains(_text(query), autoescape=True)))
    return statement


def cases_where(session: Session, query: Query, *conditions: ColumnElement[bool]) -> Page[ProcessInstance]:
    """Return the cases that meet the conditions, the latest first."""
    statement = select(ProcessInstance).where(*conditions).order_by(ProcessInstance.id.desc())
    statement = statement.options(*_row_options())
    if query.process:
        statement = statement.where(ProcessInstance.process_key == query.process)
    if query.text:
        statement = statement.where(matches(query.text))
    after = pages.decode(query.cursor, 1)
    if after is not None:
        statement = statement.where(ProcessInstance.id < after[0])
    return _page(session, statement, query, lambda found: [found.id])


def _row_options() -> list[Any]:
    """Return what a row of a list shows beside the case itself, to be read with it."""
    version = joinedload(ProcessInstance.version).joinedload(ProcessVersion.definition)
    return [version, joinedload(ProcessInstance.organization), joinedload(ProcessInstance.initiator)]


def _text(query: Query) -> str:
    return (query.text or "").strip()[:LONGEST_SEARCH]


def _due_condition(due: Due) -> ColumnElement[bool]:
    at, stops = WorkItem.due_at, horizon()
    return {
        Due.LATE: at <= stops.now,
        Due.TODAY: and_(at > stops.now, at <= stops.today_ends),
        Due.SOON: and_(at > stops.today_ends, at <= stops.soon_ends),
        Due.LATER: or_(at.is_(None), at > stops.soon_ends),
    }[due]


def _page(session: Session, statement: Select[Any], query: Query, key: Any) -> Page[Any]:
    size = pages.limit_of(query.limit)
    rows = list(session.scalars(statement.limit(size + 1)))
    is_more = len(rows) > size
    return Page(rows[:size], pages.encode(key(rows[size - 1])) if is_more else None)


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid.field("cursor", N_("翻页的位置不对，请从第一页看起。"))
    return found
