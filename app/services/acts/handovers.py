"""Hand-over of a leaver's tasks 离职交接: what a person has in hand goes to a colleague in one act."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from app.db.processes import ProcessInstance
from app.db.queries import step_locks
from app.db.queries.step_locks import LockedItem
from app.db.work import IS_OPEN, IS_UNDONE, WorkItem
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.identity import Actor
from app.domain.policy import ADMIN_ROLE
from app.domain.text import N_
from app.domain.vocabulary import UNDONE, WorkItemKind
from app.services import candidates, journal, steps
from app.services.accounts.positions import require_known
from app.services.acts import item_acts, transfers
from app.services.acts.item_acts import Held
from app.services.transactions import connection_of, writing

ADMINISTRATORS = frozenset(ADMIN_ROLE.values())


def personal_tasks(session: Session, actor: Actor, person_id: int) -> list[WorkItem]:
    """Return what a person alone has in hand where the actor administers. Raises NotFound."""
    require_known(session, actor, person_id)
    query = _personal(actor, person_id).options(joinedload(WorkItem.instance).joinedload(ProcessInstance.version))
    return list(session.scalars(query))


def has_tasks(session: Session, actor: Actor, person_id: int) -> bool:
    """Tell whether a person alone has anything in hand where the actor administers."""
    return session.scalar(_personal(actor, person_id).limit(1)) is not None


def hand_over(
    session: Session, actor: Actor, person_id: int, to: int, reason: str, tasks: Collection[int] | None = None
) -> list[int]:
    """Give a person's tasks to a colleague, all or those named; return them.

    Raises NotFound, Forbidden for who administers no process where the person is, Conflict where there is
    nothing, and Invalid where the colleague cannot hold one of them.
    """
    require_known(session, actor, person_id)
    if not _organizations(actor):
        raise Forbidden
    said = item_acts.told(reason, is_required=True)
    with writing(session):
        found = [item for item in session.scalars(_personal(actor, person_id)) if tasks is None or item.id in tasks]
        if not found:
            raise Conflict(N_("没有要交接的事。"))
        for item in found:
            _give(session, actor, item, to, said)
        _record(session, actor, found, {"person": person_id, "to": to, "reason": said})
    return [item.id for item in found]


def _personal(actor: Actor, person_id: int) -> Select[WorkItem]:
    """Select a person's own tasks and opinions in the order in which their cases are locked."""
    is_waited_for = or_(IS_OPEN, WorkItem.kind == WorkItemKind.TASK)
    query = select(WorkItem).where(
        WorkItem.assignee_id == person_id,
        IS_UNDONE,
        is_waited_for,
        WorkItem.collective_id.is_(None),
        ~WorkItem.is_signature,
        WorkItem.organization_id.in_(_organizations(actor)),
    )
    return query.order_by(WorkItem.instance_id, WorkItem.id)


def _organizations(actor: Actor) -> list[int]:
    return [held.organization_id for held in actor.holdings if held.role in ADMINISTRATORS]


def _give(session: Session, actor: Actor, item: WorkItem, to: int, reason: str | None) -> None:
    found = step_locks.lock_item(connection_of(session), item.id, actor.person_id, None)
    if found is None or found.item is None or not _is_still(found.item, item):
        raise Conflict(N_("“%(title)s”刚才有变动，请刷新页面再交接。"), title=item.title)
    step = steps.step_of(session, found, actor, None)
    held = Held(step, found.item, actor, candidates.capacity(session, actor, item), is_administrator=True)
    try:
        transfers.give(held, to, reason)
    except Invalid as error:
        wrong = N_("“%(title)s”：%(reason)s")
        raise Invalid.field("to", wrong, title=item.title, reason=error.errors["to"][0].chinese()) from error
    details = {"element": item.element, "work_item": item.id, "from": item.assignee_id, "to": to, "reason": reason}
    steps.conclude(step, "transfer", details)


def _is_still(found: LockedItem, item: WorkItem) -> bool:
    """Tell whether a task is still waiting for the person for whom it was found; it may have been done meanwhile."""
    return found.status in UNDONE and found.assignee_id == item.assignee_id


def _record(session: Session, actor: Actor, found: Sequence[WorkItem], act: dict[str, object]) -> None:
    """Write the act into the journal of each organisation concerned."""
    for organization_id in sorted({item.organization_id for item in found}):
        tasks = [item.id for item in found if item.organization_id == organization_id]
        journal.record_organization(session, organization_id, actor, "hand_over", {**act, "tasks": tasks})
