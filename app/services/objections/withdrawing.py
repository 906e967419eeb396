"""Withdrawing an objection: by who raised it, in nobody's name."""

from sqlalchemy.orm import Session

from app.db.objections import Objection
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Actor
from app.domain.objections import ObjectionStatus
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus
from app.services import steps
from app.services.objections import readings
from app.services.objections.seals import Seal
from app.services.transactions import writing


def withdraw(session: Session, seal: Seal, actor: Actor, objection_id: int) -> Objection:
    """End an own objection that is not settled; what it held up goes on. Raises NotFound, and Conflict once it is settled."""
    if not readings.view(session, seal, actor, objection_id).is_own:
        raise NotFound
    instance_id = session.get_one(Objection, objection_id).instance_id
    with writing(session):
        step = steps.locked(session, instance_id, None)
        found = session.get_one(Objection, objection_id, populate_existing=True)
        if found.status == ObjectionStatus.WITHDRAWN:
            return found
        if found.status != ObjectionStatus.OPEN:
            raise Conflict(N_("这件异议已经办结，不能撤回。"))
        steps.refuse_unless_running(step.case)
        steps.abandon(step, InstanceStatus.WITHDRAWN)
        steps.conclude(step, "withdraw", {"reason": None}, {"instance": instance_id})
        return found
