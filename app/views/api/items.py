"""Tasks and cases as rows of the inbox."""

from typing import Any

from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.queries.work_rows import Named, WorkRow
from app.db.work import WorkItem
from app.domain.vocabulary import Role
from app.services.cases import CaseView, TaskView
from app.views.api.fields import Reference
from app.views.api.form_schemas import schema_of
from app.views.api.models import Candidates, Item, SignatureAsked, TaskDetail
from app.views.words import role_title


def reference(organization: Organization | Named) -> Reference:
    """Name an organisation."""
    return Reference(id=organization.id, name=organization.name)


def item_of(item: WorkItem | WorkRow) -> Item:
    """Write a work item."""
    return Item(**_facts(item))


def task_of(view: TaskView) -> TaskDetail:
    """Write a task with what is needed to work it; what the person cannot do now is left out."""
    asked = view.signature if view.is_open else None
    shown, values = schema_of(view)
    return TaskDetail(
        **_facts(view.item),
        form=shown,
        values=values,
        verdicts=list(view.task.verdicts) if view.is_open else [],
        signature=SignatureAsked(statement=asked.statement, content_hash=asked.content_hash) if asked else None,
    )


def case_item(case: ProcessInstance) -> Item:
    """Write a case that a person started or was sent a copy of."""
    return Item(
        id=None,
        element=None,
        name=case.version.definition.title,
        title=case.title,
        instance=case.id,
        organization=reference(case.organization),
        kind="case",
        status=case.status,
        due_at=None,
        revision=case.revision,
        assignee=None,
        candidates=None,
    )


def open_items(view: CaseView) -> list[Item]:
    """Write the open tasks of a case."""
    return [item_of(item) for item in view.open_items]


def _facts(item: WorkItem | WorkRow) -> dict[str, Any]:
    return {
        "id": item.id,
        "element": item.element,
        "name": item.element_name,
        "title": item.title,
        "instance": item.instance_id,
        "organization": reference(item.organization),
        "kind": "signature" if item.is_signature else "task",
        "status": item.status,
        "due_at": item.due_at,
        "revision": item.revision,
        "assignee": Reference(id=item.assignee.id, name=item.assignee.name) if item.assignee else None,
        "candidates": _candidates(item),
    }


def _candidates(item: WorkItem | WorkRow) -> Candidates | None:
    if item.role is None or item.assignee_id is not None:
        return None
    role = Role(item.role)
    return Candidates(
        role=role, title=role_title(role), organization=reference(item.organization), studio=item.studio_id
    )
