"""Rows that lie with a bureau where nobody is asked about them: found by the doctor, and set going every morning."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.messages import Subscription
from app.db.processes import ProcessInstance
from app.domain.filings import WITH_BUREAU, FilingLevel, RowStatus
from app.services.filings import answers, runs

_PASSES = or_(FilingBatch.district_run_id == FilingRun.id, FilingBatch.city_run_id == FilingRun.id)
_LIES_THERE = or_(
    and_(FilingBatch.district_run_id == FilingRun.id, FilingRow.level == FilingLevel.DISTRICT),
    and_(FilingBatch.city_run_id == FilingRun.id, FilingRow.level == FilingLevel.CITY),
)


class Stranded(NamedTuple):
    """A bureau's year whose case has ended, and how many rows lie there."""

    run: FilingRun
    rows: int


def stranded(session: Session) -> list[Stranded]:
    """Return the years whose case has ended, or was cancelled, while rows lie there."""
    ended = select(FilingRun.id).join(FilingRun.instance).where(ProcessInstance.ended_at.is_not(None))
    counted = (
        select(FilingRun.id, func.count().label("rows"))
        .join(FilingBatch, _PASSES)
        .join(FilingBatch.rows)
        .where(FilingRun.id.in_(ended), _LIES_THERE, FilingRow.status.in_(WITH_BUREAU))
        .group_by(FilingRun.id)
        .subquery()
    )
    query = select(FilingRun, counted.c.rows).join(counted, counted.c.id == FilingRun.id).join(FilingRun.organization)
    found: Any = session.execute(query.options(contains_eager(FilingRun.organization)).order_by(FilingRun.id))
    return [Stranded(run, rows) for run, rows in found]


def set_going(session: Session, held: Collection[FilingRun]) -> None:
    """Have years opened again whose case has ended over rows, and tell those anew that wait while rows lie there.

    A message is kept for months only: a case may come to wait for it later.
    """
    for one in stranded(session):
        runs.want(session, one.run.organization_id, one.run.school_year)
    for run in _unheard(session, held):
        answers.tell_run(session, run)


def _unheard(session: Session, held: Collection[FilingRun]) -> Iterator[FilingRun]:
    """Yield those of some years that wait for rows while there are rows to audit."""
    by_id = {run.id: run for run in held}
    is_waiting = and_(
        Subscription.instance_id == FilingRun.instance_id,
        Subscription.message == answers.ARRIVED,
        Subscription.closed_at.is_(None),
    )
    query = (
        select(FilingRun.id)
        .distinct()
        .join(Subscription, is_waiting)
        .join(FilingBatch, _PASSES)
        .join(FilingBatch.rows)
        .where(FilingRun.id.in_(by_id), _LIES_THERE, FilingRow.status == RowStatus.PENDING)
    )
    for run_id in session.scalars(query):
        yield by_id[run_id]
