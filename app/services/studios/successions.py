"""What who left a studio has to mend in its cases goes to the host: money waits for nobody who left."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.queries import step_locks
from app.db.queries.offices import is_held
from app.db.work import IS_UNDONE, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.text import N_
from app.domain.vocabulary import Role, WorkItemKind
from app.services import steps
from app.services.acts import item_acts
from app.services.transactions import connection_of, writing

LEFT = N_("原来办的人已经离开工作室")
BATCH = 200


class _Left(NamedTuple):
    """A task of somebody who left a studio, the last day there, and who leads the studio now."""

    item_id: int
    host_id: int
    last_on: date | None
    started_at: datetime


def hand_to_hosts(session: Session) -> int:
    """Give the hosts of today what leavers of their studios have to mend in cases they started there; return how many."""
    left = _found(session, _left().order_by(WorkItem.id).limit(BATCH))
    for one in left:
        with writing(session):
            _hand(session, one)
    return len(left)


def _hand(session: Session, one: _Left) -> None:
    found = step_locks.lock_item(connection_of(session), one.item_id, None, None)
    # Meanwhile it may be done, or its person be back.
    is_still = _found(session, _left().where(WorkItem.id == one.item_id))
    if found is None or found.item is None or not is_still:
        return
    step, item = steps.step_of(session, found, None, None), found.item
    item_acts.change(session, item.id, assignee_id=one.host_id)
    text = N_("“%(title)s”转给您办：%(reason)s。") % {"title": step.case.title, "reason": LEFT}
    item_acts.tell(step, [one.host_id], text, item.id)
    details = {"element": item.element, "work_item": item.id, "from": item.assignee_id, "to": one.host_id}
    steps.conclude(step, "transfer", details | {"reason": LEFT})


def _found(session: Session, query: Select[int, int, date | None, datetime]) -> Sequence[_Left]:
    rows = (_Left(*row) for row in session.execute(query))
    return [one for one in rows if _was_theirs(one)]


def _was_theirs(one: _Left) -> bool:
    """Tell whether a case was started while its person belonged: later ones are of another position.

    Who leaves at once belonged until yesterday and may have started it today.
    """
    return one.last_on is not None and clock.shanghai(one.started_at).date() <= one.last_on + timedelta(days=1)


def _left() -> Select[int, int, date | None, datetime]:
    """Select initiators' tasks in cases of studios that they have left."""
    today = clock.today()
    host, post, still = aliased(Position), aliased(Position), aliased(Position)
    leads = and_(host.studio_id == ProcessInstance.studio_id, host.role == Role.STUDIO_HOST, is_held(today, host))
    belonged = and_(post.person_id == WorkItem.assignee_id, post.studio_id == ProcessInstance.studio_id)
    belongs = exists().where(
        still.person_id == WorkItem.assignee_id, still.studio_id == ProcessInstance.studio_id, is_held(today, still)
    )
    is_barred = exists().where(
        WorkItemExclusion.work_item_id == WorkItem.id, WorkItemExclusion.person_id == host.person_id
    )
    return (
        select(WorkItem.id, host.person_id, post.until_on, ProcessInstance.started_at)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .join(host, leads)
        .join(post, and_(belonged, post.until_on < today))
        .where(
            WorkItem.role.is_(None),
            WorkItem.kind == WorkItemKind.TASK,
            WorkItem.collective_id.is_(None),
            WorkItem.assignee_id == ProcessInstance.initiator_id,
            IS_UNDONE,
            ~belongs,
            ~is_barred,
        )
    )
