"""Summing up 汇总: what a district passed goes to the city, signed by its head."""

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain import clock
from app.domain.filings import FilingLevel, RowStatus
from app.services.filings import answers, auditing, letters, locks, runs
from app.services.filings.arrivals import arriving, has_pending


def submit_up(session: Session, run_id: int) -> int:
    """Hand what passed in a district to the city, by letter where it is not on the platform; return how many rows."""
    # The city is held before the district, as where it sends rows back.
    seen = session.get_one(FilingRun, run_id)
    city = seen.organization.parent
    if city is None:
        run = runs.locked(session, run_id)
        count = len(letters.write(session, run).rows)
    else:
        with arriving(session, runs.required(session, city.id, seen.school_year).id) as above:
            run = runs.locked(session, run_id)
            count = _hand_up(session, run, above)
    run.aggregated_at = clock.now()
    run.revision += 1
    if has_pending(session, run):
        # It came while the head of the bureau had the list: what was said of it then may be over by now.
        answers.tell_run(session, run)
    return count


def _hand_up(session: Session, run: FilingRun, above: FilingRun) -> int:
    """Let all that passed lie with the city, however many; return how many."""
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)
    locks.hold_batches(session, passed)
    batches = passed.with_only_columns(FilingRow.batch_id)
    rows = passed.with_only_columns(FilingRow.id)
    unaudited = {"audited_by_id": None, "confirmed_by_id": None, "revision": FilingRow.revision + 1}
    lying = {"level": FilingLevel.CITY, "status": RowStatus.PENDING, "came_on": None, **unaudited}
    count = session.scalar(passed.with_only_columns(func.count())) or 0
    for changed in (
        update(FilingBatch).where(FilingBatch.id.in_(batches)).values(city_run_id=above.id),
        update(FilingRow).where(FilingRow.id.in_(rows)).values(lying),
    ):
        session.execute(changed.execution_options(synchronize_session=False))
    session.expire_all()
    return count
