"""The operations of an objection: opening it, finding who concludes, settling it. None of them knows whose it is."""

from typing import Any

from app.domain import clock
from app.domain.errors import Conflict
from app.domain.objections import MIN_DECIDERS, ObjectionStatus, is_enough
from app.domain.text import N_
from app.domain.vocabulary import Role, body_of
from app.services.objections import settling
from app.services.objections.parts import holders
from app.services.objections.readings import reply_by
from app.services.objections.settling import of_case
from app.services.operations.call import Call


def open_objection(call: Call) -> dict[str, Any]:
    """Tell the case what it is about and who has which part in it."""
    found = of_case(call.session, call.instance_id)
    due = reply_by(found, call.rules)
    return {
        "objection": found.id,
        "notice": found.notice_id,
        "notice_title": found.notice.title,
        "person": found.person_id,
        "person_name": found.person.name,
        "handler": found.office or found.handler_id,
        "outsider": found.outsider_id,
        "is_against_group": found.is_against_group,
        "reply_by": due.isoformat() if due else None,
    }


def keep_handler(call: Call) -> dict[str, int | None]:
    """Keep who read the objection: what is left of looking into it is that person's, and nobody else need read it."""
    return {"handler": call.actor.person_id if call.actor else None}


def find_deciders(call: Call) -> dict[str, bool]:
    """Tell whether enough of the group may conclude now; who they are is told to nobody."""
    found = of_case(call.session, call.instance_id)
    group = holders(call.session, found.notice.organization_id, sorted(body_of(Role.LEADERSHIP_GROUP_MEMBER)))
    least = (call.rules.get(MIN_DECIDERS) or {}).get("value") or 1
    is_against = found.is_against_group or bool(call.params.get("is_against_group"))
    return {"is_enough": is_enough(set(group) & set(found.deciders), least, is_against_group=is_against)}


def settle_objection(call: Call) -> dict[str, str]:
    """Settle an objection with its reply; the name leaves the notice where it is upheld.

    Raises Conflict where the diagram says neither, or nothing to reply.
    """
    is_upheld, reply = call.params.get("is_upheld"), str(call.params.get("reply") or "").strip()
    if not isinstance(is_upheld, bool) or not reply:
        raise Conflict(N_("了结异议要写明成立还是不成立和答复，请找流程管理员修改流程。"))
    status = ObjectionStatus.UPHELD if is_upheld else ObjectionStatus.DISMISSED
    settling.settle(call.session, of_case(call.session, call.instance_id), status, reply)
    return {"settled_on": clock.today().isoformat()}


def close_objection(call: Call) -> None:
    """Close an objection whose case ended without a conclusion; the notice waits for it no longer."""
    found = of_case(call.session, call.instance_id)
    if found.status == ObjectionStatus.OPEN:
        settling.settle(call.session, found, ObjectionStatus.WITHDRAWN, None)
