"""The form of a task that is to be filled in."""

from typing import Any

from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.engine.forms import Form
from app.engine.paths import beside, values_at
from app.services.reading.cases import TaskView
from app.views.files import file_links
from app.views.form_fields import Around, labels, sections, unticked
from app.views.form_posts import Post
from app.views.presenters.sheets import form_title


def task_form(session: Session, actor: Actor, found: TaskView, post: Post) -> dict[str, Any]:
    """Return the sections of the form with what was typed, or what the task starts from."""
    form = found.form or Form("", ())
    filled = beside(found.item.element, found.task.edits or found.task.id)
    stored = values_at(found.view.case.values, filled)
    typed = post.values or dict(found.values) or form.defaults()
    values = unticked(form, {**stored, **typed})
    around = Around(
        options=found.options,
        files=file_links(session, actor, list(form.attachments_in(values))),
        errors=post.errors,
        rules=found.view.case.rules,
    )
    title = form_title(found.view, filled)
    return {
        "sections": sections(form, title, form.shown(values, found.task.id), around),
        "labels": labels(form, post.errors),
    }
