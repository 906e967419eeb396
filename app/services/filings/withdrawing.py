"""Lists that a school takes back: what nothing has come of yet is withdrawn, and the bureaus that had it are told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.db.people import Organization
from app.db.rank_reviews import RankApplication
from app.domain import clock
from app.domain.filings import BATCH_KIND_TITLES, SETTLED, BatchKind, BatchStatus, RowStatus
from app.domain.ranks import RankApplicationResult
from app.domain.school_years import titled
from app.domain.text import N_, sentence
from app.domain.vocabulary import InstanceStatus, OrganizationKind, Role
from app.services import outbox, steps
from app.services.filings import answers, batches, letters, routes, runs
from app.services.telling import offices
from app.services.telling.notifications import News

CLOSE, CLOSE_LETTER = "filing_batch_close", "filing_letter_close"
REASON = N_("学校中止了报送，没有备案。")
WORDS = N_(
    "%(school)s%(year)s的班主任职级名单（%(kind)s）中止报送：还没有备案的 %(count)d 位已经撤回，不用再审核，已经生效的照旧。"
)

EMPTIED = N_(
    "%(year)s的纸质汇总%(serial)s里，各位老师都由学校撤回了：不用再盖章报送、登记批复，这件汇总已经结束。名单已经送到市教育局的，请告诉市教育局不用再审。"
)


def withdraw_case(session: Session, instance_id: int) -> None:
    """Withdraw the list of a case that is abandoned, and tell whose ranks they are; not begun yet, there is nothing."""
    held, rows = _withdraw(session, FilingBatch.instance_id == instance_id)
    answers.settle_rows(session, rows)
    answers.conclude(session, held)


def withdraw_review(session: Session, review_id: int) -> None:
    """Withdraw the lists of a review that ends, and have their cases end; its applications are told by their own cases."""
    held, rows = _withdraw(session, FilingBatch.review_id == review_id)
    for batch in held:
        batch.status, batch.settled_at = BatchStatus.SETTLED, clock.now()
        batch.revision += 1
        outbox.put(session, CLOSE, {"batch": batch.id})
    answers.settle_rows(session, _of_ended_cases(session, rows))


def close_case(session: Session, payload: Mapping[str, Any]) -> None:
    """End the case of a list that was withdrawn with its review, unless it ended meanwhile or never began."""
    _close(session, session.get_one(FilingBatch, payload["batch"]).instance_id, "review_closed")


def close_letter(session: Session, payload: Mapping[str, Any]) -> None:
    """End the case of a letter of which every row was withdrawn, wherever it waits, whatever diagram it began with."""
    _close(session, session.get_one(FilingLetter, payload["letter"]).instance_id, "letter_withdrawn")


def _close(session: Session, instance_id: int | None, reason: str) -> None:
    if instance_id is None:
        return
    step = steps.locked(session, instance_id, None)
    if step.case.ended_at is None:
        steps.abandon(step, InstanceStatus.CANCELLED)
        steps.conclude(step, "cancel", {"reason": reason})


def _withdraw(session: Session, about: ColumnElement[bool]) -> tuple[list[FilingBatch], Sequence[FilingRow]]:
    """Hold the years, the lists, then the rows, as audits do, and withdraw what is open of some lists; return both."""
    found = session.scalars(select(FilingBatch).where(about).order_by(FilingBatch.id)).all()
    for run_id in _years(session, found):
        runs.locked(session, run_id)
    held = [batches.locked(session, one.id) for one in found]
    is_open = {one.id for one in held if one.status != BatchStatus.SETTLED}
    query = select(FilingRow).where(FilingRow.batch_id.in_(is_open), FilingRow.status.not_in(SETTLED))
    locking = query.order_by(FilingRow.id).with_for_update().execution_options(populate_existing=True)
    rows = session.scalars(locking).all()
    for row in rows:
        row.status, row.verdict, row.reason = RowStatus.REFUSED, None, REASON
        row.revision += 1
    withdrawn = [one for one in held if one.id in is_open]
    for batch in withdrawn:
        _tell(session, batch, sum(row.batch_id == batch.id for row in rows))
    for letter in letters.emptied(session, rows):
        outbox.put(session, CLOSE_LETTER, {"letter": letter.id})
        _tell_of_letter(session, letter)
    return withdrawn, rows


def _years(session: Session, found: Sequence[FilingBatch]) -> list[int]:
    """Return the years that have lists, and those that may have them before they are held, cities first."""
    linked = {one for batch in found for one in (batch.city_run_id, batch.district_run_id) if one is not None}
    above = {one.id for batch in found for one in _above(batch.organization)}
    is_ahead = and_(
        FilingRun.organization_id.in_(above), FilingRun.school_year.in_({batch.school_year for batch in found})
    )
    query = select(FilingRun.id).join(FilingRun.organization).where(or_(FilingRun.id.in_(linked), is_ahead))
    is_district = Organization.kind == OrganizationKind.DISTRICT
    return list(session.scalars(query.order_by(is_district, FilingRun.id)))


def _above(school: Organization) -> Iterator[Organization]:
    one = school.parent
    while one is not None:
        yield one
        one = one.parent


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


def _tell_of_letter(session: Session, letter: FilingLetter) -> None:
    """Tell a district's people, the head who signed it among them, that nobody is left of what they sent on paper."""
    year = titled(letter.run.school_year).chinese()
    serial = letter.instance.serial if letter.instance else ""
    news = News(sentence(EMPTIED, year=year, serial=serial).chinese(), link=f"/filings/{letter.run_id}")
    for role in (Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER):
        offices.tell(session, [letter.run.organization_id], role, news)


def _of_ended_cases(session: Session, rows: Sequence[FilingRow]) -> list[FilingRow]:
    """Return the rows of applications that were refused before and filed again: their cases tell nobody any more."""
    about = RankApplication.id.in_([row.application_id for row in rows if row.application_id is not None])
    is_again = RankApplication.result == RankApplicationResult.REFUSED_ABOVE
    again = set(session.scalars(select(RankApplication.id).where(about, is_again)))
    return [row for row in rows if row.application_id in again]
