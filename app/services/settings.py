"""Marks of the whole database: whether it is set up, and whether it is a demo."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.rules import Setting

DEMO = "demo"
TEST = "test"
INSTALLED = "installed"
PERSONAS = "personas"


def read(session: Session, key: str) -> Any:
    """Return a mark, or None."""
    return session.scalar(select(Setting.value).where(Setting.key == key))


def write(session: Session, key: str, value: Any) -> None:
    """Set a mark in the transaction that is open; of several that set it first, the last one's holds."""
    if _overwritten(session, key, value):
        return
    try:
        with session.begin_nested():
            session.add(Setting(key=key, value=value))
    except IntegrityError:
        _overwritten(session, key, value)


def exchange(session: Session, key: str, seen: Any, value: Any) -> bool:
    """Set a mark that still is as it was seen; tell whether nobody was quicker."""
    found = session.get(Setting, key, with_for_update={"key_share": True}, populate_existing=True)
    if found is not None:
        is_same = bool(found.value == seen)
        found.value = value if is_same else found.value
        session.flush()
        return is_same
    try:
        with session.begin_nested():
            session.add(Setting(key=key, value=value))
    except IntegrityError:
        return False
    return True


def is_demo(session: Session) -> bool:
    """Tell whether the database holds the invented city."""
    return bool(read(session, DEMO))


def is_trial(session: Session) -> bool:
    """Tell whether the database is a demo or a test, where the clock may be set."""
    return any(session.scalars(select(Setting.value).where(Setting.key.in_([DEMO, TEST]))))


def is_installed(session: Session) -> bool:
    """Tell whether there is anything to sign in to."""
    marks = select(Setting.value).where(Setting.key.in_([INSTALLED, DEMO]))
    return any(session.scalars(marks))


def _overwritten(session: Session, key: str, value: Any) -> bool:
    found = session.get(Setting, key, with_for_update={"key_share": True}, populate_existing=True)
    if found is not None:
        found.value = value
        session.flush()
    return found is not None
