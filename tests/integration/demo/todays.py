"""On which days the invented city is built, what stands there before, and what is open in it."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.work import WorkItem
from app.domain import clock
from app.domain.vocabulary import WorkItemStatus
from app.services.publishing import definitions

ROOT = Path(__file__).parents[3]
TODAYS = ("2026-01-05", "2026-03-02", "2026-11-21", "2027-01-02")


def noon(day: str) -> datetime:
    return clock.at(date.fromisoformat(day), 12)


def emptied(session: Session) -> None:
    definitions.seed_built_in(session, ROOT / "processes", ROOT / "forms")


def open_items(session: Session, school: str) -> list[WorkItem]:
    found = select(WorkItem).join(Organization, Organization.id == WorkItem.organization_id)
    wanted = found.where(WorkItem.status == WorkItemStatus.OPEN, Organization.name == school)
    return list(session.scalars(wanted.order_by(WorkItem.due_at)))
