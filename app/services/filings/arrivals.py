"""Rows that come to a bureau: its case is told of the first ones, and finds the others when it looks."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain.filings import RowStatus
from app.services.filings import answers, auditing, runs


@contextmanager
def arriving(session: Session, run_id: int) -> Iterator[FilingRun]:
    """Hold a bureau's year while rows come to it; where it had none to audit, its case is told.

    A year that has rows to audit is at it: its case waits for nothing, and looks for more once it has settled them.
    """
    run = runs.locked(session, run_id)
    was_idle = not has_pending(session, run)
    yield run
    session.flush()
    if was_idle and has_pending(session, run):
        answers.tell_run(session, run)


def has_pending(session: Session, run: FilingRun) -> bool:
    """Tell whether a year has rows to audit, or to confirm."""
    pending = auditing.rows_of(run).where(FilingRow.status == RowStatus.PENDING).limit(1)
    return session.scalar(pending) is not None
