"""The one way to write: a transaction that commits whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.db.engine import WRITE

_INSIDE = "writing"
_AFTER = "after_commit"
_MEMO = "memo"
LOCKING: Any = {WRITE: True}


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Open a write transaction, or join the one that is open; commit at the outer end."""
    if _INSIDE in session.info:
        yield session
        return
    session.rollback()
    memo(session).clear()
    session.info[_INSIDE] = session.connection(execution_options=LOCKING)
    try:
        yield session
        session.commit()
        _do_after(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        # Whatever happened, the next caller must not believe that it is inside.
        session.info.pop(_INSIDE)
        session.info.pop(_AFTER, None)
        memo(session).clear()


def connection_of(session: Session) -> Connection:
    """Return the connection of the transaction that is open, for statements that pass the unit of work by."""
    # A savepoint is set once the session itself is asked for the connection.
    found: Connection | None = None if session.in_nested_transaction() else session.info.get(_INSIDE)
    return found or session.connection()


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do something once the open transaction is committed, once however often it is asked; it must not fail."""
    session.info.setdefault(_AFTER, {})[act] = None


def _do_after(session: Session) -> None:
    for act in session.info.pop(_AFTER, {}):
        act()


def memo(session: Session) -> dict[Any, Any]:
    """Return what was read once for this session; a write transaction begins and ends with nothing in it."""
    kept: dict[Any, Any] = session.info.setdefault(_MEMO, {})
    return kept
