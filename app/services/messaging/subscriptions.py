"""The events of cases that wait for a message: the engine correlates nothing, these rows do (ENGINE.md)."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, bindparam, exists, insert, null, select, update
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.messages import Delivery, Message, Subscription
from app.db.people import Organization
from app.db.queries.step_locks import LockedCase
from app.domain import clock
from app.domain.platform_messages import PLATFORM_MESSAGES
from app.engine.changes import Awaited
from app.services import outbox

# Whose messages a wait accepts, as the sender calls it.
SENDS_TO = {"own": "own", "children": "parent", "parent": "children"}
ACCEPTS = {to: origin for origin, to in SENDS_TO.items()}
_table = table_of(Subscription)
_ADD = insert(_table)
_GO_ON = update(_table).where(_table.c.id == bindparam("wait")).values(task_id=bindparam("task"), closed_at=null())


@dataclass(frozen=True)
class Ended:
    """A wait that ended in this step, and may go on in it: at which element, for what, since when."""

    id: int
    element: str
    message: str
    key: str
    opened_at: datetime


def begin(session: Session, case: LockedCase, awaited: Collection[Awaited], ended: Collection[Ended]) -> None:
    """Keep what a case waits for, and look back for messages that came before; nothing can fall between.

    A wait that goes on for the same keeps its row: what is on its way to it still comes, nothing is looked for.
    """
    before = {(one.element, one.message, one.key): one for one in ended}
    since = {one.element: one.opened_at for one in ended}
    for one in awaited:
        same = before.pop((one.element, one.message, one.key), None)
        if same is not None:
            session.connection().execute(_GO_ON, {"wait": same.id, "task": one.task_id})
            continue
        row = {
            "instance_id": case.id,
            "task_id": one.task_id,
            "element": one.element,
            "message": one.message,
            "key": one.key,
            "organization_id": case.organization_id,
            "origin": one.origin,
            "opened_at": since.get(one.element) or clock.now(),
        }
        made = session.connection().execute(_ADD, row).inserted_primary_key
        outbox.put(session, "awaited", {"subscription": made[0] if made else 0})


def end(session: Session, instance_id: int, task_ids: Collection[int]) -> list[Ended]:
    """Close the waits of engine tasks; return them."""
    if not task_ids:
        return []
    is_open = _table.c.instance_id == instance_id, _table.c.closed_at.is_(None), _table.c.task_id.in_(task_ids)
    ended = update(_table).where(*is_open).values(closed_at=clock.now())
    found = session.connection().execute(ended.returning(*(_table.c[one.name] for one in fields(Ended))))
    return [Ended(**row) for row in found.mappings()]


def look_again(session: Session, instance_id: int) -> None:
    """Look back once more for all that a case waits for: it goes on after it stood still."""
    is_open = Subscription.instance_id == instance_id, Subscription.closed_at.is_(None)
    for subscription_id in session.scalars(select(Subscription.id).where(*is_open)):
        outbox.put(session, "awaited", {"subscription": subscription_id})


def waiting_for(session: Session, message: Message) -> list[int]:
    """Return the open waits that a message is for, by their cases; nobody believes a case that speaks for the platform."""
    organizations = None if _is_forged(message) else _addressed(message)
    if organizations is None:
        return []
    query = (
        select(Subscription.id)
        .where(
            Subscription.message == message.name,
            Subscription.key == message.key,
            Subscription.closed_at.is_(None),
            Subscription.origin == ACCEPTS[message.to],
            Subscription.organization_id.in_(organizations),
            Subscription.instance_id.is_distinct_from(message.instance_id),
            ~_is_delivered(message.id, Subscription.instance_id),
        )
        .order_by(Subscription.instance_id, Subscription.id)
    )
    return list(session.scalars(query))


def messages_for(session: Session, wait: Subscription) -> list[int]:
    """Return the messages that are kept for a wait, the oldest first."""
    own = select(Organization.id, Organization.parent_id).where(Organization.id == wait.organization_id).subquery()
    senders = {
        "own": select(own.c.id),
        "children": select(Organization.id).where(Organization.parent_id == wait.organization_id),
        "parent": select(own.c.parent_id),
    }
    query = (
        select(Message.id)
        .where(
            Message.name == wait.message,
            Message.key == wait.key,
            Message.expires_at > clock.now(),
            Message.to == SENDS_TO[wait.origin],
            Message.organization_id.in_(senders[wait.origin]),
            Message.element.is_(None) | Message.name.not_in(PLATFORM_MESSAGES),
            Message.instance_id.is_distinct_from(wait.instance_id),
            ~_is_delivered(Message.id, wait.instance_id),
            # One for those below stays for whoever comes later; another is for those who waited when it was sent.
            (Message.to == "children") | Message.received_at.is_(None) | (Message.sent_at >= wait.opened_at),
        )
        .order_by(Message.id)
    )
    return list(session.scalars(query))


def _is_forged(message: Message) -> bool:
    """Tell whether an element of a diagram sent what only the platform says, as versions from before the check may."""
    return message.element is not None and message.name in PLATFORM_MESSAGES


def _is_delivered(message_id: Any, instance_id: Any) -> Exists:
    return exists().where(Delivery.message_id == message_id, Delivery.instance_id == instance_id)


def _addressed(message: Message) -> Any:
    if message.to == "children":
        return select(Organization.id).where(Organization.parent_id == message.organization_id)
    if message.to == "parent":
        return select(Organization.parent_id).where(Organization.id == message.organization_id)
    return [message.organization_id]
