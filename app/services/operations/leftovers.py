"""What an application leaves behind that came to nothing: a draft for another round, or another review of ranks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import Draft, WorkItem
from app.services.filling.drafts import start_subject, task_subject
from app.services.operations.application import DRAFT
from app.services.operations.call import Call

CORRECTING = "correct_application"
# What an application was for.
OF_ONE = frozenset({"round", "review"})


def keep(call: Call) -> None:
    """Keep what the applicant typed last as the draft of another application, unless there is one already."""
    person_id = call.required_initiator()
    subject = start_subject(call.process_key, call.organization_id)
    if _draft(call.session, person_id, subject) is None:
        values = _typed_last(call, person_id)
        call.session.add(Draft(person_id=person_id, subject=subject, values=_for_another(values)))
        call.session.flush()


def _typed_last(call: Call, person_id: int) -> Mapping[str, Any]:
    asked = select(WorkItem.id).where(WorkItem.instance_id == call.instance_id, WorkItem.element == CORRECTING)
    item_id = call.session.scalar(asked.order_by(WorkItem.id.desc()).limit(1))
    draft = _draft(call.session, person_id, task_subject(item_id)) if item_id is not None else None
    return draft.values if draft is not None and draft.values else call.values[DRAFT]


def _for_another(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the round or the review, and the files: they stay with the case that they were handed in to."""
    return {key: _without_files(one) for key, one in values.items() if key not in OF_ONE}


def _without_files(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [{**row, "file": None} if isinstance(row, dict) and "file" in row else row for row in value]


def _draft(session: Session, person_id: int, subject: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.person_id == person_id, Draft.subject == subject))
