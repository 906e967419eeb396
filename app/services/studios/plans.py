"""What studios plan: the activities of their filed semester plans."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.processes import ProcessInstance
from app.domain import semesters

PLAN, FILED = "semester_plan", "filed"


@dataclass(frozen=True)
class Activity:
    """An activity of a filed plan; `month` is its first day."""

    month: date
    name: str
    semester: str


def to_come(session: Session, studio_id: int, today: date) -> list[Activity]:
    """Return the activities planned for this month and later, the next first."""
    query = select(ProcessInstance.values).where(
        ProcessInstance.studio_id == studio_id,
        ProcessInstance.process_key == PLAN,
        ProcessInstance.outcome == FILED,
    )
    this_month = today.replace(day=1)
    filed: list[dict[str, Any]] = list(session.scalars(query))
    planned = [activity for values in filed for activity in _activities(values)]
    return sorted((each for each in planned if each.month >= this_month), key=lambda each: (each.month, each.name))


def _activities(values: Mapping[str, Any]) -> Iterator[Activity]:
    """Yield what a plan says; a school's own version may have left it out."""
    plan = values.get("submit_plan") or {}
    semester = str(plan.get("semester") or "")
    for row in plan.get("activities") or ():
        month = semesters.month_of(semester, str(row.get("month") or ""))
        if month is not None and row.get("name"):
            yield Activity(month, str(row["name"]), semester)
