"""The outbox: what must be done after a commit, at least once, with backoff."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.journal import OutboxMessage
from app.db.queries import step_writes
from app.domain import clock
from app.services.transactions import after_commit, connection_of, writing

logger = logging.getLogger(__name__)

Handler = Callable[[Session, Mapping[str, Any]], None]
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
BATCH = 100
DISPATCHER = "dispatcher"


class Dispatcher(Protocol):
    """Whoever hands the outbox out: a thread of this process, or the workers behind Redis."""

    def nudge(self) -> None:
        """Say that there is something to hand out; returns at once and never fails."""

    def is_reachable(self) -> bool:
        """Tell whether the nudge arrives."""


def hand_to(session: Session, dispatcher: Dispatcher) -> None:
    """Let a dispatcher know of what this session commits."""
    session.info[DISPATCHER] = dispatcher


def put(session: Session, kind: str, payload: dict[str, Any]) -> None:
    """Write a message in the transaction that is open."""
    put_many(session, kind, [payload])


def put_many(session: Session, kind: str, payloads: Iterable[dict[str, Any]]) -> None:
    """Write messages of a kind in one statement of the transaction that is open."""
    now = clock.now()
    rows = [{"kind": kind, "payload": one, "created_at": now, "available_at": now} for one in payloads]
    step_writes.ADD_MESSAGE.run_many(connection_of(session), rows)
    nudge(session)


def nudge(session: Session) -> None:
    """Have the dispatcher look once the open transaction is committed: a faster way to what the next tick finds."""
    if DISPATCHER in session.info:
        after_commit(session, session.info[DISPATCHER].nudge)


def dispatch(session: Session, handlers: Mapping[str, Handler]) -> int:
    """Handle what is due, each message in a transaction of its own; return how many were tried.

    A message that another dispatcher has at the moment does not count.
    """
    due = list(
        session.scalars(
            select(OutboxMessage.id)
            # What was never tried is due whatever the clock says: it may have been turned back since.
            .where(
                OutboxMessage.done_at.is_(None),
                or_(OutboxMessage.attempts == 0, OutboxMessage.available_at <= clock.now()),
            )
            .order_by(OutboxMessage.available_at, OutboxMessage.id)
            .limit(BATCH)
        )
    )
    return sum(_handle(session, message_id, handlers) for message_id in due)


def _handle(session: Session, message_id: int, handlers: Mapping[str, Handler]) -> bool:
    try:
        with writing(session):
            message = _locked(session, message_id)
            if message is None:
                return False
            handlers[message.kind](session, message.payload)
            message.done_at = clock.now()
    except Exception as error:
        logger.exception("outbox message %s failed", message_id)
        _postpone(session, message_id, error)
    return True


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts that failed: twice as long each time, hours at most."""
    return min(FIRST_WAIT * int(2 ** min(attempts, 20)), LONGEST_WAIT)


def _locked(session: Session, message_id: int) -> OutboxMessage | None:
    """Lock a pending message, or return None where another dispatcher has it."""
    return session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.done_at.is_(None))
        .with_for_update(skip_locked=True)
    )


def _postpone(session: Session, message_id: int, error: Exception) -> None:
    with writing(session):
        message = _locked(session, message_id)
        if message is None:
            return
        message.attempts += 1
        message.available_at = clock.now() + wait_after(message.attempts)
        message.error = f"{type(error).__name__}: {error}"[:2000]
