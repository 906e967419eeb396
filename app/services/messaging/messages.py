"""Messages between cases: what a step sends and waits for, written with the step; see `deliveries` for the rest."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.messages import Message
from app.db.queries.step_locks import LockedCase
from app.domain import clock
from app.domain.calendar import Calendar
from app.domain.errors import ShenpiError
from app.domain.text import N_
from app.engine.changes import Changes, Sent
from app.engine.instants import end_of
from app.services import outbox
from app.services.messaging import subscriptions

_ADD = insert(table_of(Message))
MOST_HOPS = 100


class TooManyHops(ShenpiError):
    """Cases answer each other with nobody between them, and would for ever."""

    message = N_(
        "消息一来一回接连超过 %(most)d 次，中间没有人办理，已经停下，没有再发。请在流程的环路里加上用户任务或者定时。"
    )


def exchange(session: Session, case: LockedCase, changes: Changes, hops: int) -> None:
    """Write which waits of a case ended and began, and what it sends after so many messages that led to it.

    Raises TooManyHops.
    """
    ended = subscriptions.end(session, case.id, changes.unawaited)
    subscriptions.begin(session, case, changes.awaited, ended)
    if changes.sent and hops > MOST_HOPS:
        raise TooManyHops(most=MOST_HOPS)
    for sent in changes.sent:
        send(session, case.organization_id, sent, case.id, hops)


def send(session: Session, organization_id: int, sent: Sent, instance_id: int | None = None, hops: int = 0) -> int:
    """Send a message of a case, or of an operation or a client where there is none; return its id.

    It goes out with the transaction that is open.
    """
    made = session.connection().execute(_ADD, _row(organization_id, sent, instance_id, hops)).inserted_primary_key
    message_id = int(made[0]) if made else 0
    outbox.put(session, "message", {"message": message_id})
    return message_id


def send_many(session: Session, sendings: Sequence[tuple[int, Sent]]) -> None:
    """Send messages of an operation, each from its organisation, in two statements."""
    if sendings:
        rows = [_row(organization_id, sent, None, 0) for organization_id, sent in sendings]
        made: Iterable[int] = session.connection().execute(_ADD.returning(table_of(Message).c.id), rows).scalars()
        outbox.put_many(session, "message", [{"message": message_id} for message_id in made])


def _row(organization_id: int, sent: Sent, instance_id: int | None, hops: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "name": sent.message,
        "key": sent.key,
        "organization_id": organization_id,
        "to": sent.to,
        "instance_id": instance_id,
        "element": sent.element or None,
        "payload": sent.payload,
        "hops": hops,
        "sent_at": now,
        "expires_at": end_of(sent.life, now, Calendar()).instant,
    }
