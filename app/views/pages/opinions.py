"""One's own sentences for opinions: adding, editing, ordering, deleting."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.services.filling import opinion_templates
from app.services.filling.opinion_templates import DEFAULTS, LONGEST, MOST
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.forms import typed
from app.views.session import current_actor
from app.views.words import say

blueprint = Blueprint("opinions", __name__, url_prefix="/profile/opinions")


@blueprint.get("")
def index() -> str:
    """Show the person's sentences, and the platform's."""
    return _page({}, "")


@blueprint.post("")
def add() -> Response | tuple[str, int]:
    """Add a sentence."""
    try:
        opinion_templates.add(get_session(), current_actor(), typed("text"))
    except Invalid as error:
        return _page(said_errors(error), typed("text")), status_of(error)
    flash(_("已添上。"))
    return redirect(url_for("opinions.index"))


@blueprint.post("/<int:opinion_id>")
def change(opinion_id: int) -> Response | tuple[str, int]:
    """Save, move up or delete a sentence, as the button says."""
    session, actor = get_session(), current_actor()
    try:
        if "delete" in request.form:
            opinion_templates.remove(session, actor, opinion_id)
            flash(_("已删除。"))
        elif "up" in request.form:
            opinion_templates.move_up(session, actor, opinion_id)
        else:
            opinion_templates.edit(session, actor, opinion_id, typed("text"))
            flash(_("已保存。"))
    except Invalid as error:
        return _page(said_errors(error), typed("text"), opinion_id), status_of(error)
    return redirect(url_for("opinions.index"))


def _page(errors: dict[str, list[str]], text: str, wrong_id: int | None = None) -> str:
    return render_template(
        "opinions/index.html",
        own=opinion_templates.own(get_session(), current_actor()),
        defaults=[say(one) for one in DEFAULTS],
        errors=errors,
        text=text,
        wrong_id=wrong_id,
        most=MOST,
        longest=LONGEST,
    )
