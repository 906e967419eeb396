"""What a person was told."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import notifications
from app.views.database import get_session
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/notifications")
def show() -> str:
    """Show what the person was told, the latest first."""
    session, actor = get_session(), current_actor()
    found = notifications.notifications(session, actor, request.args.get("cursor"))
    return render_template(
        "notifications/show.html",
        items=found.items,
        unread=notifications.unread_count(session, actor),
        next_url=url_for("notifications.show", cursor=found.next) if found.next else None,
    )


@blueprint.post("/notifications")
def mark_read() -> Response:
    """Mark what was shown as read."""
    notifications.mark_read(get_session(), current_actor(), request.form.get("up_to", 0, type=whole))
    return redirect(url_for("notifications.show"))
