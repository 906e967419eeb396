"""Summing up 汇总: what a district passed goes to the city, signed by its head."""

from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.filings import FilingLevel, RowStatus
from app.domain.text import N_
from app.services.filings import auditing, runs
from app.services.filings.arrivals import arriving


def submit_up(session: Session, run_id: int) -> int:
    """Hand what passed in a district to the city; return how many rows. Raises Conflict where there is no city."""
    # The city is held before the district, as where it sends rows back.
    seen = session.get_one(FilingRun, run_id)
    city = seen.organization.parent
    if city is None:
        raise Conflict(N_("本单位上面没有市教育局，不能汇总上报，请找系统管理员。"))
    with arriving(session, runs.required(session, city.id, seen.school_year).id) as above:
        run = runs.locked(session, run_id)
        passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED).order_by(FilingRow.id)
        rows = session.scalars(passed.with_for_update(of=FilingRow)).all()
        for row in rows:
            row.level, row.status, row.batch.city_run_id = FilingLevel.CITY, RowStatus.PENDING, above.id
            row.audited_by_id = row.confirmed_by_id = None
            row.revision += 1
        run.aggregated_at = clock.now()
        run.revision += 1
    return len(rows)
