"""Drafts of tasks: kept only by who may do the task, and only for fields that it offers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.domain.errors import Forbidden, Invalid, Stale
from app.domain.identity import Actor
from app.domain.text import N_, Sentence, sentence
from app.engine.panels import SCORES
from app.services.filling import drafts
from app.services.filling.drafts import Typed
from app.services.reading.cases import TaskView, task_view


def keep_task_draft(session: Session, actor: Actor, item_id: int, typed: Typed) -> TaskView:
    """Keep what was typed into a task's form; half-done is fine, a field that is not offered is not.

    Raises NotFound, Forbidden, Stale for a closed task, DraftMoved, Invalid by field.
    """
    view = task_view(session, actor, item_id)
    if view.capacity is None:
        raise Forbidden
    if not view.is_open:
        raise Stale
    errors = _not_offered(view, typed.values or {})
    if errors:
        raise Invalid(errors)
    drafts.keep(session, actor, drafts.task_subject(item_id), typed)
    return task_view(session, actor, item_id)


def _not_offered(view: TaskView, values: Mapping[str, Any]) -> dict[str, list[Sentence]]:
    fields = view.form.fields if view.form else {}
    asked = view.task.collective
    scored = {SCORES} if asked is not None and asked.is_scored else set[str]()
    offered = scored | {key for key, field in fields.items() if field.access.mode(view.task.id) == "write"}
    return {key: [sentence(N_("这一步没有这一项，请去掉。"))] for key in values if key not in offered}
