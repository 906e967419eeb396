"""How much there is of what an operator watches: counts alone, nothing about people."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.journal import OutboxMessage
from app.db.processes import Incident, ProcessInstance
from app.db.work import IS_OPEN
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.services import settings
from app.services.transactions import writing

TICKED_AT = "ticked_at"
LONGEST_PAUSE = timedelta(minutes=2)


def note_tick(session: Session) -> None:
    """Remember that the ticker works."""
    with writing(session):
        settings.write(session, TICKED_AT, clock.now().isoformat())


def is_ticking(session: Session) -> bool:
    """Tell whether the ticker has worked lately."""
    last = settings.read(session, TICKED_AT)
    return last is not None and clock.now() - datetime.fromisoformat(last) <= LONGEST_PAUSE


def gauges(session: Session) -> dict[str, int]:
    """Count open work items, cases that run or failed, messages to hand out, and unresolved incidents."""
    counted = {
        "open_work_items": select(func.count()).where(IS_OPEN),
        "running_cases": select(func.count()).where(ProcessInstance.status == InstanceStatus.RUNNING),
        "failed_cases": select(func.count()).where(ProcessInstance.status == InstanceStatus.FAILED),
        "outbox_pending": select(func.count()).where(OutboxMessage.done_at.is_(None)),
        "open_incidents": select(func.count()).where(Incident.resolved_at.is_(None)),
    }
    return {name: session.scalar(query) or 0 for name, query in counted.items()}
