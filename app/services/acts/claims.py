"""Claiming a task from a position's queue, and putting it back."""

from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.db.queries.step_locks import LockedItem
from app.db.work import WorkItemHanding
from app.domain.errors import Conflict, Forbidden
from app.domain.text import N_
from app.services.accounts.actors import holds_today
from app.services.acts import asked_items, item_acts
from app.services.acts.item_acts import Asked, Held
from app.services.attention import unheld_checks
from app.services.starting.starts import Answer
from app.services.steps import Step


def claim(session: Session, asked: Asked) -> Answer:
    """Take a task out of a position's queue: it leaves the lists of the others.

    Raises Conflict with the name of who has it.
    """

    def act(held: Held) -> dict[str, Any]:
        if held.is_own:
            raise Conflict(N_("这件事已经在您名下，可以直接办理。"))
        item_acts.require_taker(held)
        item_acts.refuse_changed(held, asked.revision)
        require_position(held)
        item_acts.change(session, held.item.id, assignee_id=held.taker_id)
        # Nobody signs after the own verdict.
        asked_items.cancel_below(session, held.item.id, held.taker_id)
        return {}

    return item_acts.act_on(session, asked, "claim", act)


def release(session: Session, asked: Asked, reason: str | None = None) -> Answer:
    """Put a task back into its position's queue: whoever has it, or for a reason an administrator."""

    def act(held: Held) -> dict[str, Any]:
        item_acts.refuse_opinion(held)
        if held.item.role is None:
            raise Conflict(N_("这件事是请本人办的，没有别人可以认领；办不了的请转办。"))
        if held.item.assignee_id is None:
            raise Conflict(N_("这件事没有人认领，不用放回。"))
        if not held.is_own:
            _require_administrator(held)
        item_acts.refuse_waiting(held)
        item_acts.refuse_changed(held, asked.revision)
        said = item_acts.told(reason, is_required=not held.is_own)
        put_back(held.step, held.item)
        return {"from": held.item.assignee_id, "reason": said}

    return item_acts.act_on(session, asked, "release", act)


def put_back(step: Step, item: LockedItem) -> None:
    """Let the holders of its position find a task again, and tell who had it."""
    item_acts.change(step.session, item.id, assignee_id=None)
    step.session.execute(delete(WorkItemHanding).where(WorkItemHanding.work_item_id == item.id))
    # Who gives it back may have been the only one who could do it.
    unheld_checks.recheck(step.session, item.organization_id)
    text = N_("“%(title)s”已经放回待认领，不用您办了。") % {"title": step.case.title}
    item_acts.tell(step, [item.assignee_id], text, item.id)


def _require_administrator(held: Held) -> None:
    if not held.is_administrator:
        item_acts.refuse_colleagues(held.session, held.actor, held.item)
        raise Forbidden(N_("只有认领的人和本单位的流程管理员能放回。"))


def require_position(held: Held) -> None:
    """Demand the position as it is in this instant: whoever ends it waits, and then releases what is claimed.

    Raises Forbidden.
    """
    item = held.item
    holding = select(Position.id).where(
        Position.person_id == held.taker_id,
        Position.organization_id == item.organization_id,
        Position.role.in_({item.role, item.escalated_to}),
        holds_today(),
    )
    if item.studio_id is not None:
        in_studio = or_(Position.role == item.escalated_to, Position.studio_id == item.studio_id)
        holding = holding.where(in_studio)
    if not held.session.scalars(holding.with_for_update(read=True)).all():
        raise Forbidden
