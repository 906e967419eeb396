"""Which notifications are unread, and which still concern their readers."""

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from app.db.absences import Absence
from app.db.queries.absences import holds
from app.db.work import OPEN, Notification, WorkItem
from app.domain import clock
from app.domain.notification_kinds import ASKING

_asked = aliased(WorkItem)


def is_unread() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a notification that waits to be read."""
    return Notification.read_at.is_(None), Notification.handled_at.is_(None)


def is_current() -> ColumnElement[bool]:
    """Return the condition of one about no task, or about one that is open and, where it asks, its reader's.

    Whoever stands in for somebody keeps what was told of that person's tasks.
    """
    # Two levels down nothing correlates by itself: any notification's reader would count.
    stands_in = (
        exists()
        .where(
            Absence.substitute_id == Notification.person_id,
            Absence.organization_id == _asked.organization_id,
            holds(clock.now()),
        )
        .correlate(_asked, Notification)
    )
    is_readers = or_(
        Notification.kind.not_in(ASKING),
        _asked.assignee_id.is_(None),
        _asked.assignee_id == Notification.person_id,
        stands_in,
    )
    is_open = _asked.id == Notification.work_item_id, _asked.status == OPEN
    return or_(Notification.work_item_id.is_(None), exists().where(*is_open, is_readers))


def is_outdated() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of an unread notification about a task that is not its reader's any more."""
    return Notification.work_item_id.is_not(None), *is_unread(), ~is_current()
