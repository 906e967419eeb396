"""Summing up 汇总: what a district passed goes to the city, signed by its head."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, update
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain import clock
from app.domain.filings import FilingLevel, RowStatus
from app.services import outbox
from app.services.filings import answers, auditing, letters, locks, runs
from app.services.filings.arrivals import arriving, has_pending

HAND_UP = "filing_hand_up"


def submit_up(session: Session, run_id: int) -> int:
    """Hand what passed in a district to the city, by letter where it is not on the platform; return how many rows."""
    # The city is held before the district, as where it sends rows back.
    seen = session.get_one(FilingRun, run_id)
    city = seen.organization.parent
    above = runs.find(session, city.id, seen.school_year) if city else None
    if above is not None:
        with arriving(session, above.id):
            run = runs.locked(session, run_id)
            count = _hand_up(session, above, _passed(run))
    else:
        run = runs.locked(session, run_id)
        count = _expect(session, run, city.id) if city else letters.write(session, run)
    run.aggregated_at = clock.now()
    run.revision += 1
    if has_pending(session, run):
        # It came while the head of the bureau had the list: what was said of it then may be over by now.
        answers.tell_run(session, run)
    return count


def hand_up(session: Session, run_id: int, city_id: int, rows: Sequence[int]) -> None:
    """Hand the signed rows of a district to a city whose year was opened for them, unless they are elsewhere by now."""
    seen = session.get_one(FilingRun, run_id)
    with arriving(session, runs.required(session, city_id, seen.school_year).id) as above:
        run = runs.locked(session, run_id)
        _hand_up(session, above, _passed(run).where(FilingRow.id.in_(rows)))


def _expect(session: Session, run: FilingRun, city_id: int) -> int:
    """Have a city open its year that came to stand above a district after the year began, and then have the rows."""
    rows = list(session.scalars(_passed(run).with_only_columns(FilingRow.id)))
    outbox.put(session, HAND_UP, {"run": run.id, "city": city_id, "rows": rows})
    return len(rows)


def _passed(run: FilingRun) -> Select[Any]:
    return auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)


def _hand_up(session: Session, above: FilingRun, passed: Select[Any]) -> int:
    """Let all that passed lie with the city, however many; return how many."""
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
