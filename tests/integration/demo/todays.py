"""On which days the invented city is built, and what stands there before."""

from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.domain import clock
from app.services.publishing import definitions

ROOT = Path(__file__).parents[3]
TODAYS = ("2026-01-05", "2026-03-02", "2026-11-21", "2027-01-02")


def noon(day: str) -> datetime:
    return clock.at(date.fromisoformat(day), 12)


def emptied(session: Session) -> None:
    definitions.seed_built_in(session, ROOT / "processes", ROOT / "forms")
