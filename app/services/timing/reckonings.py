"""Provisional deadlines, reckoned again once the holidays of a year are announced."""

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.processes import Timer
from app.db.work import UNDONE, WorkItem
from app.domain import clock
from app.domain.calendar import Calendar
from app.services import settings
from app.services.notices import reckonings as notice_reckonings
from app.services.timing.dues import reckoned_again
from app.services.transactions import writing

YEARS = "calendar_years"
BATCH = 500


def catch_up(session: Session, calendar: Calendar) -> int:
    """Reckon provisional deadlines again where the calendar knows other years than the last time.

    Return how many changed. Each batch is committed; whatever is interrupted is done again.
    """
    years = sorted(calendar.known_years)
    if settings.read(session, YEARS) == years:
        return 0
    timer, item = table_of(Timer), table_of(WorkItem)
    changed = _reckon(session, calendar, timer, "is_provisional", timer.c.fired_at.is_(None))
    changed += _reckon(session, calendar, item, "is_due_provisional", item.c.status.in_(UNDONE))
    with writing(session):
        changed += notice_reckonings.reckon_again(session, calendar)
        settings.write(session, YEARS, years)
    return changed


def _reckon(session: Session, calendar: Calendar, table: Table, provisional: str, is_open: ColumnElement[bool]) -> int:
    """Reckon the open provisional deadlines of a table again; return how many changed."""
    changed, last = 0, 0
    query = select(table.c.id, table.c.reckoning, table.c.due_at).where(
        is_open, table.c[provisional], table.c.reckoning.is_not(None)
    )
    while True:
        with writing(session):
            rows = session.execute(query.where(table.c.id > last).order_by(table.c.id).limit(BATCH)).all()
            for row in rows:
                due = reckoned_again(row.reckoning, calendar)
                values = {"due_at": due.instant, provisional: due.is_provisional, "reckoning": due.reckoning}
                if "attention_at" in table.c and due.instant != row.due_at:
                    # The tick looks at it, and finds out when to look again.
                    values["attention_at"] = clock.now()
                session.execute(update(table).where(table.c.id == row.id, is_open).values(values))
                changed += due.instant != row.due_at
        if not rows:
            return changed
        last = rows[-1].id
