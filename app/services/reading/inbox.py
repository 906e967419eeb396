"""The inbox: to do, done, initiated, copied. Lists read rows alone, never the engine's state."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from app.db.processes import ProcessInstance
from app.db.queries import todo as queries
from app.db.queries import work_rows
from app.db.queries.todo import MOST_COUNTED, After, Span
from app.db.queries.ways import Away, Office, Shape, naming, shape_of
from app.db.queries.work_rows import WorkRow
from app.db.work import Participation, WorkItem
from app.domain import clock
from app.domain.errors import Invalid
from app.domain.identity import Actor, Holding, StandIn
from app.domain.text import N_
from app.services import pages
from app.services.pages import Page
from app.services.participations import Part
from app.services.timing import calendars
from app.services.transactions import memo
from app.services.visibility import LONGEST_SEARCH, matches

FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
LONG_AGO = datetime.fromisoformat("1900-01-01T00:00:00+00:00")
SOON_WORKING_DAYS = 3
# In place of somebody away: one's own tasks alone.
OWN = 0


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


_SPANS = {None: Span.ALL, Due.LATE: Span.WITHIN, Due.TODAY: Span.WITHIN, Due.SOON: Span.WITHIN, Due.LATER: Span.LATER}


@dataclass(frozen=True)
class Query:
    """What is asked of a list."""

    process: str | None = None
    text: str | None = None
    due: Due | None = None
    cursor: str | None = None
    limit: int | None = None
    # Whose tasks: one's own (0), or those of somebody away.
    principal_id: int | None = None


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


def todo(session: Session, actor: Actor, query: Query) -> Page[WorkRow]:
    """Return the open work items that a person may take, the nearest deadline first."""
    most = pages.limit_of(query.limit)
    after, place = _place(query.cursor)
    shape, named = _ways(actor, query.principal_id)
    parameters = named | place | _limits(query.due)
    if not (shape.is_own or shape.away):
        return Page([])
    away = _stand_ins(actor, query.principal_id)
    page = queries.Page(shape, most + 1, _SPANS[query.due], after)
    found = work_rows.todo(session, page, _wanted(query), parameters)
    rows = [row._replace(away=away[row.way - 1]) if row.way else row for row in found]
    return _cut(rows, most, lambda item: [(item.due_at or FAR).isoformat(), item.id])


def done(session: Session, actor: Actor, query: Query) -> Page[WorkRow]:
    """Return the work items that a person completed, the latest first."""
    most = pages.limit_of(query.limit)
    parameters: dict[str, Any] = {"me": actor.person_id, "most": most + 1}
    after = pages.decode(query.cursor, 2)
    if after is not None:
        parameters |= {"closed_at": _instant(after[0]), "id": after[1]}
    rows = work_rows.done(session, _wanted(query), parameters, is_first_page=after is None)
    return _cut(rows, most, lambda item: [item.closed_at.isoformat(), item.id])


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
    """Return how many open items there are by nearness of the deadline, each up to 100; read once outside a write."""
    kept, key = memo(session), ("counts", actor.person_id)
    if key not in kept:
        (shape, named), stops = _ways(actor, None), horizon()
        near = {"now": stops.now, "today_ends": stops.today_ends, "soon_ends": stops.soon_ends}
        row = session.execute(queries.counting(shape), named | near).one()
        kept[key] = {due: getattr(row, due.value) for due in Due}
    return dict(kept[key])


def box_counts(session: Session, actor: Actor) -> dict[Box, int]:
    """Count the cases that a person started and that are still running, and unread copies, each up to 100."""
    running = select(ProcessInstance.id).where(
        ProcessInstance.initiator_id == actor.person_id, ProcessInstance.ended_at.is_(None)
    )
    unread = select(Participation.instance_id).where(
        Participation.person_id == actor.person_id,
        Participation.capacity == Part.COPIED,
        Participation.read_at.is_(None),
    )
    row = session.execute(select(_up_to_most(running), _up_to_most(unread))).one()
    return {Box.INITIATED: row[0], Box.COPIED: row[1]}


def _up_to_most(wanted: Select[Any]) -> Any:
    return select(func.count()).select_from(wanted.limit(MOST_COUNTED).subquery()).scalar_subquery()


def _stand_ins(actor: Actor, principal_id: int | None) -> list[StandIn]:
    return [one for one in actor.stand_ins if principal_id in {None, one.principal_id}]


def _ways(actor: Actor, principal_id: int | None) -> tuple[Shape, dict[str, Any]]:
    """Return the ways in which tasks are a person's, and what names them; only those of one principal if asked."""
    offices = _offices(actor.holdings)
    away = [
        Away(one.organization_id, one.principal_id, one.through, _offices(one.holdings), one.processes)
        for one in _stand_ins(actor, principal_id)
    ]
    shape = shape_of(offices, away, is_own=principal_id in {None, OWN})
    return shape, naming(actor.person_id, clock.today(), offices, away)


def _offices(holdings: tuple[Holding, ...]) -> list[Office]:
    return [Office(held.organization_id, held.role, held.studio_id) for held in holdings]


def _place(cursor: str | None) -> tuple[After, dict[str, Any]]:
    """Return where a page of what there is to do begins."""
    after = pages.decode(cursor, 2)
    if after is None:
        return After.START, {}
    due_at = _instant(after[0])
    if due_at == FAR:
        return After.UNDATED, {"after_id": after[1]}
    return After.DATED, {"after_due": due_at, "after_id": after[1]}


def _limits(due: Due | None) -> dict[str, Any]:
    """Return the deadlines between which a filter looks."""
    if due is None:
        return {}
    stops = horizon()
    return {
        Due.LATE: {"due_from": LONG_AGO, "due_until": stops.now},
        Due.TODAY: {"due_from": stops.now, "due_until": stops.today_ends},
        Due.SOON: {"due_from": stops.today_ends, "due_until": stops.soon_ends},
        Due.LATER: {"due_from": stops.soon_ends},
    }[due]


def _wanted(query: Query) -> list[ColumnElement[bool]]:
    """Return the conditions of a search, and of the process asked for."""
    wanted: list[ColumnElement[bool]] = []
    if query.process:
        wanted.append(WorkItem.process_key == query.process)
    if query.text:
        found = ProcessInstance.id == WorkItem.instance_id
        is_case = select(ProcessInstance.id).where(found, matches(query.text)).correlate(WorkItem).exists()
        wanted.append(or_(is_case, WorkItem.element_name.contains(_text(query), autoescape=True)))
    return wanted


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
    """Return what a row of a list shows beside the case itself, to be read with it, and what it does not show."""
    shown = [
        joinedload(ProcessInstance.version),
        joinedload(ProcessInstance.organization),
        joinedload(ProcessInstance.initiator),
    ]
    return [*shown, defer(ProcessInstance.values), defer(ProcessInstance.rules)]


def _text(query: Query) -> str:
    return (query.text or "").strip()[:LONGEST_SEARCH]


def _page(session: Session, statement: Select[Any], query: Query, key: Any) -> Page[Any]:
    most = pages.limit_of(query.limit)
    return _cut(list(session.scalars(statement.limit(most + 1))), most, key)


def _cut(rows: list[Any], most: int, key: Any) -> Page[Any]:
    """Return a page of rows of which one too many was read, to know whether there is another page."""
    return Page(rows[:most], pages.encode(key(rows[most - 1])) if len(rows) > most else None)


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid.field("cursor", N_("翻页的位置不对，请从第一页看起。"))
    return found
