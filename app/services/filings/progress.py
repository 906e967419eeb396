"""Who has filed and who has not: every school below a bureau, with where it stands and the days that are left."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from app.db.filings import FilingBatch
from app.db.people import Organization
from app.db.rank_reviews import RankReview
from app.domain import clock
from app.domain.filings import BatchKind, BatchStatus, Standing
from app.domain.ranks import RankReviewStage
from app.domain.vocabulary import OrganizationKind, Programme
from app.services.rulebook.rules import effective_rules
from app.services.timing import calendars

_OF_BATCH = {
    BatchStatus.PREPARED: Standing.SUBMITTED,
    BatchStatus.SUBMITTED: Standing.SUBMITTED,
    BatchStatus.CORRECTING: Standing.CORRECTING,
    BatchStatus.SETTLED: Standing.SETTLED,
}


@dataclass(frozen=True)
class SchoolStanding:
    """A school with where its list of a year stands."""

    id: int
    name: str
    above: str
    standing: Standing
    is_late: bool


def standings(session: Session, places: ColumnElement[bool], school_year: int) -> list[SchoolStanding]:
    """Return the schools that meet a condition with where they stand in a year, by bureau."""
    above = aliased(Organization)
    of_year = and_(RankReview.organization_id == Organization.id, RankReview.school_year == school_year)
    regular = and_(
        FilingBatch.organization_id == Organization.id,
        FilingBatch.school_year == school_year,
        FilingBatch.kind == BatchKind.REGULAR,
    )
    query = (
        select(
            Organization.id, Organization.name, above.name, RankReview.stage, FilingBatch.status, FilingBatch.is_late
        )
        .join(above, above.id == Organization.parent_id)
        .outerjoin(RankReview, of_year)
        .outerjoin(FilingBatch, regular)
        .where(Organization.kind == OrganizationKind.SCHOOL, places)
        .order_by(Organization.path)
    )
    return [
        SchoolStanding(id_, name, bureau, _standing(stage, status), bool(is_late))
        for id_, name, bureau, stage, status, is_late in session.execute(query)
    ]


def file_by(session: Session, organization_id: int, school_year: int) -> date | None:
    """Return the day by which lists are filed: that of the rule, or the working day before."""
    rule = effective_rules(session, organization_id, Programme.RANK).get("rank.files_by")
    if rule is None or not rule.value:
        return None
    month, day = (int(part) for part in str(rule.value).split("-"))
    last, calendar = date(school_year, month, day), calendars.national()
    return last if calendar.is_working_day(last).is_working else calendar.working_days_before(last, 1).on


def days_left(last: date) -> int:
    """Return how many working days are left until a day; below zero where it is over."""
    today = clock.today()
    count = calendars.national().working_days_between
    return count(today, last) if last >= today else -count(last, today)


def _standing(stage: RankReviewStage | None, status: BatchStatus | None) -> Standing:
    if status is not None:
        return _OF_BATCH[status]
    if stage == RankReviewStage.NO_APPLICANTS:
        return Standing.NO_APPLICANTS
    return Standing.NOT_BEGUN if stage is None else Standing.IN_SCHOOL
