"""What goes out once a case has changed posts: the people concerned are told, and tasks follow the posts."""

from collections.abc import Iterable
from datetime import date

from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_
from app.services import outbox, participations
from app.services.operations.call import Call
from app.services.participations import Part
from app.services.texts import full_day


def put(call: Call, people: Iterable[int], what: str, effective_on: date) -> None:
    """Copy the case to whom it concerns and tell them; have the tasks follow after the commit."""
    text = N_("您的职务有变动：%(what)s，%(on)s起生效。")
    copy(call, people, text % {"what": what, "on": full_day(effective_on)})
    outbox.put(call.session, "posts_changed", {"organization": call.organization_id})


def copy(call: Call, people: Iterable[int], text: str) -> None:
    """Copy the case to people and tell them why."""
    told = sorted(set(people))
    participations.add(call.session, call.instance_id, told, Part.COPIED)
    about = {"instance": call.instance_id, "kind": NotificationKind.RESULT}
    outbox.put(call.session, "notify", {**about, "people": told, "text": text})
