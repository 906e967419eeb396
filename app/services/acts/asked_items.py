"""The work items below a task by which opinions on it are asked, and what they do to the task."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.db.work import IS_OPEN, IS_UNDONE, WorkItem
from app.domain import clock
from app.domain.vocabulary import WorkItemKind, WorkItemStatus

# What a work item below a task has from it.
SAME = (
    "instance_id", "task_id", "element", "element_name", "process_key", "process_title", "title", "amount",
    "organization_id", "due_at", "is_due_provisional", "reckoning",
)  # fmt: skip


def add(session: Session, task: WorkItem, kind: WorkItemKind, person_id: int) -> int:
    """Ask a person below a task, a signer after the verdict only later; return the work item's id."""
    is_later = kind == WorkItemKind.ADDED_AFTER
    asked = WorkItem(
        **{name: getattr(task, name) for name in SAME},
        kind=kind,
        parent_id=task.id,
        assignee_id=person_id,
        status=WorkItemStatus.WAITING if is_later else WorkItemStatus.OPEN,
    )
    session.add(asked)
    session.flush()
    return asked.id


def undone_below(session: Session, item_id: int) -> list[WorkItem]:
    """Return what is asked below a task and not answered, also of those whose turn is after the verdict."""
    query = select(WorkItem).where(WorkItem.parent_id == item_id, IS_UNDONE).order_by(WorkItem.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def open_below(session: Session, item_id: int) -> list[WorkItem]:
    """Return the opinions that are asked now on a task."""
    query = select(WorkItem).where(WorkItem.parent_id == item_id, IS_OPEN).order_by(WorkItem.id)
    return list(session.scalars(query.options(joinedload(WorkItem.assignee))))


def open_of(session: Session, instance_id: int) -> list[WorkItem]:
    """Return the opinions that are asked now in a case."""
    query = select(WorkItem).where(WorkItem.instance_id == instance_id, WorkItem.parent_id.is_not(None), IS_OPEN)
    return list(session.scalars(query.options(joinedload(WorkItem.assignee)).order_by(WorkItem.id)))


def answered_below(session: Session, item_id: int) -> list[WorkItem]:
    """Return the opinions on a task that were given, in their order."""
    given = select(WorkItem).where(WorkItem.parent_id == item_id, WorkItem.status == WorkItemStatus.DONE)
    with_words = (joinedload(WorkItem.assignee), joinedload(WorkItem.handing))
    return list(session.scalars(given.options(*with_words).order_by(WorkItem.closed_at, WorkItem.id)))


def open_signers(session: Session, item_id: int) -> list[WorkItem]:
    """Let the signers whose turn is after the verdict answer; return what they are asked."""
    found = undone_below(session, item_id)
    for one in found:
        one.status, one.opened_at, one.revision = WorkItemStatus.OPEN, clock.now(), one.revision + 1
    session.flush()
    return found


def cancel_below(session: Session, item_id: int, person_id: int | None = None) -> None:
    """Call off what is asked below a task and not answered, of all or of one person."""
    changes = {"status": WorkItemStatus.CANCELLED, "closed_at": clock.now(), "revision": WorkItem.revision + 1}
    asked = update(WorkItem).where(WorkItem.parent_id == item_id, IS_UNDONE)
    if person_id is not None:
        asked = asked.where(WorkItem.assignee_id == person_id)
    session.execute(asked.values(changes))


def let_wait(session: Session, item_id: int, taker_id: int, person_id: int, verdict: str | None = None) -> None:
    """Let a task wait for others; it is on the list of what a person did, a verdict is kept until they agree."""
    kept: dict[str, Any] = {"closed_by_id": person_id, "closed_at": clock.now(), "verdict": verdict}
    _change(session, item_id, status=WorkItemStatus.WAITING, assignee_id=taker_id, **kept)


def reopen(session: Session, item_id: int) -> None:
    """Give a task back to who has it; a verdict that was kept is none any more."""
    _change(session, item_id, status=WorkItemStatus.OPEN, closed_by_id=None, closed_at=None, verdict=None)


def _change(session: Session, item_id: int, **values: Any) -> None:
    changed = update(WorkItem).where(WorkItem.id == item_id)
    session.execute(changed.values(revision=WorkItem.revision + 1, **values))
