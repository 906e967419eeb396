"""The one way to write: a transaction that commits whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.db.engine import WRITE

_AFTER = "after_commit"


@contextmanager
def writing(session: Session) -> Iterator[Session]:
    """Open a write transaction, or join the one that is open; commit at the outer end."""
    if _AFTER in session.info:
        yield session
        return
    session.rollback()
    session.connection(execution_options={WRITE: True})
    session.info[_AFTER] = []
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop(_AFTER)
        raise
    for act in session.info.pop(_AFTER):
        act()


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Do something once the open transaction has been committed; nothing if it is rolled back."""
    session.info[_AFTER].append(act)
