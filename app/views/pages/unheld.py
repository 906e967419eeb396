"""What nobody can do at the moment: the list for administrators, and naming a colleague for one task."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.db.work import WorkItem
from app.domain.errors import Invalid
from app.services.acts import receivers, transfers
from app.services.acts.item_acts import Asked
from app.services.attention import unheld_lists
from app.views.database import get_session
from app.views.errors import said_errors, status_of
from app.views.numbers import whole
from app.views.presenters import lateness
from app.views.session import current_actor

blueprint = Blueprint("unheld", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/unheld")
def index() -> str:
    """List what nobody can do where the reader administers the processes."""
    session, actor = get_session(), current_actor()
    found = unheld_lists.listed(session, actor)
    return render_template("unheld/index.html", rows=[lateness.unheld_row(actor, item) for item in found])


@blueprint.get("/unheld/<int:item_id>")
def choose(item_id: int) -> str:
    """Find a colleague for a task that nobody holds."""
    return _page(item_id, {})


@blueprint.post("/unheld/<int:item_id>")
def assign(item_id: int) -> Answer:
    """Give the task to the colleague, or search again."""
    if "_search" in request.form:
        return _page(item_id, {})
    session, actor = get_session(), current_actor()
    item = unheld_lists.to_name(session, actor, item_id)
    to = request.form.get("to", 0, type=whole)
    if not to:
        return _page(item_id, {"to": [_("请选一位同事。")]}), status_of(Invalid({}))
    asked = Asked(actor, item.id, request.form.get("revision", type=whole))
    try:
        transfers.transfer(session, asked, to, request.form.get("reason", ""))
    except Invalid as error:
        return _page(item_id, said_errors(error)), status_of(error)
    flash(_("已请%(name)s办理。", name=receivers.name_of(session, to)))
    is_more = unheld_lists.count(session, actor) > 0
    return redirect(url_for("unheld.index") if is_more else url_for("cases.show", instance_id=item.instance_id))


def _page(item_id: int, errors: dict[str, list[str]]) -> str:
    session, actor = get_session(), current_actor()
    item: WorkItem = unheld_lists.to_name(session, actor, item_id)
    text, chosen = request.values.get("q", ""), request.values.get("to", 0, type=whole)
    return render_template(
        "unheld/choose.html",
        item=item,
        row=lateness.unheld_row(actor, item),
        people=receivers.listed(session, item, text, [chosen] if chosen else ()),
        chosen=chosen,
        q=text,
        reason=request.values.get("reason", ""),
        most=receivers.MOST_LISTED,
        errors=errors,
        back=url_for("unheld.index")
        if unheld_lists.places(actor)
        else url_for("cases.show", instance_id=item.instance_id),
    )
