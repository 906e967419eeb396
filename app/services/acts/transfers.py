"""Transferring a task to a colleague who could hold it: by who may take it, or by an administrator."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid
from app.domain.handling import Otherwise
from app.domain.text import N_
from app.services import participations, work_items
from app.services.acts import asked_items, item_acts, receivers
from app.services.acts.item_acts import Asked, Held
from app.services.attention import unheld
from app.services.participations import Part
from app.services.starting.starts import Answer


def transfer(session: Session, asked: Asked, to: int, reason: str) -> Answer:
    """Give a task to a colleague, who is told by whom and why.

    Raises Invalid for a person who cannot hold it, Conflict for a colleague's task, Forbidden.
    """

    def act(held: Held) -> dict[str, Any]:
        _require_right(held)
        item_acts.refuse_changed(held, asked.revision)
        if to == held.actor.person_id and held.capacity is not None:
            raise Invalid.field("to", N_("您自己就能办这件事，不用转办；想先占下来，请认领。"))
        said = item_acts.told(reason, is_required=True)
        give(held, to, said)
        return {"from": held.item.assignee_id, "to": to, "reason": said}

    return item_acts.act_on(session, asked, "transfer", act)


def give(held: Held, to: int, reason: str | None) -> None:
    """Make a colleague the one who has a task. Raises Invalid."""
    item, session = held.item, held.session
    if to == item.assignee_id:
        raise Invalid.field("to", N_("这件事已经在这个人名下，请选别人。"))
    person = receivers.require(session, item, to, "to")
    if to in {one.assignee_id for one in asked_items.undone_below(session, item.id)}:
        message = N_("%(name)s正被请来出意见或者会签，不能自己答复自己，请选别人，或者先收回。")
        raise Invalid.field("to", message, name=person.name)
    item_acts.change(session, item.id, assignee_id=to, is_unheld=False)
    item_acts.hand(held, item.id, reason)
    if not held.is_administrator:
        # Who passed a task on may still follow the case.
        participations.add(session, held.step.case.id, [held.actor.person_id], Part.PASSED_ON)
    values = {"name": held.actor.name, "title": held.step.case.title, "reason": reason or ""}
    item_acts.tell(held.step, [to], N_("%(name)s把“%(title)s”转给您办：%(reason)s") % values, item.id)


def _require_right(held: Held) -> None:
    if held.is_administrator or _is_asked_to_name(held):
        return
    item_acts.require_taker(held)
    item_acts.refuse_opinion(held)
    item_acts.refuse_waiting(held)
    task = work_items.user_task(held.step.process, held.item.element)
    if item_acts.is_of_initiator(task, held.item.assignee_id, held.step.case.initiator_id):
        raise Forbidden(item_acts.OF_INITIATOR)


def _is_asked_to_name(held: Held) -> bool:
    """Tell whether the diagram lets the initiator name who does a task that nobody holds."""
    item, case = held.item, held.step.case
    if held.actor.person_id != case.initiator_id or not (item.is_unheld and item.assignee_id is None):
        return False
    task = work_items.user_task(held.step.process, item.element)
    return unheld.setting_of(held.session, item.id, task) == Otherwise.ASK
