"""Rows that come to a bureau: its case is told of the first ones, and finds the others when it looks.

Where its case has ended, or was cancelled, they have the year opened again: rows never lie where nobody is asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain.errors import Conflict
from app.domain.filings import WITH_BUREAU, RowStatus
from app.domain.text import N_
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
    if not has_pending(session, run):
        return
    if runs.has_ended(session, run):
        runs.want(session, run.organization_id, run.school_year)
    elif was_idle:
        answers.tell_run(session, run)


def go_on(session: Session, run: FilingRun, instance_id: int) -> None:
    """Let a year whose case has ended go on with another. Raises Conflict while its own is running.

    What had passed and gone no further is audited anew: whoever confirmed it did so in the other case.
    """
    if not runs.has_ended(session, run):
        raise Conflict(N_("本单位这一学年的备案正在办，不用再开。"))
    run.instance_id, run.ended_at = instance_id, None
    run.revision += 1
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED).with_only_columns(FilingRow.id)
    anew = {"status": RowStatus.PENDING, "audited_by_id": None, "confirmed_by_id": None}
    changed = update(FilingRow).where(FilingRow.id.in_(passed)).values(**anew, revision=FilingRow.revision + 1)
    session.execute(changed.execution_options(synchronize_session=False))
    if has_pending(session, run):
        answers.tell_run(session, run)


def has_pending(session: Session, run: FilingRun) -> bool:
    """Tell whether a year has rows to audit, or to confirm."""
    pending = auditing.rows_of(run).where(FilingRow.status == RowStatus.PENDING).limit(1)
    return session.scalar(pending) is not None


def count_rows(session: Session, run: FilingRun) -> int:
    """Return how many rows lie with a year's bureau that it is not done with."""
    counted = auditing.rows_of(run).where(FilingRow.status.in_(WITH_BUREAU)).with_only_columns(func.count())
    return session.scalar(counted) or 0
