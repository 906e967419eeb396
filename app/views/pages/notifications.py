"""What a person was told, and what could not be delivered."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.domain.notification_kinds import KIND_TITLES, NotificationKind
from app.services.telling import notifications, undelivered
from app.services.telling.channels.causes import CAUSES
from app.services.telling.notification_links import path_of
from app.views.database import get_session
from app.views.numbers import whole
from app.views.session import current_actor

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/notifications")
def show() -> str:
    """Show what the person was told, the latest first."""
    session, actor, kind = get_session(), current_actor(), _kind()
    found = notifications.notifications(session, actor, request.args.get("cursor"), kind=kind)
    unread = notifications.unread_kinds(session, actor)
    return render_template(
        "notifications/show.html",
        items=found.items,
        links={one.id: path_of(one) for one in found.items},
        kinds=KIND_TITLES,
        chips=_chips(unread, kind),
        unread=sum(unread.values()),
        next_url=url_for("notifications.show", cursor=found.next, kind=kind) if found.next else None,
        looks_after=undelivered.may_look(actor),
    )


@blueprint.post("/notifications")
def mark_read() -> Response:
    """Mark what was shown as read."""
    notifications.mark_read(get_session(), current_actor(), request.form.get("up_to", 0, type=whole))
    return redirect(url_for("notifications.show"))


@blueprint.get("/notifications/undelivered")
def show_undelivered() -> str:
    """Show administrators what could not be delivered, and why."""
    found = undelivered.undelivered(get_session(), current_actor(), request.args.get("cursor"))
    return render_template(
        "notifications/undelivered.html",
        items=found.items,
        causes=CAUSES,
        kinds=KIND_TITLES,
        next_url=url_for("notifications.show_undelivered", cursor=found.next) if found.next else None,
    )


@blueprint.post("/notifications/undelivered/<int:sending_id>")
def send_again(sending_id: int) -> Response:
    """Try a sending once more."""
    undelivered.send_again(get_session(), current_actor(), sending_id)
    flash(_("已重新排队，马上再发。"))
    return redirect(url_for("notifications.show_undelivered"))


def _kind() -> NotificationKind | None:
    text = request.args.get("kind", "")
    return NotificationKind(text) if text in set(NotificationKind) else None


def _chips(unread: dict[NotificationKind, int], chosen: NotificationKind | None) -> list[dict[str, Any]]:
    """Return the filters by kind, each with how much of it is unread; those without anything are left out."""
    every = {"url": url_for("notifications.show"), "label": _("全部"), "is_current": chosen is None}
    kinds = [
        {
            "url": url_for("notifications.show", kind=kind.value),
            "label": _(title),
            "count": unread.get(kind),
            "is_current": kind == chosen,
        }
        for kind, title in KIND_TITLES.items()
        if kind in unread or kind == chosen
    ]
    return [every, *kinds] if kinds else []
