"""Districts that do not answer: by when each has to sum up what its schools filed, and how late it is.

What came is summed up so many working days after the day by which schools file, and no sooner than so many after it came:
row by row, since some of a list may go up while others are back with the school. What the city has had before, and sends
back through the district, is not counted here: its tasks have days of their own.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.people import Organization
from app.domain import clock
from app.domain.filings import WITH_BUREAU, FilingLevel
from app.services.timing import calendars

RULE, DAYS = "filing.district_working_days", 15


@dataclass(frozen=True)
class Lying:
    """What a school filed that its district has until the same day: how many rows wait for an audit, for the sum."""

    school_id: int
    pending: int
    passed: int
    answer_by: date


@dataclass(frozen=True)
class DistrictStanding:
    """A district's year as its city sees it."""

    run: FilingRun
    lists: Sequence[Lying]

    @property
    def rows(self) -> int:
        """Return how many teachers lie there."""
        return sum(one.pending + one.passed for one in self.lists)

    @property
    def answer_by(self) -> date | None:
        """Return the day by which the first of its lists goes up."""
        return min((one.answer_by for one in self.lists), default=None)

    @property
    def days_late(self) -> int:
        """Return how many working days it is late; none where it is in time, or has nothing."""
        return days_late(self.answer_by)


def working_days(rules: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many working days the pinned rules give a district."""
    return int(rules.get(RULE, {}).get("value") or DAYS)


def due_on(file_by: date | None, days: int) -> date | None:
    """Return the day by which a district sums up what its schools filed in time."""
    return file_by and calendars.national().add_working_days(file_by, days).on


def days_late(day: date | None) -> int:
    """Return how many working days ago a day was; none where it is of today or ahead."""
    return max(calendars.national().working_days_between(day, clock.today()), 0) if day else 0


def sum_by(session: Session, run: FilingRun) -> date:
    """Return the day by which a bureau sums up what lies with it now."""
    found = lying(session, [run])[run.id]
    later = calendars.national().add_working_days(clock.today(), working_days(run.instance.rules)).on
    return min((one.answer_by for one in found), default=later)


def lying(session: Session, runs: Collection[FilingRun]) -> dict[int, list[Lying]]:
    """Return what lies with each of some districts and has never gone up, by school and by when it has to."""
    by_id = {run.id: run for run in runs}
    pending, passed = (func.count(FilingRow.id).filter(FilingRow.status == one) for one in WITH_BUREAU)
    query = (
        select(FilingBatch.district_run_id, FilingBatch.organization_id, FilingRow.came_on, pending, passed)
        .join(FilingBatch.rows)
        .where(
            FilingBatch.district_run_id.in_(by_id),
            FilingRow.came_on.is_not(None),
            FilingRow.level == FilingLevel.DISTRICT,
            FilingRow.status.in_(WITH_BUREAU),
        )
        .group_by(FilingBatch.district_run_id, FilingBatch.organization_id, FilingRow.came_on)
        .order_by(func.min(FilingBatch.id), FilingRow.came_on)
    )
    counted: dict[tuple[int, int, date], Counter[str]] = {}
    rows: Iterable[Any] = session.execute(query)
    for run_id, school_id, came_on, waiting, ready in rows:
        until = _answer_by(by_id[run_id], came_on)
        counted.setdefault((run_id, school_id, until), Counter()).update(pending=waiting, passed=ready)
    found: dict[int, list[Lying]] = {run_id: [] for run_id in by_id}
    for (run_id, school_id, until), count in counted.items():
        found[run_id].append(Lying(school_id, count["pending"], count["passed"], until))
    return found


def below(run: FilingRun) -> Select[FilingRun]:
    """Return the query of the same year of the bureaus below a year's bureau."""
    query = select(FilingRun).join(FilingRun.organization)
    return query.where(Organization.parent_id == run.organization_id, FilingRun.school_year == run.school_year)


def districts_below(session: Session, run: FilingRun) -> list[DistrictStanding]:
    """Return the districts below a city with where they stand in its year."""
    around = contains_eager(FilingRun.organization), joinedload(FilingRun.instance, innerjoin=True)
    found = session.scalars(below(run).options(*around).order_by(Organization.path)).all()
    lists = lying(session, found) if found else {}
    return [DistrictStanding(one, lists[one.id]) for one in found]


def _answer_by(run: FilingRun, came_on: date) -> date:
    last = calendars.national().add_working_days(came_on, working_days(run.instance.rules)).on
    return max(last, run.due_on) if run.due_on else last
