"""Handing a leaver's tasks over to a colleague."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.services.accounts import people
from app.services.acts import handovers, receivers
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("handovers", __name__, url_prefix="/people")


@blueprint.get("/<int:person_id>/hand-over")
def ask(person_id: int) -> str:
    """List what the person has in hand, and ask for a colleague."""
    return _page(person_id, {})


@blueprint.post("/<int:person_id>/hand-over")
def do(person_id: int) -> Response | str | tuple[str, int]:
    """Hand it over, or search again with what was typed kept."""
    if "_search" in request.form:
        return _page(person_id, {})
    session, actor, typed = get_session(), current_actor(), request.form
    to, tasks = typed.get("to", 0, type=whole), typed.getlist("tasks", type=whole)
    try:
        if not to:
            raise Invalid.field("to", _("请选一位同事。"))
        handed = handovers.hand_over(session, actor, person_id, to, typed.get("reason", ""), tasks)
    except Invalid as error:
        return _page(person_id, said_errors(error)), status_of(error)
    flash(_("已把 %(count)d 件交给%(name)s。", count=len(handed), name=receivers.name_of(session, to)))
    return redirect(url_for("people.show", person_id=person_id, organization=typed.get("organization")))


def _page(person_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    tasks = handovers.personal_tasks(session, actor, person_id)
    chosen = [one for one in [request.values.get("to", 0, type=whole)] if one]
    text = request.values.get("q", "")
    is_posted = request.method == "POST"
    return render_template(
        "people/hand_over.html",
        person=people.get_person(session, actor, person_id),
        organization=request.values.get("organization", type=whole),
        tasks=tasks,
        ticked=request.form.getlist("tasks", type=whole) if is_posted else [task.id for task in tasks],
        people=receivers.listed(session, tasks[0], text, chosen, [person_id]) if tasks else [],
        chosen=chosen[0] if chosen else "",
        q=text,
        most=receivers.MOST_LISTED,
        reason=request.form.get("reason", ""),
        errors=errors,
    )
