"""Lock a case, or a work item with its case, and read in the same statement all that a step may need.

The statements are built once. On PostgreSQL a statement that waited for a lock sees the locked rows as
they are now, but other tables as they were before it waited: it is sent again where the case moved
meanwhile, which the length of its journal tells.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    select,
)

from app.db.base import table_of
from app.db.ids import next_id
from app.db.journal import JournalEntry
from app.db.prepared import Question
from app.db.processes import Incident, ProcessInstance, ProcessVersion, Timer
from app.db.work import UNDONE, WAITING, Draft, Signature, Submission, WorkItem, WorkItemExclusion
from app.domain.vocabulary import InstanceStatus


@dataclass(slots=True)
class LockedCase:
    """A process instance held by this transaction; what a step changes here is written at its end."""

    id: int
    serial: str
    version_id: int
    process_key: str
    # The content hash of each called version, by key.
    callees: dict[str, str]
    organization_id: int
    studio_id: int | None
    initiator_id: int | None
    title: str
    amount: int | None
    status: str
    outcome: str | None
    revision: int
    state: bytes
    values: dict[str, Any]
    rules: dict[str, Any]
    ended_at: datetime | None
    journal_sequence: int
    journal_hash: str
    # Lines for lists, where this transaction writes them; a step reads none.
    summary: list[dict[str, str]] | None = None


class LockedItem(NamedTuple):
    """A work item held by this transaction, and what stands beside it for the person who asks."""

    id: int
    task_id: int
    element: str
    organization_id: int
    role: str | None
    studio_id: int | None
    assignee_id: int | None
    escalated_to: str | None
    is_unheld: bool
    is_signature: bool
    process_key: str
    collective_id: int | None
    status: str
    revision: int
    kind: str
    parent_id: int | None
    comes_back_to: str | None
    is_excluded: bool
    has_draft: bool
    has_siblings: bool
    # Signers who are asked after the verdict.
    has_signers: bool
    # The id of what is handed in for it: drawn here, so that writing it needs no answer.
    submission_id: int


class Beside(NamedTuple):
    """What a step would otherwise ask for: whether there is anything of a kind, and the first answer to its request."""

    content_hash: str
    # The case's when it was locked.
    status: str
    seen_sequence: int
    has_incidents: bool
    has_signatures: bool
    next_due_at: datetime | None
    request_hash: str | None
    answer: dict[str, Any] | None


class Locked(NamedTuple):
    """A locked case, with the work item where one was asked for."""

    case: LockedCase
    beside: Beside
    item: LockedItem | None = None


# What stands beside a case that this transaction makes.
NOTHING_YET = Beside(
    content_hash="",
    status=InstanceStatus.RUNNING,
    seen_sequence=0,
    has_incidents=False,
    has_signatures=False,
    next_due_at=None,
    request_hash=None,
    answer=None,
)


def new_case(**known: Any) -> LockedCase:
    """Return a case that is not inserted yet; what is not known has its first value."""
    return LockedCase(**{**_FIRST, **known})


def lock_case(connection: Connection, instance_id: int, person_id: int | None, key: str | None) -> Locked | None:
    """Lock a case, or return None where there is none."""
    return _locked(connection, _LOCK_CASE, {"instance": instance_id, "person": person_id, "key": key})


def lock_item(connection: Connection, item_id: int, person_id: int | None, key: str | None) -> Locked | None:
    """Lock a work item after its case, or return None where there is none."""
    asked = {"item": item_id, "person": person_id, "key": key, "subject": f"task/{item_id}"}
    return _locked(connection, _LOCK_ITEM, asked)


def _locked(connection: Connection, statement: Question, asked: dict[str, Any]) -> Locked | None:
    found = _read(connection, statement, asked)
    if found is None or found.beside.seen_sequence == found.case.journal_sequence:
        return found
    # It moved while this statement waited; it is held now, so that a second look sees all as it is.
    return _read(connection, statement, asked)


def _read(connection: Connection, statement: Question, asked: dict[str, Any]) -> Locked | None:
    row = statement.first(connection, asked)
    if row is None:
        return None
    case, beside = LockedCase(*row[:_END_OF_CASE]), Beside._make(row[_END_OF_CASE:_END_OF_BESIDE])
    return Locked(case, beside, LockedItem._make(row[_END_OF_BESIDE:]) if len(row) > _END_OF_BESIDE else None)


_FIRST: dict[str, Any] = {
    "id": 0,
    "callees": {},
    "amount": None,
    "status": InstanceStatus.RUNNING,
    "outcome": None,
    "revision": 1,
    "state": b"",
    "values": {},
    "ended_at": None,
    "journal_sequence": 0,
    "journal_hash": "",
}


def _columns(table: Table, names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names if name in table.c]


_case, _item, _entry, _timer = map(table_of, (ProcessInstance, WorkItem, JournalEntry, Timer))
_version, _incident, _signature = map(table_of, (ProcessVersion, Incident, Signature))
_before = _case.alias("before")
OF_CASE = tuple(one.name for one in fields(LockedCase) if one.name != "summary")
_END_OF_CASE = len(OF_CASE)
_END_OF_BESIDE = _END_OF_CASE + len(Beside._fields)
_person = bindparam("person", type_=BigInteger)


def _beside() -> list[ColumnElement[Any]]:
    draws_near = select(func.min(_timer.c.due_at)).where(
        _timer.c.instance_id == _case.c.id, _timer.c.fired_at.is_(None)
    )
    return [
        _version.c.content_hash,
        _case.c.status.label("status_before"),
        select(_before.c.journal_sequence).where(_before.c.id == _case.c.id).scalar_subquery(),
        exists().where(_incident.c.instance_id == _case.c.id, _incident.c.resolved_at.is_(None)),
        exists().where(_signature.c.instance_id == _case.c.id, _signature.c.voided_at.is_(None)),
        draws_near.correlate(_case).scalar_subquery(),
        _entry.c.request_hash,
        _entry.c.answer,
    ]


def _beside_item() -> list[ColumnElement[Any]]:
    excluded, draft = table_of(WorkItemExclusion), table_of(Draft)
    sibling, signer = _item.alias("sibling"), _item.alias("signer")
    return [
        exists().where(excluded.c.work_item_id == _item.c.id, excluded.c.person_id == _person),
        exists().where(draft.c.person_id == _person, draft.c.subject == bindparam("subject", type_=String)),
        exists().where(
            sibling.c.instance_id == _item.c.instance_id,
            sibling.c.status.in_(UNDONE),
            sibling.c.id != _item.c.id,
            sibling.c.collective_id.is_(None),
        ),
        exists().where(signer.c.parent_id == _item.c.id, signer.c.status == WAITING),
        next_id(table_of(Submission)),
    ]


def _selected(columns: list[ColumnElement[Any]], rows: FromClause) -> Select[Any]:
    is_repeated = and_(_entry.c.actor_id == _person, _entry.c.idempotency_key == bindparam("key", type_=String))
    joined = rows.join(_version, _version.c.id == _case.c.version_id).outerjoin(_entry, is_repeated)
    return select(*_columns(_case, OF_CASE), *_beside(), *columns).select_from(joined)


_LOCK_CASE = Question(
    _selected([], _case)
    .where(_case.c.id == bindparam("instance", type_=BigInteger))
    .with_for_update(of=_case, key_share=True)
)
# The rows are locked in the order in which they are named.
_LOCK_ITEM = Question(
    _selected(
        [*_columns(_item, LockedItem._fields), *_beside_item()], _case.join(_item, _item.c.instance_id == _case.c.id)
    )
    # A place on a roll is answered without its case (collectives.py).
    .where(_item.c.id == bindparam("item", type_=BigInteger), _item.c.collective_id.is_(None))
    .with_for_update(of=(_case, _item), key_share=True)
)
