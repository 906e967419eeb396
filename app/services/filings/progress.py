"""Who has filed and who has not: every school below a bureau, with where it stands and the days that are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Subquery, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from app.db.filings import FilingBatch, FilingRow
from app.db.people import Organization
from app.db.rank_reviews import RankReview
from app.db.schedules import Schedule
from app.domain import clock
from app.domain.filings import DONE, MISSING, BatchKind, BatchStatus, FilingLevel, RowStatus, Standing
from app.domain.ranks import RankReviewStage
from app.domain.vocabulary import OrganizationKind, Programme
from app.services.rank_reviews import reviews
from app.services.rulebook.rules import effective_rules
from app.services.timing import calendars

# Of a list that nobody audits at the moment.
_OF_BATCH = {
    BatchStatus.PREPARED: Standing.SUBMITTED,
    BatchStatus.CORRECTING: Standing.CORRECTING,
    BatchStatus.SETTLED: Standing.SETTLED,
}
# Nothing is filed any more.
_OF_STAGE = {
    RankReviewStage.NO_APPLICANTS: Standing.NO_APPLICANTS,
    RankReviewStage.CLOSED: Standing.CLOSED,
}


class Attention(IntEnum):
    """What a bureau sees first of its schools."""

    LATE = 0
    MISSING = 1
    WAITS_HERE = 2
    AT_SCHOOL = 3
    ELSEWHERE = 4
    DONE = 5
    NOT_ADOPTED = 6


@dataclass(frozen=True)
class SchoolStanding:
    """A school with where its list of a year stands, and with whom it waits."""

    id: int
    name: str
    above: str
    standing: Standing
    is_late: bool
    batch_id: int | None = None
    waits_with: FilingLevel | None = None

    def attention(self, level: FilingLevel, *, is_over: bool) -> Attention:
        """Return how much it wants the attention of a bureau, before the deadline or after it."""
        if self.standing == Standing.NOT_ADOPTED:
            return Attention.NOT_ADOPTED
        if self.standing in MISSING:
            return Attention.LATE if is_over else Attention.MISSING
        if self.waits_with is not None:
            return Attention.WAITS_HERE if self.waits_with == level else Attention.ELSEWHERE
        return Attention.DONE if self.standing in DONE else Attention.AT_SCHOOL


def by_attention(found: Sequence[SchoolStanding], level: FilingLevel, *, is_over: bool) -> list[SchoolStanding]:
    """Return schools in the order in which a bureau looks after them; of those alike, the late ones first."""
    order = {standing: place for place, standing in enumerate(Standing)}
    return sorted(found, key=lambda one: (one.attention(level, is_over=is_over), not one.is_late, order[one.standing]))


def standings(session: Session, places: ColumnElement[bool], school_year: int) -> list[SchoolStanding]:
    """Return the schools that meet a condition with where they stand in a year, by bureau."""
    above = aliased(Organization)
    of_year = and_(RankReview.organization_id == Organization.id, RankReview.school_year == school_year)
    regular = and_(
        FilingBatch.organization_id == Organization.id,
        FilingBatch.school_year == school_year,
        FilingBatch.kind == BatchKind.REGULAR,
    )
    adopted = and_(
        Schedule.organization_id == Organization.id,
        Schedule.process_key == reviews.OPENS,
        Schedule.stopped_at.is_(None),
    )
    lying = _lying(school_year)
    school = Organization.id, Organization.name, above.name.label("above"), Schedule.id.label("schedule_id")
    batch = FilingBatch.id.label("batch_id"), FilingBatch.status, FilingBatch.is_late
    query = (
        select(*school, *batch, RankReview.stage, *list(lying.c)[1:])
        .join(above, above.id == Organization.parent_id)
        .outerjoin(RankReview, of_year)
        .outerjoin(Schedule, adopted)
        .outerjoin(FilingBatch, regular)
        .outerjoin(lying, lying.c.batch_id == FilingBatch.id)
        .where(Organization.kind == OrganizationKind.SCHOOL, places)
        .order_by(Organization.path)
    )
    return [_told(found) for found in session.execute(query)]


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


def _told(found: Row[Any]) -> SchoolStanding:
    filed = found.status is not None and found.stage != RankReviewStage.CLOSED
    lies = found.in_district, found.passed, found.in_city, found.district
    standing, waits_with = _of_batch(found.status, *lies) if filed else _before(found.stage, found.schedule_id)
    return SchoolStanding(found.id, found.name, found.above, standing, bool(found.is_late), found.batch_id, waits_with)


def _before(stage: RankReviewStage | None, schedule_id: int | None) -> tuple[Standing, FilingLevel | None]:
    """Return where a school stands that has filed nothing; one where no review begins by itself owes no list."""
    if stage is not None:
        return _OF_STAGE.get(stage, Standing.IN_SCHOOL), None
    return (Standing.NOT_ADOPTED if schedule_id is None else Standing.NOT_BEGUN), None


def _of_batch(
    status: BatchStatus, in_district: int | None, passed: int | None, in_city: int | None, district: int | None
) -> tuple[Standing, FilingLevel | None]:
    if status != BatchStatus.SUBMITTED:
        return _OF_BATCH[status], None
    if in_district:
        return Standing.SUBMITTED, FilingLevel.DISTRICT
    if passed:
        return Standing.PASSED, FilingLevel.DISTRICT
    if in_city:
        return (Standing.SUBMITTED if district is None else Standing.REPORTED), FilingLevel.CITY
    return Standing.SUBMITTED, None


def _lying(school_year: int) -> Subquery:
    """Return of each list that is audited whether it has rows to audit in the district, passed there, or in the city."""

    def has(level: FilingLevel, status: RowStatus) -> ColumnElement[int]:
        return func.max(case((and_(FilingRow.level == level, FilingRow.status == status), 1), else_=0))

    return (
        select(
            FilingRow.batch_id,
            has(FilingLevel.DISTRICT, RowStatus.PENDING).label("in_district"),
            has(FilingLevel.DISTRICT, RowStatus.PASSED).label("passed"),
            has(FilingLevel.CITY, RowStatus.PENDING).label("in_city"),
            func.max(FilingBatch.district_run_id).label("district"),
        )
        .join(FilingRow.batch)
        .where(FilingBatch.school_year == school_year, FilingBatch.status == BatchStatus.SUBMITTED)
        .group_by(FilingRow.batch_id)
        .subquery()
    )
