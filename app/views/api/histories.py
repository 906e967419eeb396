"""A case as the API tells it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.db.work import Participation
from app.domain.identity import Actor
from app.services import participations
from app.services.filling.submission_versions import written_by
from app.services.reading.cases import CaseView, case_view
from app.services.reading.happenings import Happening
from app.services.reading.history import timeline
from app.views.api.applications import belonging_values, eligibility_in, materials_of
from app.views.api.fields import Reference
from app.views.api.items import collective_of, open_items, reference
from app.views.api.models import Copy, Event, Instance, InstanceRow, Waiting


def instance_of(session: Session, actor: Actor, instance_id: int) -> Instance:
    """Write a case in whole, its history oldest first; raises NotFound."""
    view = case_view(session, actor, instance_id)
    happened = [_event(view, one) for one in reversed(timeline(session, view)) if one.kind != "waiting"]
    return Instance(
        **_facts(view.case),
        values={**view.values, **belonging_values(session, view.case)},
        open_tasks=open_items(view),
        collectives=[collective_of(standing) for standing in view.standings],
        waiting=[Waiting(element=one.element, name=one.name, kind=one.kind, due_at=one.due_at) for one in view.waits],
        history=happened,
        copies=[_copy(one) for one in participations.copies(session, instance_id)],
        reminders=sum(one.kind == "remind" for one in happened),
        rules=view.case.rules,
        materials=materials_of(session, instance_id),
        eligibility=eligibility_in(session, actor, view),
        due_at=_due(view),
    )


def row_of(case: ProcessInstance) -> InstanceRow:
    """Write a case for a list."""
    return InstanceRow(**_facts(case), amount=case.amount, started_at=case.started_at, ended_at=case.ended_at)


def _event(view: CaseView, one: Happening) -> Event:
    person = Reference(id=one.person_id, name=one.person) if one.person_id is not None else None
    return Event(
        at=one.at,
        kind=one.kind,
        element=one.element,
        name=one.element_name,
        verdict=one.opinion or (one.kind if one.is_answer else None),
        person=person,
        position=one.position,
        organization=one.organization,
        comment=one.text,
        content_hash=one.content_hash,
        signed_at=one.signed_at,
        values=view.shown(written_by(view.process, one.element), one.values) if one.element else one.values,
        comment_id=one.comment_id,
        people=[Reference(id=person_id, name=name) for person_id, name in one.people.items()],
    )


def _copy(one: Participation) -> Copy:
    return Copy(person=Reference(id=one.person.id, name=one.person.name), at=one.created_at, read_at=one.read_at)


def _due(view: CaseView) -> datetime | None:
    dues = [*(item.due_at for item in view.open_items), *(standing.task.due_at for standing in view.asked)]
    return min((at for at in dues if at is not None), default=None)


def _facts(case: ProcessInstance) -> dict[str, Any]:
    return {
        "id": case.id,
        "serial": case.serial,
        "process": case.process_key,
        "version": case.version.number,
        "title": case.title,
        "organization": reference(case.organization),
        "status": case.status,
        "outcome": case.outcome,
    }
