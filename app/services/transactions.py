"""The one way to write: a transaction that commits whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.engine import begin_to_write

_INSIDE = "writing"
_AFTER = "after_commit"
_MEMO = "memo"


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Open a write transaction, or join the one that is open; commit at the outer end.

    The session joins it once it is asked for something: most steps get along without.
    """
    if _INSIDE in session.info:
        yield session
        return
    if session.in_transaction():
        session.rollback()
    memo(session).clear()
    bind, bound = session.get_bind(), session.bind
    connection = bind if isinstance(bind, Connection) else bind.connect()
    try:
        transaction = begin_to_write(connection)
        session.info[_INSIDE] = session.bind = connection
        yield session
        if session.in_transaction():
            session.commit()
        transaction.commit()
    except BaseException:
        session.rollback()
        connection.rollback()
        raise
    finally:
        # Whatever happened, the next caller must not believe that it is inside.
        session.info.pop(_INSIDE, None)
        session.bind = bound
        after = session.info.pop(_AFTER, {})
        memo(session).clear()
        # One that the session keeps stays open.
        if connection is not bind:
            connection.close()
    for act in after:
        act()


def connection_of(session: Session) -> Connection:
    """Return the connection of the transaction that is open, for statements that pass the unit of work by."""
    # A savepoint is set once the session itself is asked for the connection.
    found: Connection | None = None if session.in_nested_transaction() else session.info.get(_INSIDE)
    return found or session.connection()


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do something once the open transaction is committed, once however often it is asked; it must not fail."""
    session.info.setdefault(_AFTER, {})[act] = None


def memo(session: Session) -> dict[Any, Any]:
    """Return what was read once for this session; a write transaction begins and ends with nothing in it."""
    kept: dict[Any, Any] = session.info.setdefault(_MEMO, {})
    return kept
