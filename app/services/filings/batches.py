"""A school's batch: made of what the school determined, started as a case of its own, and handed to the bureau."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.people import Organization
from app.db.rank_reviews import RankApplication, RankReview
from app.domain import clock
from app.domain.errors import Conflict, NotFound
from app.domain.filings import BatchKind, BatchStatus, Channel, FilingLevel, RowStatus
from app.domain.ranks import RankApplicationResult
from app.domain.school_years import titled
from app.domain.text import N_, sentence
from app.domain.vocabulary import Programme, Role
from app.services import outbox
from app.services.filings import routes, runs
from app.services.filings.arrivals import arriving
from app.services.rulebook.rules import effective_rules
from app.services.telling import offices
from app.services.telling.notifications import News

START = "filing_batch"
LATE = N_("%(school)s逾期报来了%(year)s班主任职级名单，共 %(count)d 位，照样审核。请在“备案”里办理。")


def open_batch(session: Session, review_id: int) -> FilingBatch:
    """Make a school's list of a year of what its review determined."""
    return add(session, session.get_one(RankReview, review_id), BatchKind.REGULAR, _determined(session, review_id))


def add(session: Session, review: RankReview, kind: BatchKind, applications: Sequence[RankApplication]) -> FilingBatch:
    """Make a batch of applications, and have its case started, once."""
    made = FilingBatch(
        organization_id=review.organization_id,
        review_id=review.id,
        school_year=review.school_year,
        kind=kind,
        status=BatchStatus.PREPARED,
        channel=channel_of(session, review.organization_id),
        is_late=kind == BatchKind.REGULAR and _is_late(review),
        manifest_hash=review.signed_hash,
        submitted_at=clock.now(),
        rows=[_row(one) for one in applications],
    )
    begin(session, made)
    return made


def begin(session: Session, batch: FilingBatch) -> None:
    """Keep a new batch, and have its case started, once. Raises Conflict where there is no bureau to have it."""
    if batch.channel == Channel.PLATFORM:
        routes.nearest(session, batch.organization_id)
    session.add(batch)
    session.flush()
    outbox.put(session, START, {"batch": batch.id})


def submit(session: Session, batch_id: int, instance_id: int, organization_id: int) -> FilingBatch:
    """Hand a batch to the nearest bureau, as the case that it is; on paper it stays with the school until the reply.

    Raises NotFound for another school's, and Conflict where it was withdrawn meanwhile or is another case.
    """
    seen = session.get(FilingBatch, batch_id)
    if seen is None or seen.organization_id != organization_id:
        raise NotFound
    _require_free(seen)
    if seen.channel == Channel.PAPER:
        return _begun(session, seen.id, instance_id)
    nearest = routes.nearest(session, organization_id)
    with arriving(session, runs.required(session, nearest.id, seen.school_year).id) as run:
        batch = _begun(session, seen.id, instance_id)
        if routes.level_of(nearest) == FilingLevel.DISTRICT:
            batch.district_run_id = run.id
        else:
            batch.city_run_id = run.id
        for row in batch.rows:
            row.level = level_of(batch)
            row.came_on = clock.today() if row.level == FilingLevel.DISTRICT else None
    if batch.is_late:
        _tell_of_late(session, batch, nearest)
    return batch


def _begun(session: Session, batch_id: int, instance_id: int) -> FilingBatch:
    """Return a batch, held, whose case begins."""
    batch = locked(session, batch_id)
    _require_free(batch)
    batch.instance_id, batch.status, batch.submitted_at = instance_id, BatchStatus.SUBMITTED, clock.now()
    return batch


def _require_free(batch: FilingBatch) -> None:
    if batch.status == BatchStatus.SETTLED:
        raise Conflict(N_("这份名单已经撤回，不再报送。"))
    if batch.instance_id is not None:
        raise Conflict(N_("这份名单已经在另一件里报送，不能再报一次。"))


def _tell_of_late(session: Session, batch: FilingBatch, bureau: Organization) -> None:
    """Tell a bureau's clerks of a list that came after the day, which they may have ceased to expect."""
    year = titled(batch.school_year).chinese()
    words = sentence(LATE, school=batch.organization.name, year=year, count=len(batch.rows)).chinese()
    offices.tell(session, [bureau.id], Role.BUREAU_CLERK, News(words))


def channel_of(session: Session, organization_id: int) -> Channel:
    """Return how a school's batches reach the bureau, by rule."""
    found = effective_rules(session, organization_id, Programme.RANK).get("filing.channel")
    return Channel((found.value if found else None) or Channel.PLATFORM)


def level_of(batch: FilingBatch) -> FilingLevel:
    """Return where a batch's rows go when the school hands them in."""
    if batch.channel == Channel.PAPER:
        return FilingLevel.SCHOOL
    return FilingLevel.DISTRICT if batch.district_run_id is not None else FilingLevel.CITY


def run_of(batch: FilingBatch) -> int | None:
    """Return the year that has a batch's rows first; none on paper."""
    return batch.district_run_id or batch.city_run_id


def locked(session: Session, batch_id: object) -> FilingBatch:
    """Return a batch, held until the transaction ends. Raises NotFound."""
    query = select(FilingBatch).where(FilingBatch.id == batch_id).with_for_update(of=FilingBatch, key_share=True)
    found = session.scalar(query.execution_options(populate_existing=True)) if isinstance(batch_id, int) else None
    if found is None:
        raise NotFound
    return found


def is_settled(session: Session, review_id: int) -> bool:
    """Tell whether every row of a review's list has been answered."""
    query = select(FilingBatch.status).where(FilingBatch.review_id == review_id, FilingBatch.kind == BatchKind.REGULAR)
    return session.scalar(query) == BatchStatus.SETTLED


def _determined(session: Session, review_id: int) -> list[RankApplication]:
    filed = select(FilingRow.id).where(FilingRow.application_id == RankApplication.id).exists()
    query = select(RankApplication).where(
        RankApplication.review_id == review_id,
        RankApplication.result == RankApplicationResult.DETERMINED,
        ~filed,
    )
    return list(session.scalars(query.order_by(RankApplication.id)))


def _row(application: RankApplication) -> FilingRow:
    return FilingRow(
        application_id=application.id,
        person_id=application.person_id,
        name=application.person.name,
        rank=application.rank,
        held=application.held,
        kind=application.kind,
        particulars={"votes": application.counts or {}},
        status=RowStatus.PENDING,
        level=FilingLevel.SCHOOL,
    )


def _is_late(review: RankReview) -> bool:
    file_by = review.dates.get("file_by")
    return file_by is not None and clock.today() > date.fromisoformat(file_by)
