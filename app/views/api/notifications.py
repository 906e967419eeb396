"""What the platform told the caller."""

from flask import Response

from app.db.work import Notification
from app.services.notifications import notifications
from app.views.api.answering import OK, listed
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Paging
from app.views.database import get_session
from app.views.session import current_actor

family = Family("notifications", "通知")


class Told(Answer):
    id: int
    text: str
    instance: int | None
    created_at: Instant
    read_at: Instant | None


class ToldList(Answer):
    items: list[Told]
    next: str | None


@family.get("/notifications", summary="本人的通知，新的在前", responses={OK: ToldList})
def index(query: Paging) -> Response:
    """Return what the caller was told."""
    found = notifications(get_session(), current_actor(), query.cursor, query.limit)
    return listed(map(_told, found.items), found.next)


def _told(one: Notification) -> Told:
    return Told(id=one.id, text=one.text, instance=one.instance_id, created_at=one.created_at, read_at=one.read_at)
