"""Lists that a school takes back: what nothing has come of yet is withdrawn, and the bureaus that had it are told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.rank_reviews import RankApplication
from app.domain import clock
from app.domain.filings import BATCH_KIND_TITLES, SETTLED, BatchKind, BatchStatus, RowStatus
from app.domain.ranks import RankApplicationResult
from app.domain.school_years import titled
from app.domain.text import N_, sentence
from app.domain.vocabulary import InstanceStatus, Role
from app.services import outbox, steps
from app.services.filings import answers, batches, routes, runs
from app.services.telling import offices
from app.services.telling.notifications import News

CLOSE = "filing_batch_close"
REASON = N_("学校中止了报送，没有备案。")
WORDS = N_(
    "%(school)s%(year)s的班主任职级名单（%(kind)s）中止报送：还没有备案的 %(count)d 位已经撤回，不用再审核，已经生效的照旧。"
)


def withdraw_case(session: Session, instance_id: int) -> None:
    """Withdraw the list of a case that is abandoned, and tell whose ranks they are; not begun yet, there is nothing."""
    batch = session.scalar(select(FilingBatch).where(FilingBatch.instance_id == instance_id))
    if batch is not None and batch.status != BatchStatus.SETTLED:
        answers.settle_rows(session, _withdraw(session, [batch]))
        answers.conclude(session, [batch])


def withdraw_review(session: Session, review_id: int) -> None:
    """Withdraw the lists of a review that ends, and have their cases end; its applications are told by their own cases."""
    open_ones = FilingBatch.review_id == review_id, FilingBatch.status != BatchStatus.SETTLED
    found = session.scalars(select(FilingBatch).where(*open_ones).order_by(FilingBatch.id)).all()
    rows = _withdraw(session, found)
    for batch in found:
        batch.status, batch.settled_at = BatchStatus.SETTLED, clock.now()
        batch.revision += 1
        outbox.put(session, CLOSE, {"batch": batch.id})
    answers.settle_rows(session, _of_ended_cases(session, rows))


def close_case(session: Session, payload: Mapping[str, Any]) -> None:
    """End the case of a list that was withdrawn with its review, unless it ended meanwhile or never began."""
    batch = session.get_one(FilingBatch, payload["batch"])
    if batch.instance_id is None:
        return
    step = steps.locked(session, batch.instance_id, None)
    if step.case.ended_at is None:
        steps.abandon(step, InstanceStatus.CANCELLED)
        steps.conclude(step, "cancel", {"reason": "review_closed"})


def _withdraw(session: Session, found: Sequence[FilingBatch]) -> Sequence[FilingRow]:
    """Hold the years, the lists, then the rows, as audits do, and withdraw what is open; return it."""
    cities, districts = ([one.city_run_id for one in found], [one.district_run_id for one in found])
    for level in (cities, districts):
        for run_id in sorted({one for one in level if one is not None}):
            runs.locked(session, run_id)
    held = {one.id: batches.locked(session, one.id) for one in found}
    query = select(FilingRow).where(FilingRow.batch_id.in_(held), FilingRow.status.not_in(SETTLED))
    locking = query.order_by(FilingRow.id).with_for_update().execution_options(populate_existing=True)
    rows = session.scalars(locking).all()
    for row in rows:
        row.status, row.verdict, row.reason = RowStatus.REFUSED, None, REASON
        row.revision += 1
    for batch in held.values():
        _tell(session, batch, sum(row.batch_id == batch.id for row in rows))
    return rows


def _tell(session: Session, batch: FilingBatch, count: int) -> None:
    told = {
        "school": batch.organization.name,
        "year": titled(batch.school_year).chinese(),
        "kind": sentence(BATCH_KIND_TITLES[BatchKind(batch.kind)]).chinese(),
        "count": count,
    }
    news = News(sentence(WORDS, **told).chinese())
    passed = [one.id for one in routes.bureaus_of(session, batch.organization_id)]
    offices.tell(session, passed, Role.BUREAU_CLERK, news)
    offices.tell(session, [batch.organization_id], Role.MORAL_EDUCATION_OFFICE, news)


def _of_ended_cases(session: Session, rows: Sequence[FilingRow]) -> list[FilingRow]:
    """Return the rows of applications that were refused before and filed again: their cases tell nobody any more."""
    about = RankApplication.id.in_([row.application_id for row in rows if row.application_id is not None])
    is_again = RankApplication.result == RankApplicationResult.REFUSED_ABOVE
    again = set(session.scalars(select(RankApplication.id).where(about, is_again)))
    return [row for row in rows if row.application_id in again]
