"""Tasks and cases as rows of the inbox."""

from typing import Any

from sqlalchemy.orm import Session

from app.db.people import Organization, Person
from app.db.processes import ProcessInstance
from app.db.queries.work_rows import Named, WorkRow
from app.db.work import WorkItem
from app.domain import panels
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.services.collective.collective_views import Standing
from app.services.messaging.received import received
from app.services.panels.scoring import MemberSheet
from app.services.reading.cases import CaseView, TaskView
from app.views.api.applications import eligibility_in
from app.views.api.fields import Reference
from app.views.api.form_schemas import schema_of
from app.views.api.models import (
    Candidate,
    Candidates,
    Collective,
    Criterion,
    Item,
    Line,
    Received,
    SavedDraft,
    Scoring,
    SignatureAsked,
    TaskDetail,
)
from app.views.words import role_title


def reference(organization: Organization | Named) -> Reference:
    """Name an organisation."""
    return Reference(id=organization.id, name=organization.name)


def item_of(item: WorkItem | WorkRow) -> Item:
    """Write a work item."""
    is_read = item.is_read if isinstance(item, WorkRow) and item.closed_at is None else None
    return Item(**_facts(item), on_behalf_of=_named(item.on_behalf_of), is_read=is_read)


def task_of(session: Session, actor: Actor, view: TaskView) -> TaskDetail:
    """Write a task with what is needed to work it; what the person cannot do now is left out."""
    asked = view.signature if view.is_open else None
    shown, values = schema_of(view)
    return TaskDetail(
        **_facts(view.item),
        on_behalf_of=_principal(view),
        is_read=True if view.is_open else None,
        form=shown,
        values=values,
        draft=_draft(view),
        verdicts=list(view.verdicts) if view.is_open else [],
        messages=[Received(element=one.element, name=one.name, values=dict(one.values)) for one in received(view.view)],
        collective=collective_of(view.standing) if view.standing else None,
        scoring=scoring_of(view.scoring) if view.scoring is not None else None,
        escalated_to=view.item.escalated_to,
        is_unheld=view.item.is_unheld,
        eligibility=eligibility_in(session, actor, view.view),
        signature=SignatureAsked(statement=asked.statement, content_hash=asked.content_hash) if asked else None,
    )


def scoring_of(scoring: MemberSheet) -> Scoring:
    """Write a panel's sheet for one of its members."""
    sheet = scoring.sheet
    return Scoring(
        candidates=[
            Candidate(
                id=one.id,
                name=one.name,
                hint=one.hint,
                recusal=aside.kind if aside else None,
                recusal_studio=aside.studio if aside else None,
            )
            for one in sheet.candidates
            for aside in [scoring.recusals.get(one.key)]
        ],
        criteria=[criterion_of(one) for one in sheet.criteria],
    )


def criterion_of(one: panels.Criterion) -> Criterion:
    """Write what a panel scores."""
    return Criterion(name=one.name, points=one.points)


def case_item(case: ProcessInstance) -> Item:
    """Write a case that a person started or was sent a copy of."""
    return Item(
        id=None,
        element=None,
        name=case.version.title,
        title=case.title,
        summary=_summary(case.summary),
        instance=case.id,
        organization=reference(case.organization),
        kind="case",
        status=case.status,
        due_at=None,
        revision=case.revision,
        assignee=None,
        candidates=None,
        handed_by=None,
        handed_reason=None,
        reminders=0,
        on_behalf_of=None,
        is_read=None,
    )


def open_items(view: CaseView) -> list[Item]:
    """Write the open tasks of a case."""
    places = {place.collective_id: item_of(place) for place in view.own_places}
    asked = [places.get(standing.task.id) or _asked_item(view, standing) for standing in view.asked]
    return [*(item_of(item) for item in (*view.open_items, *view.opinions)), *asked]


def collective_of(standing: Standing) -> Collective:
    """Write a task of many people, as far as the reader may see it."""
    task = standing.task
    return Collective(
        id=task.id,
        instance=task.instance_id,
        element=task.element,
        name=task.element_name,
        status=task.status,
        closing=task.closing,
        quorum=task.quorum,
        majority=task.majority,
        secrecy=task.secrecy,
        role=task.role,
        roll=task.roll,
        recused=task.recused,
        answered=None if standing.is_secret and standing.is_open else standing.count.answered,
        turnout=standing.turnout,
        due_at=task.due_at,
        opened_at=task.opened_at,
        closed_at=task.closed_at,
        outcome=task.outcome,
        closed_by=task.closed_by,
        counts=dict(standing.counts) if standing.counts is not None else None,
    )


def _asked_item(view: CaseView, standing: Standing) -> Item:
    """Write a task of many people for whom is not asked: it has no work item of its own."""
    task, case = standing.task, view.case
    return Item(
        id=None,
        element=task.element,
        name=task.element_name,
        title=case.title,
        summary=_summary(case.summary),
        instance=case.id,
        organization=reference(case.organization),
        kind="collective",
        status="open",
        due_at=task.due_at,
        revision=case.revision,
        assignee=None,
        candidates=None,
        handed_by=None,
        handed_reason=None,
        reminders=0,
        on_behalf_of=None,
        is_read=None,
    )


def _facts(item: WorkItem | WorkRow) -> dict[str, Any]:
    return {
        "id": item.id,
        "element": item.element,
        "name": item.element_name,
        "title": item.title,
        "summary": _summary(item.summary),
        "instance": item.instance_id,
        "organization": reference(item.organization),
        "kind": "signature" if item.is_signature else str(item.kind),
        "status": item.status,
        "due_at": item.due_at,
        "revision": item.revision,
        "assignee": _named(item.assignee),
        "candidates": _candidates(item),
        "handed_by": Reference(id=item.handed_by.id, name=item.handed_by.name) if item.handed_by else None,
        "handed_reason": item.handed_reason,
        "reminders": item.reminder_count,
    }


def _named(who: Named | Person | None) -> Reference | None:
    return Reference(id=who.id, name=who.name) if who else None


def _draft(view: TaskView) -> SavedDraft | None:
    kept = view.draft
    return SavedDraft(comment=kept.comment, revision=kept.revision, saved_at=kept.saved_at) if kept else None


def _principal(view: TaskView) -> Reference | None:
    """Name for whom a task is, or was, done by a substitute."""
    away = view.capacity.for_person if view.capacity else None
    return Reference(id=away.principal_id, name=away.name) if away else _named(view.item.on_behalf_of)


def _summary(lines: list[dict[str, str]] | None) -> list[Line]:
    return [Line(label=line["label"], value=line["value"]) for line in lines or ()]


def _candidates(item: WorkItem | WorkRow) -> Candidates | None:
    if item.role is None or item.assignee_id is not None:
        return None
    role = Role(item.role)
    return Candidates(
        role=role, title=role_title(role), organization=reference(item.organization), studio=item.studio_id
    )
