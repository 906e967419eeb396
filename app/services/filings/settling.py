"""Settling what was prepared and confirmed: rows pass, go back to where they came from, or are refused for good."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack

from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain.errors import Conflict
from app.domain.filings import BatchStatus, FilingLevel, Next, RowStatus, RowVerdict
from app.domain.text import N_
from app.services.filings import answers, auditing, routes
from app.services.filings.arrivals import arriving, has_pending


def settle(session: Session, run: FilingRun, confirmed_by_id: int) -> Counter[RowVerdict]:
    """Do what was prepared for the rows of a year, as another person has confirmed it; return how many of each.

    Raises Conflict where one person prepared and confirmed.
    """
    rows = auditing.prepared(session, run)
    if any(row.audited_by_id in {None, confirmed_by_id} for row in rows):
        raise Conflict(N_("审核和确认要由两个人办，您审核过其中的名单，请由另一位同事确认。"))
    counts = Counter(RowVerdict(row.verdict or RowVerdict.ACCEPT) for row in rows)
    is_city = routes.level_of(run.organization) == FilingLevel.CITY
    with ExitStack() as held:
        for district_run in _passed_on_by(rows) if is_city else []:
            held.enter_context(arriving(session, district_run))
        for row in rows:
            _settle_row(session, row, confirmed_by_id, is_city=is_city)
    batches = {row.batch_id: row.batch for row in rows}
    for batch_id in sorted({row.batch_id for row in rows if row.status == RowStatus.RETURNED}):
        answers.tell_school(session, batches[batch_id])
    answers.conclude(session, batches.values())
    return counts


def next_of(session: Session, run: FilingRun, *, is_final: bool) -> Next:
    """Return what the bureau has to do next: what passes at the final level needs no summing up."""
    is_left = auditing.rows_of(run)
    if has_pending(session, run):
        return Next.AUDIT
    if not is_final and session.scalar(is_left.where(FilingRow.status == RowStatus.PASSED).limit(1)) is not None:
        return Next.AGGREGATE
    return Next.NOTHING


def _passed_on_by(rows: Sequence[FilingRow]) -> list[int]:
    """Return the districts' years to which returned rows go back, always in the same order."""
    back = {row.batch.district_run_id for row in rows if row.verdict == RowVerdict.RETURN}
    return sorted(one for one in back if one is not None)


def _settle_row(session: Session, row: FilingRow, confirmed_by_id: int, *, is_city: bool) -> None:
    verdict, row.verdict = row.verdict, None
    row.confirmed_by_id = confirmed_by_id
    row.revision += 1
    if verdict == RowVerdict.ACCEPT:
        row.status, row.reason = RowStatus.PASSED, None
    elif verdict == RowVerdict.REFUSE:
        row.status = RowStatus.REFUSED
        answers.settle_row(session, row)
    elif is_city and row.batch.district_run_id is not None:
        # Through the district that passed it on.
        row.level = FilingLevel.DISTRICT
    else:
        row.level, row.status, row.batch.status = FilingLevel.SCHOOL, RowStatus.RETURNED, BatchStatus.CORRECTING
        row.batch.revision += 1
