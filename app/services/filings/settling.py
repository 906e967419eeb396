"""Settling what was prepared and confirmed: rows pass, go back to where they came from, or are refused for good."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy import or_, update
from sqlalchemy.orm import Session, contains_eager

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain.errors import Conflict
from app.domain.filings import BatchStatus, FilingLevel, Next, RowStatus, RowVerdict
from app.domain.text import N_
from app.services.filings import answers, auditing, locks, routes
from app.services.filings.arrivals import arriving, has_pending


def settle(session: Session, run: FilingRun, confirmed_by_id: int) -> Counter[RowVerdict]:
    """Do what was prepared for the rows of a year, as another person has confirmed it; return how many of each.

    Raises Conflict where one person prepared and confirmed.
    """
    is_own = or_(FilingRow.audited_by_id.is_(None), FilingRow.audited_by_id == confirmed_by_id)
    if session.scalar(auditing.prepared(run).where(is_own).limit(1)) is not None:
        raise Conflict(N_("审核和确认要由两个人办，您审核过其中的名单，请由另一位同事确认。"))
    counts = auditing.count_prepared(session, run)
    is_city = routes.level_of(run.organization) == FilingLevel.CITY
    with ExitStack() as held:
        for district_run in _passed_on_by(session, run) if is_city else []:
            held.enter_context(arriving(session, district_run))
        # Also of what passed before: it may become effective in this transaction.
        is_moved = or_(FilingRow.verdict.is_not(None), FilingRow.status == RowStatus.PASSED)
        locks.hold_batches(session, auditing.rows_of(run).where(is_moved))
        _pass(session, run, confirmed_by_id)
        others = auditing.prepared(run).order_by(FilingRow.id).options(contains_eager(FilingRow.batch))
        rows = session.scalars(others.with_for_update(of=FilingRow).execution_options(populate_existing=True)).all()
        for row in rows:
            _settle_row(row, confirmed_by_id, is_city=is_city)
    answers.settle_rows(session, [row for row in rows if row.status == RowStatus.REFUSED])
    batches = {row.batch_id: row.batch for row in rows}
    for batch_id in sorted({row.batch_id for row in rows if row.status == RowStatus.RETURNED}):
        answers.tell_school(session, batches[batch_id])
    answers.conclude(session, batches.values())
    return counts


def hand_back(row: FilingRow) -> None:
    """Let a row that came back from above lie with its district, with why it came back."""
    row.level = FilingLevel.DISTRICT
    row.particulars = {**row.particulars, "returned": row.reason, "is_back": True}


def _pass(session: Session, run: FilingRun, confirmed_by_id: int) -> None:
    """Let all pass that are to be accepted, however many."""
    accepted = auditing.prepared(run).where(FilingRow.verdict == RowVerdict.ACCEPT).with_only_columns(FilingRow.id)
    passed = {
        "status": RowStatus.PASSED,
        "verdict": None,
        "reason": None,
        "confirmed_by_id": confirmed_by_id,
        "revision": FilingRow.revision + 1,
    }
    changed = update(FilingRow).where(FilingRow.id.in_(accepted)).values(passed)
    session.execute(changed.execution_options(synchronize_session=False))


def next_of(session: Session, run: FilingRun, *, is_final: bool) -> Next:
    """Return what the bureau has to do next: what passes at the final level needs no summing up."""
    is_left = auditing.rows_of(run)
    if has_pending(session, run):
        return Next.AUDIT
    if not is_final and session.scalar(is_left.where(FilingRow.status == RowStatus.PASSED).limit(1)) is not None:
        return Next.AGGREGATE
    return Next.NOTHING


def _passed_on_by(session: Session, run: FilingRun) -> Sequence[int]:
    """Return the districts' years to which rows go back that a city returns, always in the same order."""
    back = auditing.prepared(run).where(
        FilingRow.verdict == RowVerdict.RETURN, FilingBatch.district_run_id.is_not(None)
    )
    query = back.with_only_columns(FilingBatch.district_run_id).distinct()
    return [one for one in session.scalars(query.order_by(FilingBatch.district_run_id)) if one is not None]


def _settle_row(row: FilingRow, confirmed_by_id: int, *, is_city: bool) -> None:
    verdict, row.verdict = row.verdict, None
    row.confirmed_by_id = confirmed_by_id
    row.revision += 1
    if verdict == RowVerdict.REFUSE:
        row.status = RowStatus.REFUSED
    elif is_city and row.batch.district_run_id is not None:
        # Through the district that passed it on.
        hand_back(row)
    else:
        row.level, row.status, row.batch.status = FilingLevel.SCHOOL, RowStatus.RETURNED, BatchStatus.CORRECTING
        row.batch.revision += 1
