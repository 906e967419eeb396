"""Work items as rows of a list: one statement a page, and nothing of the case that the list does not show."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, exists, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.db.base import BigKey, Instant, table_of
from app.db.desk import WorkItemReading
from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.db.queries.todo import Page, page_of
from app.db.queries.ways import ME
from app.db.work import WorkItem, WorkItemHanding
from app.domain.identity import StandIn
from app.domain.vocabulary import WorkItemStatus


class Named(NamedTuple):
    """A person or an organisation by name."""

    id: int
    name: str


class WorkRow(NamedTuple):
    """A work item as lists show it."""

    id: int
    instance_id: int
    element: str
    element_name: str
    process_title: str
    title: str
    amount: int | None
    summary: list[dict[str, str]] | None
    organization_id: int
    organization_name: str
    role: str | None
    studio_id: int | None
    assignee_id: int | None
    assignee_name: str | None
    is_signature: bool
    is_returned: bool
    status: str
    revision: int
    due_at: datetime | None
    is_due_provisional: bool
    opened_at: datetime
    closed_at: datetime | None
    verdict: str | None
    serial: str
    # The organisation of the case; the task may be another's, such as the bureau's above.
    case_organization_id: int
    # None where the platform started the case.
    initiator_name: str | None
    kind: str
    reminder_count: int
    # Who gave it to its assignee by hand, and why.
    handed_by_id: int | None
    handed_by_name: str | None
    handed_reason: str | None
    process_key: str
    # Who was away, where a substitute did it.
    closed_for_id: int | None
    closed_for_name: str | None
    # Whether the reader has opened it.
    is_read: bool
    # The place of who is away among those for whom the reader stands in, from 1 on; 0 for an own task.
    way: int
    away: StandIn | None = None

    @property
    def organization(self) -> Named:
        """Return whose position is asked."""
        return Named(self.organization_id, self.organization_name)

    @property
    def assignee(self) -> Named | None:
        """Return who alone is asked, if it is one person."""
        return None if self.assignee_id is None else Named(self.assignee_id, self.assignee_name or "")

    @property
    def handed_by(self) -> Named | None:
        """Return who gave it to its assignee by hand."""
        return None if self.handed_by_id is None else Named(self.handed_by_id, self.handed_by_name or "")

    @property
    def on_behalf_of(self) -> Named | None:
        """Return who is or was away, where the reader stands in or somebody stood in."""
        if self.away is not None:
            return Named(self.away.principal_id, self.away.name)
        return None if self.closed_for_id is None else Named(self.closed_for_id, self.closed_for_name or "")


_ASSIGNEE, _INITIATOR, _GIVER, _CLOSED_FOR = (aliased(Person) for _ in range(4))
# What a person did, or put off until others have answered.
DONE = (WorkItemStatus.DONE, WorkItemStatus.WAITING)
_COLUMNS = (
    WorkItem.id, WorkItem.instance_id, WorkItem.element, WorkItem.element_name, WorkItem.process_title,
    ProcessInstance.title, ProcessInstance.amount, ProcessInstance.summary, WorkItem.organization_id, Organization.name, WorkItem.role,
    WorkItem.studio_id, WorkItem.assignee_id, _ASSIGNEE.name, WorkItem.is_signature, WorkItem.is_returned,
    WorkItem.status, WorkItem.revision, WorkItem.due_at, WorkItem.is_due_provisional, WorkItem.opened_at,
    WorkItem.closed_at, WorkItem.verdict, ProcessInstance.serial, ProcessInstance.organization_id, _INITIATOR.name,
    WorkItem.kind, WorkItem.reminder_count, WorkItemHanding.person_id, _GIVER.name, WorkItemHanding.reason,
    WorkItem.process_key, WorkItem.closed_for_id, _CLOSED_FOR.name,
    exists().where(WorkItemReading.work_item_id == WorkItem.id, WorkItemReading.person_id == ME),
)  # fmt: skip


def todo(
    session: Session, page: Page, extra: list[ColumnElement[bool]], parameters: Mapping[str, Any]
) -> list[WorkRow]:
    """Return open tasks that a person may take, the most urgent first; `parameters` as `queries.ways` names them."""
    statement = _todo(page) if not extra else _with_rows(page_of(page, *extra))
    return list(map(_row, session.connection().execute(statement, parameters).all()))


def done(
    session: Session, extra: list[ColumnElement[bool]], parameters: Mapping[str, Any], *, is_first_page: bool
) -> list[WorkRow]:
    """Return the tasks that the person `me` completed or asked opinions on, the latest first, `most` of them.

    Later pages begin behind `closed_at` and `id`.
    """
    statement = _joined(literal(0), table_of(WorkItem)).where(
        WorkItem.closed_by_id == ME, WorkItem.status.in_(DONE), *extra
    )
    if not is_first_page:
        behind = tuple_(bindparam("closed_at", type_=Instant), bindparam("id", type_=BigKey))
        statement = statement.where(tuple_(WorkItem.closed_at, WorkItem.id) < behind)
    statement = statement.order_by(WorkItem.closed_at.desc(), WorkItem.id.desc()).limit(bindparam("most"))
    return list(map(_row, session.connection().execute(statement, parameters).all()))


def _row(values: Any) -> WorkRow:
    return WorkRow(*values)


@lru_cache(maxsize=256)
def _todo(page: Page) -> Select[Any]:
    return _with_rows(page_of(page))


def _with_rows(ids: Select[Any]) -> Select[Any]:
    page = ids.subquery("page")
    # The page stands first: with so many tables a planner takes them in the order in which they are written.
    first = page.join(table_of(WorkItem), page.c.id == WorkItem.id)
    return _joined(page.c.way, first).order_by(page.c.due_at.nulls_last(), page.c.id)


def _joined(way: ColumnElement[int], first: FromClause) -> Select[Any]:
    """Return what lists show of work items; `first` are the tables that say which."""
    columns: tuple[Any, ...] = _COLUMNS
    return (
        select(*columns, way)
        .select_from(first)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(Organization, Organization.id == WorkItem.organization_id)
        .outerjoin(_ASSIGNEE, _ASSIGNEE.id == WorkItem.assignee_id)
        .outerjoin(_INITIATOR, _INITIATOR.id == ProcessInstance.initiator_id)
        .outerjoin(WorkItemHanding, WorkItemHanding.work_item_id == WorkItem.id)
        .outerjoin(_GIVER, _GIVER.id == WorkItemHanding.person_id)
        .outerjoin(_CLOSED_FOR, _CLOSED_FOR.id == WorkItem.closed_for_id)
    )
