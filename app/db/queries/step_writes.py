"""What a step writes, as statements built once; rows are given as mappings by column."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, Integer, bindparam, delete, update

from app.db.base import table_of
from app.db.journal import JournalEntry, OutboxMessage
from app.db.prepared import Addition, Change, Parameters, Prepared
from app.db.processes import Incident, ProcessInstance, Timer
from app.db.queries import unheld
from app.db.queries.step_locks import LockedCase
from app.db.work import UNDONE, Draft, Signature, Submission, WorkItem, WorkItemExclusion
from app.domain.vocabulary import WorkItemStatus

_case, _item, _timer, _incident, _draft = map(table_of, (ProcessInstance, WorkItem, Timer, Incident, Draft))
_instance, _key = bindparam("instance", type_=BigInteger), bindparam("key", type_=BigInteger)
_tasks = bindparam("tasks", type_=Integer, expanding=True)
# What every step changes of a case, and what few do: with the status goes an index.
MOVED = ("title", "amount", "revision", "state", "values", "journal_sequence", "journal_hash")
ENDED = ("status", "outcome", "ended_at")
SUMMARY = ("summary",)

ADD_CASE, ADD_FIRST_SUBMISSION = (Addition(table_of(one), returns_id=True) for one in (ProcessInstance, Submission))
# Where the id was drawn before.
ADD_DRAWN_CASE, ADD_SUBMISSION = (Addition(table_of(one), has_id=True) for one in (ProcessInstance, Submission))
# Of many cases that start at once, it is never needed.
ADD_START = Addition(table_of(Submission))
# One of a position's queue, which may have nobody, and one that names its person.
ADD_QUEUED_ITEM, ADD_NAMED_ITEM = Addition(_item, reckoned=unheld.AS_IT_OPENS), Addition(_item)
ADD_BARRED_ITEM = Addition(_item, returns_id=True, reckoned=unheld.AS_IT_OPENS)
ADD_TIMER, ADD_EXCLUSION = Addition(_timer), Addition(table_of(WorkItemExclusion))
ADD_SIGNATURE = Addition(table_of(Signature))
ADD_ENTRY, ADD_MESSAGE = Addition(table_of(JournalEntry)), Addition(table_of(OutboxMessage))
# By what is written beside: the status, the summary.
_SAVED = {
    (is_ended, is_told): MOVED + ENDED * is_ended + SUMMARY * is_told
    for is_ended in (False, True)
    for is_told in (False, True)
}
SAVE_CASE = {beside: (Change(_case, ("id",), names), names) for beside, names in _SAVED.items()}
FINISH_ITEM = Prepared(
    update(_item).where(_item.c.id == _key).values(status=WorkItemStatus.DONE, revision=_item.c.revision + 1),
    ("verdict", "closed_by_id", "closed_for_id", "closed_at"),
)
# instance, tasks, closed_at
CANCEL_ITEMS = (
    update(_item)
    .where(_item.c.instance_id == _instance, _item.c.status.in_(UNDONE), _item.c.task_id.in_(_tasks))
    .values(status=WorkItemStatus.CANCELLED, revision=_item.c.revision + 1)
)
# instance, tasks, fired_at
SPEND_TIMERS = update(_timer).where(
    _timer.c.instance_id == _instance, _timer.c.fired_at.is_(None), _timer.c.task_id.in_(_tasks)
)
# instance, resolved_at
RESOLVE_INCIDENTS = update(_incident).where(_incident.c.instance_id == _instance, _incident.c.resolved_at.is_(None))
# person, about
FORGET_DRAFT = delete(_draft).where(_draft.c.person_id == bindparam("person"), _draft.c.subject == bindparam("about"))


def add_items(connection: Connection, rows: Sequence[Parameters]) -> None:
    """Insert work items that bar nobody."""
    ADD_NAMED_ITEM.run_many(connection, [row for row in rows if row["assignee_id"] is not None])
    ADD_QUEUED_ITEM.run_many(connection, [row for row in rows if row["assignee_id"] is None])


def save_case(connection: Connection, case: LockedCase, status_before: str) -> None:
    """Write what a step changed of a locked case."""
    change, names = SAVE_CASE[case.status != status_before, case.summary is not None]
    change.run(connection, {"id": case.id, **{name: getattr(case, name) for name in names}})
