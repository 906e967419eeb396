"""What leavers had claimed goes back to its queue by itself: at once, and by the tick where a position ran out."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.db.people import Person, Position
from app.db.queries import step_locks
from app.db.work import IS_UNDONE, WorkItem, WorkItemHanding
from app.domain.text import N_
from app.domain.vocabulary import WorkItemKind
from app.services import steps
from app.services.accounts.actors import holds_today
from app.services.acts import claims
from app.services.transactions import connection_of, writing

NO_LONGER = N_("认领的人已经不任这个职务")
BATCH = 200


def release_left(session: Session) -> int:
    """Put back into their queues what people have who no longer hold the position; return how many tasks."""
    left = list(session.scalars(select(WorkItem.id).where(_is_left()).order_by(WorkItem.id).limit(BATCH)))
    for item_id in left:
        with writing(session):
            _release(session, item_id)
    return len(left)


def _release(session: Session, item_id: int) -> None:
    found = step_locks.lock_item(connection_of(session), item_id, None, None)
    # Meanwhile it may be done, given to another, or its person be back.
    is_still = session.scalar(select(WorkItem.id).where(WorkItem.id == item_id, _is_left()))
    if found is None or found.item is None or is_still is None:
        return
    step, item = steps.step_of(session, found, None, None), found.item
    claims.put_back(step, item)
    details = {"element": item.element, "work_item": item.id, "from": item.assignee_id, "reason": NO_LONGER}
    steps.conclude(step, "release", details)


def _is_left() -> ColumnElement[bool]:
    """Return the condition of a claim whose person has left its position, or of any queue's task one took along."""
    claimed = and_(
        WorkItem.assignee_id.is_not(None), WorkItem.role.is_not(None), IS_UNDONE, WorkItem.kind == WorkItemKind.TASK
    )
    here = and_(Position.person_id == WorkItem.assignee_id, Position.organization_id == WorkItem.organization_id)
    in_studio = or_(WorkItem.studio_id.is_(None), Position.studio_id == WorkItem.studio_id)
    in_role = or_(and_(Position.role == WorkItem.role, in_studio), Position.role == WorkItem.escalated_to)
    holds = exists().where(here, in_role, holds_today())
    is_here = exists().where(here, holds_today(), Person.id == Position.person_id, Person.is_active)
    return and_(claimed, or_(and_(~holds, ~_is_handed()), ~is_here))


def _is_handed() -> ColumnElement[bool]:
    """Return the condition of a task that somebody gave its person by hand, now or before it came back."""
    earlier = aliased(WorkItem)
    return exists().where(
        WorkItemHanding.work_item_id == earlier.id,
        earlier.instance_id == WorkItem.instance_id,
        earlier.element == WorkItem.element,
        earlier.assignee_id == WorkItem.assignee_id,
    )
