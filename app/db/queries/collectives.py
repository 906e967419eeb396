"""Lock and write collective tasks, as statements built once: a response costs the same whatever the roll's size.

Locks are taken in the order collective task, work item, as the statements name them; whoever also needs the
instance locks it before.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Table, bindparam, func, insert, select, update

from app.db.base import table_of
from app.db.collectives import LIVE, CollectiveResponse, CollectiveTask
from app.db.prepared import Addition, Prepared, Question
from app.db.processes import ProcessInstance, ProcessVersion, Timer
from app.db.work import OPEN, WorkItem
from app.domain.tally import Closing, Count, Rule, Secrecy
from app.domain.vocabulary import CollectiveStatus, WorkItemStatus


@dataclass(slots=True)
class LockedCollective:
    """A collective task held by this transaction."""

    id: int
    instance_id: int
    task_id: int
    element: str
    element_name: str
    closing: str
    verdicts: list[str]
    quorum: str | None
    majority: str | None
    secrecy: str
    # Whose members are on the roll.
    organization_id: int
    roll: int
    recused: int
    counts: dict[str, int]
    status: str
    due_at: datetime | None
    comes_back_to: str | None
    journal_sequence: int
    journal_hash: str

    @property
    def rule(self) -> Rule:
        """Return the closing rule as it was frozen."""
        quorum, majority = (Fraction(text) if text else None for text in (self.quorum, self.majority))
        return Rule(Closing(self.closing), tuple(self.verdicts), quorum, majority)

    @property
    def count(self) -> Count:
        """Return the counters."""
        return Count(self.roll, self.recused, self.counts)

    @property
    def is_named(self) -> bool:
        """Tell whether it may be told who said what."""
        return self.secrecy == Secrecy.NAMED

    @property
    def is_secret(self) -> bool:
        """Tell whether it is a ballot that nobody can read before it is counted."""
        return self.secrecy == Secrecy.SECRET

    @property
    def is_voting(self) -> bool:
        """Tell whether a ballot is under way beyond its preparation."""
        return self.is_secret and self.status != CollectiveStatus.PREPARING

    def is_due(self, now: datetime) -> bool:
        """Tell whether the deadline has passed."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True)
class LockedSeat:
    """A member's place on a roll, held with its collective task, and what a response must know of the case."""

    item_id: int
    item_status: str
    item_revision: int
    assignee_id: int
    organization_id: int
    instance_status: str
    # What the case runs on: the version's content and those of the called ones.
    content_hash: str
    callees: dict[str, str]
    # When the next timer of the case falls due.
    next_due_at: datetime | None
    collective: LockedCollective


_task, _item, _case, _version, _timer = map(
    table_of, (CollectiveTask, WorkItem, ProcessInstance, ProcessVersion, Timer)
)
_response = table_of(CollectiveResponse)


def _columns(table: Table, record: type[Any]) -> list[ColumnElement[Any]]:
    return [table.c[one.name] for one in fields(record)]


_next_due = (
    select(func.min(_timer.c.due_at))
    .where(_timer.c.instance_id == _case.c.id, _timer.c.fired_at.is_(None))
    .correlate(_case)
    .scalar_subquery()
)
_SEAT = (
    _item.c.id,
    _item.c.status,
    _item.c.revision,
    _item.c.assignee_id,
    _case.c.organization_id,
    _case.c.status,
    _version.c.content_hash,
    _case.c.callees,
    _next_due,
)
_LOCK_SEAT = Question(
    select(*_SEAT, *_columns(_task, LockedCollective))
    .select_from(
        _task.join(_item, _item.c.collective_id == _task.c.id)
        .join(_case, _case.c.id == _task.c.instance_id)
        .join(_version, _version.c.id == _case.c.version_id)
    )
    .where(_item.c.id == bindparam("item", type_=BigInteger))
    .with_for_update(of=(_task, _item), key_share=True)
)
_LOCK_TASKS: Select[Any] = select(*_columns(_task, LockedCollective)).with_for_update(key_share=True)
_LOCK_TASK = _LOCK_TASKS.where(_task.c.id == bindparam("collective", type_=BigInteger))
_LOCK_LIVE = _LOCK_TASKS.where(
    _task.c.instance_id == bindparam("instance", type_=BigInteger), _task.c.status.in_(LIVE)
).order_by(_task.c.id)

# What a response changes of a task.
_COUNTED = ("counts", "recused", "status", "journal_sequence", "journal_hash")
_key = bindparam("key", type_=BigInteger)

ADD_TASK, ADD_RESPONSE = insert(_task), Addition(_response)
FINISH_SEAT = Prepared(
    update(_item).where(_item.c.id == _key).values(revision=_item.c.revision + 1),
    ("status", "closed_by_id", "closed_at"),
)
# key
TOUCH_SEAT = update(_item).where(_item.c.id == _key).values(revision=_item.c.revision + 1)
_SAVE_COUNTS = Prepared(update(_task).where(_task.c.id == _key), _COUNTED)
# collective, closed_at
CANCEL_SEATS = (
    update(_item)
    .where(_item.c.collective_id == bindparam("collective"), _item.c.status == OPEN)
    .values(status=WorkItemStatus.CANCELLED, revision=_item.c.revision + 1)
)
_SAVE = update(_task).where(_task.c.id == bindparam("collective"))


def lock_seat(connection: Connection, item_id: int) -> LockedSeat | None:
    """Lock a member's place with its collective task, or return None where the work item is none."""
    row = _LOCK_SEAT.first(connection, {"item": item_id})
    if row is None:
        return None
    seat: list[Any] = [*row[: len(_SEAT)], LockedCollective(*row[len(_SEAT) :])]
    return LockedSeat(*seat)


def lock_task(connection: Connection, collective_id: int) -> LockedCollective | None:
    """Lock a collective task; its instance is locked by the caller."""
    row: Any = connection.execute(_LOCK_TASK, {"collective": collective_id}).first()
    return LockedCollective(*row) if row else None


def lock_live(connection: Connection, instance_id: int) -> list[LockedCollective]:
    """Lock what is not closed yet of a locked instance's collective tasks."""
    rows: Any = connection.execute(_LOCK_LIVE, {"instance": instance_id})
    return [LockedCollective(*row) for row in rows]


def save_counts(connection: Connection, held: LockedCollective) -> None:
    """Write a locked task's counters, status and journal head."""
    _SAVE_COUNTS.run(connection, {"key": held.id, **_counted(held)})


def save(connection: Connection, held: LockedCollective, **changed: Any) -> None:
    """Write the same, and what else changed."""
    connection.execute(_SAVE, {"collective": held.id, **_counted(held), **changed})


def _counted(held: LockedCollective) -> dict[str, Any]:
    return {name: getattr(held, name) for name in _COUNTED}
