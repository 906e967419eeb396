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
from app.db.queries.step_locks import LockedCase, new_case
from app.db.wire import streaming
from app.domain import clock
from app.domain.serial import verification_code
from app.domain.vocabulary import Verdict
from app.engine import run
from app.engine.changes import Changes, Opened
from app.engine.compiler import CompiledProcess
from app.engine.model import UserTask
from app.services import journal, steps, work_items
from app.services.attention import handlings
from app.services.collective import collectives
from app.services.starting import starts
from app.services.telling import notices
from app.services.timing import timers
from app.services.timing.dues import context_of
from app.services.transactions import connection_of
from app.services.work_items import Whose

Row = dict[str, Any]


class NewCase(NamedTuple):
    """A case that is to be inserted: its own number, what it starts with, and where and for whom."""

    id: int
    serial: str
    version_id: int
    process: CompiledProcess
    callees: dict[str, str]
    values: Mapping[str, Any]
    # One mapping for all cases under the same rules.
    rules: dict[str, Any]
    organization: LockedOrganization
    studio_id: int | None
    initiator_id: int | None
    start_key: str

    def unmoved(self) -> LockedCase:
        """Return the case before its first step."""
        manifest = self.process.package.manifest
        return new_case(
            id=self.id,
            serial=self.serial,
            version_id=self.version_id,
            process_key=manifest.key,
            callees=self.callees,
            organization_id=self.organization.id,
            studio_id=self.studio_id,
            initiator_id=self.initiator_id,
            title=manifest.title,
            values={self.process.model.start.id: self.values},
            rules=self.rules,
        )

    def row(self, like: Row, now: datetime) -> Row:
        """Return the row to insert, like that of another case but for what is this one's own."""
        return {
            **like,
            "id": self.id,
            "serial": self.serial,
            "verification_code": verification_code(),
            "organization_id": self.organization.id,
            "studio_id": self.studio_id,
            "initiator_id": self.initiator_id,
            "start_key": self.start_key,
            "started_at": now,
        }

    def submission(self, values: Mapping[str, Any], now: datetime) -> Row:
        """Return the row of what it was started with, so that its history tells it."""
        first = self.process.model.start
        return {
            "instance_id": self.id,
            "element": first.id,
            "element_name": first.name,
            "person_id": self.initiator_id,
            "position_title": "",
            "organization_name": self.organization.name,
            "verdict": Verdict.SUBMIT,
            "values": values,
            "submitted_at": now,
        }


@dataclass(frozen=True)
class Beginning:
    """How cases begin that start with the same values: one of them has moved for all."""

    changes: Changes
    # What was handed in for the first one: as the same object it is written once for all.
    values: Mapping[str, Any]
    case: Row
    items: Sequence[tuple[UserTask, Row]]
    timers: Sequence[Row]
    visited: tuple[str, ...]
    is_announced: bool


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
        own = new.serial if new.process.names_case else None
        key = (new.process, orjson.dumps(new.values), id(new.rules), own)
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
    case, process = new.unmoved(), new.process
    try:
        changes = run.start(process, case.values, context_of(case.rules, case.serial), _refuse)
    except _Operates:
        return None
    if not _is_plain(process, changes):
        return None
    steps.move(session, case, process, changes)
    return Beginning(
        changes=changes,
        values=new.values,
        case=starts.row_of(case),
        items=[_opened(session, case, process, opened) for opened in changes.opened],
        timers=timers.rows_of(case.id, changes.armed),
        visited=tuple(steps.passed(changes)),
        is_announced=bool(notices.wanted_at(process, changes)),
    )


def _opened(session: Session, case: LockedCase, process: CompiledProcess, opened: Opened) -> tuple[UserTask, Row]:
    row = work_items.row_of(session, case, process, opened, is_returned=False)
    return work_items.user_task(process, opened.element), row


def _refuse(_operation: str, _element: str, _params: dict[str, Any], _values: Mapping[str, Any]) -> None:
    raise _Operates


def _is_plain(process: CompiledProcess, changes: Changes) -> bool:
    """Tell whether a start only opens tasks that wait for whoever holds a position, and waits for times."""
    if changes.awaited or changes.sent or changes.decided or changes.is_ended:
        return False
    return not any(
        collectives.is_collective(process, opened)
        or work_items.kept_apart(process, opened.element)
        or work_items.user_task(process, opened.element).is_person
        or not handlings.is_usual(work_items.user_task(process, opened.element))
        for opened in changes.opened
    )


def write(session: Session, begun: Sequence[tuple[NewCase, Beginning]], details: Row) -> None:
    """Insert cases as they stand after their start, with all that belongs to them: a statement a table."""
    connection = connection_of(session)
    with streaming(connection):
        _write(connection, begun, details)
    with gathering(connection):
        for new, beginning in begun:
            if beginning.is_announced:
                case = new.unmoved()
                steps.move(session, case, new.process, beginning.changes)
                notices.announce(session, case, new.process, beginning.changes, None)


def _write(connection: Connection, begun: Sequence[tuple[NewCase, Beginning]], details: Row) -> None:
    now, entries = clock.now(), _entries(begun, details)
    heads = {entry["instance_id"]: (entry["sequence"], entry["entry_hash"]) for entry in entries}
    cases = [new.row(beginning.case, now) for new, beginning in begun]
    for case in cases:
        case["journal_sequence"], case["journal_hash"] = heads[case["id"]]
    step_writes.ADD_DRAWN_CASE.run_many(connection, cases)
    step_writes.ADD_START.run_many(connection, [new.submission(beginning.values, now) for new, beginning in begun])
    step_writes.add_items(connection, [row for new, beginning in begun for row in _items(new, beginning)])
    armed = [{**row, "instance_id": new.id} for new, beginning in begun for row in beginning.timers]
    step_writes.ADD_TIMER.run_many(connection, armed)
    step_writes.ADD_ENTRY.run_many(connection, entries)


def _items(new: NewCase, beginning: Beginning) -> Iterator[Row]:
    whose = Whose(new.organization.id, new.organization.parent_id, new.studio_id, new.initiator_id)
    for task, row in beginning.items:
        yield {**row, "instance_id": new.id, **work_items.offer(task, whose)}


def _entries(begun: Sequence[tuple[NewCase, Beginning]], details: Row) -> list[Row]:
    """Return the first entry of each case's journal."""
    by_way: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for new, beginning in begun:
        by_way[beginning.visited].append(new.id)
    entries: list[Row] = []
    for visited, cases in by_way.items():
        told = {**details, "visited": list(visited)} if visited else details
        entries += journal.begin_chains(cases, told)
    return entries
