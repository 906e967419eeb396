"""Cases of one version that begin alike: what their start comes to is reckoned once, and written for each.

Of a case at its start the engine knows its values, its rules and its serial number. Where these are the same, or not
asked for, so is all that follows but who and where the case is. A start that does more than open tasks and wait for
times goes the way of every other step (`steps`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.prepared import gathering
from app.db.queries import step_writes
from app.db.queries.bulk_locks import LockedOrganization
from app.db.queries.step_locks import LockedCase
from app.db.wire import streaming
from app.domain import clock
from app.domain.vocabulary import Verdict
from app.engine import run
from app.engine.changes import Changes, Opened
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.services import collectives, handlings, journal, notices, starts, steps, timers, work_items
from app.services.dues import context_of
from app.services.transactions import connection_of

Row = dict[str, Any]
# What of a case `steps.move` writes.
MOVED = ("state", "values", "revision", "title", "amount", "summary")


class NewCase(NamedTuple):
    """A case that is not inserted yet, what was handed in for it, and what it was started for."""

    case: LockedCase
    process: CompiledProcess
    given: Mapping[str, Any]
    start_key: str
    organization: LockedOrganization

    def row(self, now: datetime) -> Row:
        """Return the row of the case that is to be inserted."""
        return {**starts.row_of(self.case), "id": self.case.id, "start_key": self.start_key, "started_at": now}

    def submission(self, now: datetime) -> Row:
        """Return the row of what it was started with, so that its history tells it."""
        first = self.process.model.start
        return {
            "instance_id": self.case.id,
            "element": first.id,
            "element_name": first.name,
            "person_id": self.case.initiator_id,
            "position_title": "",
            "organization_name": self.organization.name,
            "verdict": Verdict.SUBMIT,
            "values": self.given,
            "submitted_at": now,
        }


@dataclass(frozen=True)
class Beginning:
    """How cases begin that start with the same values: one of them has moved for all."""

    new: NewCase
    changes: Changes
    items: Sequence[tuple[UserTask, Row]]
    timers: Sequence[Row]
    visited: tuple[str, ...]
    is_announced: bool

    def take(self, new: NewCase) -> NewCase:
        """Bring a case to where the first one stands."""
        for name in MOVED:
            setattr(new.case, name, getattr(self.new.case, name))
        # What is the same object is written once.
        return new._replace(given=self.new.given)


class _Operates(Exception):
    """A start runs an operation, which needs its case in the database."""


class Beginnings:
    """The beginnings that are known within a transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[Any, Beginning] = {}
        self._are_alike = True

    def of(self, new: NewCase) -> Beginning | None:
        """Return how a case begins, or None where it has to move by itself; then so have all that come after it."""
        case, process = new.case, new.process
        own = case.serial if process.names_case else None
        # Cases under the same rules share one mapping of them.
        key = (process, orjson.dumps(new.given), id(case.rules), own)
        found = self._known.get(key)
        if found is None and self._are_alike:
            found = _begun(self._session, new)
            if found is None:
                self._are_alike = False
            else:
                self._known[key] = found
        return found


def _begun(session: Session, new: NewCase) -> Beginning | None:
    """Move a case for all that begin like it."""
    case, process = new.case, new.process
    try:
        changes = run.start(process, case.values, context_of(case.rules, case.serial), _refuse)
    except _Operates:
        return None
    if not _is_plain(process, changes):
        return None
    steps.move(session, case, process, changes)
    return Beginning(
        new=new,
        changes=changes,
        items=[_opened(session, new, opened) for opened in changes.opened],
        timers=timers.rows_of(case.id, changes.armed),
        visited=tuple(steps.passed(changes)),
        is_announced=bool(notices.wanted_at(process, changes)),
    )


def _opened(session: Session, new: NewCase, opened: Opened) -> tuple[UserTask, Row]:
    row = work_items.row_of(session, new.case, new.process, opened, is_returned=False)
    return work_items.user_task(new.process, opened.element), row


def _refuse(_operation: str, _element: str, _params: dict[str, Any], _values: Mapping[str, Any]) -> None:
    raise _Operates


def _is_plain(process: CompiledProcess, changes: Changes) -> bool:
    """Tell whether a start only opens tasks that wait for whoever holds a position, and waits for times."""
    if changes.awaited or changes.sent or changes.decided or changes.is_ended:
        return False
    return not any(
        collectives.is_collective(process, opened)
        or work_items.kept_apart(process, opened.element)
        or not handlings.is_usual(work_items.user_task(process, opened.element))
        for opened in changes.opened
    )


def write(session: Session, begun: Sequence[tuple[NewCase, Beginning]], details: Row) -> None:
    """Insert cases as they stand after their start, with all that belongs to them: a statement a table."""
    connection = connection_of(session)
    moved = [(beginning.take(new), beginning) for new, beginning in begun]
    with streaming(connection):
        _write(connection, moved, details)
    with gathering(connection):
        for new, beginning in moved:
            if beginning.is_announced:
                notices.announce(session, new.case, new.process, beginning.changes, None)


def _write(connection: Connection, moved: Sequence[tuple[NewCase, Beginning]], details: Row) -> None:
    now, entries = clock.now(), _entries(moved, details)
    step_writes.ADD_DRAWN_CASE.run_many(connection, [new.row(now) for new, _beginning in moved])
    step_writes.ADD_START.run_many(connection, [new.submission(now) for new, _beginning in moved])
    items = [row for new, beginning in moved for row in _items(new, beginning)]
    step_writes.add_items(connection, items)
    armed = [{**row, "instance_id": new.case.id} for new, beginning in moved for row in beginning.timers]
    step_writes.ADD_TIMER.run_many(connection, armed)
    step_writes.ADD_ENTRY.run_many(connection, entries)


def _items(new: NewCase, beginning: Beginning) -> Iterator[Row]:
    for task, row in beginning.items:
        offer = work_items.offer(new.case, task, new.organization.parent_id)
        yield {**row, "instance_id": new.case.id, **offer}


def _entries(begun: Sequence[tuple[NewCase, Beginning]], details: Row) -> list[Row]:
    """Return the first entry of each case's journal."""
    by_way: dict[tuple[str, ...], list[LockedCase]] = defaultdict(list)
    for new, beginning in begun:
        by_way[beginning.visited].append(new.case)
    entries: list[Row] = []
    for visited, cases in by_way.items():
        told = {**details, "visited": list(visited)} if visited else details
        entries += journal.begin_chains(cases, told)
    return entries
