"""Counts failed attempts by subject within a window, before the attempt is judged."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.people import SignInThrottle
from app.domain import clock
from app.domain.errors import Throttled
from app.services.transactions import writing

WINDOW = timedelta(minutes=15)
TRIES = 5
# A whole school often stands behind one address.
TRIES_PER_ADDRESS = 50
SUBJECT_LENGTH = 128


def by_username(username: str) -> tuple[str, int]:
    """Return the subject and the limit of a username."""
    return f"user:{username}"[:SUBJECT_LENGTH], TRIES


def by_signer(username: str) -> tuple[str, int]:
    """Return the subject and the limit of whoever signs: no sign-in under any username counts against it."""
    return f"signer:{username}"[:SUBJECT_LENGTH], TRIES


def by_address(address: str) -> tuple[str, int]:
    """Return the subject and the limit of a network address."""
    return f"address:{address}"[:SUBJECT_LENGTH], TRIES_PER_ADDRESS


def reserve(session: Session, *limits: tuple[str, int]) -> int:
    """Count an attempt against every limit and return how many more may fail.

    It is counted before it is judged, so attempts in parallel gain nothing. Raises Throttled.
    """
    with writing(session):
        rows = {subject: _row(session, subject) for subject, _limit in limits}
        waits = [_wait_s(rows[subject]) for subject, limit in limits if rows[subject].failures >= limit]
        if not waits:
            for row in rows.values():
                row.failures += 1
        left = min(limit - rows[subject].failures for subject, limit in limits)
    if waits:
        raise Throttled(max(waits))
    return left


def release(session: Session, *limits: tuple[str, int]) -> None:
    """Forget the failures of what an attempt proved, and give the others their attempt back."""
    with writing(session):
        for subject, limit in limits:
            row = _row(session, subject)
            row.failures = 0 if limit == TRIES else max(0, row.failures - 1)


def prune(session: Session) -> None:
    """Delete the windows that are over."""
    with writing(session):
        session.execute(delete(SignInThrottle).where(SignInThrottle.window_ends_at < clock.now()))


def _row(session: Session, subject: str) -> SignInThrottle:
    """Lock a subject's row, made or started anew where it is needed."""
    query = select(SignInThrottle).where(SignInThrottle.subject == subject).with_for_update()
    row = session.scalar(query) or _new_row(session, subject) or session.scalars(query).one()
    if row.window_ends_at <= clock.now():
        row.failures, row.window_ends_at = 0, clock.now() + WINDOW
    return row


def _new_row(session: Session, subject: str) -> SignInThrottle | None:
    """Add a subject's row; None where another request was quicker."""
    row = SignInThrottle(subject=subject, failures=0, window_ends_at=clock.now() + WINDOW)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def _wait_s(row: SignInThrottle) -> int:
    return max(1, int((row.window_ends_at - clock.now()).total_seconds()))
