"""Returning a case by hand: to whom, why, and how it goes on from there."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid, Stale
from app.services.acts import interventions
from app.services.acts.return_offers import offers_at
from app.services.acts.returns import Mode, Return
from app.services.reading import cases
from app.views.database import get_session
from app.views.errors import said, said_errors, status_of
from app.views.numbers import whole
from app.views.pages.tasks import task_page
from app.views.presenters.asks import sent_on
from app.views.presenters.case_page import case_line
from app.views.presenters.returns import barred, choices, modes
from app.views.session import current_actor

blueprint = Blueprint("returns", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/tasks/<int:item_id>/return")
def choose(item_id: int) -> Answer:
    """Offer the steps that the case may be returned to; a task that is closed says what happened."""
    try:
        return _page(item_id, {})
    except Stale:
        return redirect(url_for("tasks.show", item_id=item_id))


@blueprint.post("/tasks/<int:item_id>/return")
def send_back(item_id: int) -> Answer:
    """Return the case."""
    session, actor, typed = get_session(), current_actor(), request.form
    asked = Return(
        to=typed.get("to", ""),
        reason=typed.get("reason", ""),
        mode=typed.get("mode", Mode.AGAIN),
        revision=typed.get("revision", 0, type=whole),
    )
    try:
        answer = interventions.return_to(session, actor, item_id, asked)
    except Invalid as error:
        return _page(item_id, said_errors(error)), status_of(error)
    except Conflict as error:
        return task_page(item_id, said(error.sentence)), status_of(error)
    flash(sent_on(session, cases.case_view(session, actor, answer.instance), "return", _("退回")))
    return redirect(url_for("inbox.show"))


def _page(item_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    found, offers = offers_at(session, actor, item_id)
    targets, ways = choices(offers), modes(offers)
    return render_template(
        "tasks/return.html",
        item=found.item,
        case=found.view.case,
        line=case_line(session, actor, found.view),
        targets=targets,
        chosen=request.form.get("to", targets[0]["to"] if targets else ""),
        modes=ways,
        mode=request.form.get("mode", Mode.AGAIN),
        barred=barred(offers),
        reason=request.form.get("reason", ""),
        errors=errors,
    )
