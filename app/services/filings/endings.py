"""The end of a bureau's year: where nothing is under way to it, and never while rows lie there."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.domain.errors import Conflict
from app.domain.filings import SETTLED, FilingLevel
from app.domain.text import N_
from app.services.filings import arrivals, lateness, routes, runs

STILL_THERE = N_(
    "还有 %(count)d 位老师的名单在本单位没有办完，现在不能取消：请先审核、汇总上报，报错了的可以退回补正或者不予备案。"
)


def end(session: Session, run: FilingRun) -> int:
    """End a bureau's year, unless something is under way to it; return how many rows are.

    A city waits for what its districts and schools have in hand, and urges them. A district is done where nothing lies
    with it: what comes back opens its year again.
    """
    left = arrivals.count_rows(session, run)
    if left:
        # It came this very moment: a case that ends all the same is followed by another.
        runs.want(session, run.organization_id, run.school_year)
    elif routes.level_of(run.organization) == FilingLevel.CITY:
        left = _under_way(session, run)
    if not left:
        runs.close(run)
    return left


def abandon(session: Session, instance_id: int) -> None:
    """End the year of a case that is cancelled, if it was opened. Raises Conflict while rows lie there."""
    found = session.scalar(select(FilingRun.id).where(FilingRun.instance_id == instance_id))
    if found is None:
        return
    run = runs.locked(session, found)
    if count := arrivals.count_rows(session, run):
        raise Conflict(STILL_THERE, count=count)
    runs.close(run)


def _under_way(session: Session, run: FilingRun) -> int:
    """Return how many rows of a city's year nothing has come of yet, with its districts and its schools."""
    below = lateness.below(run).with_only_columns(FilingRun.id)
    passes = or_(FilingBatch.city_run_id == run.id, FilingBatch.district_run_id.in_(below))
    counted = select(func.count()).select_from(FilingRow).join(FilingRow.batch)
    return session.scalar(counted.where(passes, FilingRow.status.not_in(SETTLED))) or 0
