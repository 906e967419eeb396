"""Telling people of the tasks that opened: found by looking at the rows that came since the last look.

A step writes no more than its work items; who may take them is asked here, later. Ids are drawn before their
transactions commit, so an id that is passed over may still appear: such gaps are remembered for a while.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.rules import Setting
from app.db.work import Notification, Submission, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.domain.vocabulary import WorkItemStatus
from app.services import settings
from app.services.accounts.actors import holds_today
from app.services.telling import notifications
from app.services.telling.notifications import News
from app.services.transactions import writing

MARK = "openings_looked_at"
BATCH = 500
MOST_GAPS = 100
# No transaction lasts longer; a gap that is older was rolled back.
LONGEST_GAP = timedelta(minutes=5)
NEW = N_("请您办理“%(title)s”：%(step)s。")
RETURNED = N_("“%(title)s”退回到您这里，请您办理：%(step)s。")
Gap = tuple[int, int, str]


@dataclass(frozen=True)
class Mark:
    """Up to which id all was seen, but for gaps: from, until, and when each was met."""

    up_to: int
    gaps: tuple[Gap, ...] = ()

    def wanted(self) -> ColumnElement[bool]:
        """Return the condition of what was not seen yet."""
        return or_(WorkItem.id > self.up_to, *(WorkItem.id.between(first, last) for first, last, _at in self.gaps))

    def moved(self, seen: Sequence[int], now: datetime) -> "Mark":
        """Return the mark after a look that saw these ids, in their order."""
        kept = [gap for gap in self.gaps if now - datetime.fromisoformat(gap[2]) < LONGEST_GAP]
        gaps, last = [part for gap in kept for part in _without(gap, seen)], self.up_to
        for one in seen:
            if one > last + 1:
                gaps.append((last + 1, one - 1, now.isoformat()))
            last = max(last, one)
        return Mark(last, tuple(gaps[-MOST_GAPS:]))


def skip(session: Session, up_to: int | None = None) -> None:
    """Count all tasks that are there as told, or those up to an id, in the transaction that is open."""
    newest = session.scalar(select(func.coalesce(func.max(WorkItem.id), 0))) or 0
    settings.write(session, MARK, {"up_to": newest if up_to is None else up_to, "gaps": []})


def tell(session: Session) -> int:
    """Tell who may take them of the tasks that opened since the last look; return how many tasks there were."""
    total = 0
    while _has_fresh(session):
        seen = _look(session)
        total += seen
        if seen < BATCH:
            break
    return total


def _has_fresh(session: Session) -> bool:
    """Tell whether there may be something to look at, without a lock."""
    mark = _read(settings.read(session, MARK))
    return mark is None or session.scalar(select(WorkItem.id).where(mark.wanted()).limit(1)) is not None


def _look(session: Session) -> int:
    """Look once at what came; two that look at the same time take turns."""
    with writing(session):
        row = session.get(Setting, MARK, with_for_update={"key_share": True}, populate_existing=True)
        mark = _read(row.value if row else None)
        if row is None or mark is None:
            # The first look of an installation: what was open before is in the inbox.
            skip(session)
            return 0
        items = list(session.scalars(select(WorkItem).where(mark.wanted()).order_by(WorkItem.id).limit(BATCH)))
        after = mark.moved([item.id for item in items], clock.now())
        row.value = {"up_to": after.up_to, "gaps": list(after.gaps)}
        _tell_of(session, [item for item in items if item.status == WorkItemStatus.OPEN])
        return len(items)


def _tell_of(session: Session, items: Sequence[WorkItem]) -> None:
    if not items:
        return
    holders, left_out = _holders(session, items), _left_out(session, items)
    told = [
        (person_id, _news(item))
        for item in items
        for person_id in sorted(_people(item, holders))
        if (item.id, person_id) not in left_out
    ]
    notifications.tell_each(session, told)


def _news(item: WorkItem) -> News:
    text = (RETURNED if item.is_returned else NEW) % {"title": item.title, "step": item.element_name}
    return News(text, NotificationKind.TASK, item.instance_id, item.id, since=item.opened_at)


def _people(item: WorkItem, holders: dict[tuple[Any, ...], set[int]]) -> set[int]:
    if item.assignee_id is not None:
        return {item.assignee_id}
    return holders.get((item.organization_id, item.role, item.studio_id), set())


def _holders(session: Session, items: Iterable[WorkItem]) -> dict[tuple[Any, ...], set[int]]:
    """Return who holds the positions in whose queues the tasks wait: by organisation, role, and studio or none."""
    places = {(item.organization_id, item.role) for item in items if item.assignee_id is None}
    found: dict[tuple[Any, ...], set[int]] = {}
    if not places:
        return found
    rows = session.execute(
        select(Position.organization_id, Position.role, Position.studio_id, Position.person_id)
        .join(Person, Person.id == Position.person_id)
        .where(tuple_(Position.organization_id, Position.role).in_(places), holds_today(), Person.is_active)
    )
    for organization_id, role, studio_id, person_id in rows:
        for studio in {None, studio_id}:
            found.setdefault((organization_id, role, studio), set()).add(person_id)
    return found


def _left_out(session: Session, items: Sequence[WorkItem]) -> set[tuple[int, int | None]]:
    """Return who need not hear of a task: who may not take it, was told already, or handed on the case a moment ago."""
    ids = [item.id for item in items]
    barred = select(WorkItemExclusion.work_item_id, WorkItemExclusion.person_id)
    told = select(Notification.work_item_id, Notification.person_id)
    found: set[Any] = {
        tuple(row)
        for query in (
            barred.where(WorkItemExclusion.work_item_id.in_(ids)),
            told.where(Notification.work_item_id.in_(ids)),
        )
        for row in session.execute(query)
    }
    last = _last_answerers(session, {item.instance_id for item in items})
    return found | {(item.id, last.get(item.instance_id)) for item in items if item.collective_id is None}


def _last_answerers(session: Session, instances: set[int]) -> dict[int, int | None]:
    newest = (
        select(func.max(Submission.id)).where(Submission.instance_id.in_(instances)).group_by(Submission.instance_id)
    )
    rows: Any = session.execute(
        select(Submission.instance_id, Submission.person_id).where(Submission.id.in_(newest.scalar_subquery()))
    )
    return dict(rows.all())


def _read(value: Any) -> Mark | None:
    return Mark(value["up_to"], tuple(tuple(gap) for gap in value["gaps"])) if value else None


def _without(gap: Gap, seen: Iterable[int]) -> list[Gap]:
    """Return what is left of a gap once some ids in it were seen."""
    first, last, at = gap
    parts = []
    for one in seen:
        if first <= one <= last:
            parts.append((first, one - 1, at))
            first = one + 1
    parts.append((first, last, at))
    return [part for part in parts if part[0] <= part[1]]
