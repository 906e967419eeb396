"""Receipts for materials on paper: who may take the check of an application hands them out."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.db.rounds import ApplicationMaterial
from app.db.work import WorkItem
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services import outbox, steps, visibility, work_items
from app.services.candidates import capacity
from app.services.journal import RequestKey
from app.services.rounds import materials
from app.services.rounds.applications import application_of
from app.services.starting.starts import Answer
from app.services.transactions import writing

ACTION = "receive_material"


def hand_out(
    session: Session, actor: Actor, instance_id: int, material_id: int, request_key: RequestKey | None = None
) -> Answer:
    """Note that a paper was handed in, and give it a receipt number; the applicant is told.

    Raises NotFound, Forbidden for who does not check the application now, Conflict for what has a receipt already.
    """
    with writing(session):
        step = steps.locked(session, instance_id, actor, request_key)
        if not visibility.may_see_id(session, actor, instance_id):
            raise NotFound
        if step.first_answer is not None:
            return Answer(**step.first_answer)
        material = _asked(session, instance_id, material_id)
        if not may_receive(session, actor, step.case.initiator_id, work_items.open_of(session, instance_id)):
            raise Forbidden(N_("只有正在核对这份申报的人能收材料。"))
        if material.receipt_number is not None:
            raise Conflict(N_("这份材料已经收到，收据号是 %(number)s。"), number=material.receipt_number)
        materials.receive(material, step.case.serial, actor.person_id)
        session.flush()
        _tell(session, instance_id, step.case.initiator_id, material)
        details = {"material": material.id, "receipt": material.receipt_number}
        steps.conclude(step, ACTION, details, {"instance": instance_id})
        return Answer(instance_id)


def may_receive(session: Session, actor: Actor, applicant_id: int | None, open_items: Iterable[WorkItem]) -> bool:
    """Tell whether a person checks an application now, and may hand out receipts."""
    return actor.person_id != applicant_id and any(capacity(session, actor, item) for item in open_items)


def _asked(session: Session, instance_id: int, material_id: int) -> ApplicationMaterial:
    application = application_of(session, instance_id)
    found = [one for one in application.materials if one.id == material_id and one.is_paper] if application else []
    if not found:
        raise NotFound
    return found[0]


def _tell(session: Session, instance_id: int, applicant_id: int | None, material: ApplicationMaterial) -> None:
    text = N_("已收到您的材料“%(name)s”，收据号 %(number)s。")
    about = {"instance": instance_id, "kind": NotificationKind.RESULT, "people": [applicant_id]}
    told = text % {"name": material.name, "number": material.receipt_number}
    outbox.put(session, "notify", {**about, "text": told})
