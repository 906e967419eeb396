"""What the database says of a studio that is to change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.db.money import Studio
from app.db.processes import ProcessInstance
from app.db.work import IS_UNDONE, WorkItem
from app.domain import clock
from app.domain.vocabulary import InstanceStatus
from app.services.operations.call import Call
from app.services.operations.studio_change import StudioChange
from app.services.studios import staffing
from app.services.studios.rosters import Roster

OPEN = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED)


@dataclass(frozen=True)
class Facts:
    """The studio and its people on the day from which the change holds; agreed late, it holds from today."""

    studio: Studio
    effective_on: date
    roster: Roster
    # The last day after that on which somebody begins already.
    begins_on: date | None


def gather(call: Call, change: StudioChange) -> Facts | None:
    """Read what the checks compare with, and hold the studio so that one change is checked at a time.

    Return None where the school has no such studio, or nobody leads it.
    """
    found = select(Studio).where(Studio.id == change.studio, Studio.organization_id == call.organization_id)
    studio = call.session.scalar(found.with_for_update(key_share=True))
    if studio is None:
        return None
    effective_on = max(change.from_on, clock.today())
    roster = staffing.roster_on(call.session, studio.id, effective_on)
    begins_on = staffing.begins_after(call.session, studio.id, effective_on)
    return Facts(studio, effective_on, roster, begins_on) if roster else None


def other_changes(call: Call, studio_id: int) -> Iterable[str]:
    """Return the serial numbers of other changes of the studio that are being decided."""
    return call.session.scalars(
        select(ProcessInstance.serial).where(
            ProcessInstance.process_key == call.process_key,
            ProcessInstance.studio_id == studio_id,
            ProcessInstance.status.in_(OPEN),
            ProcessInstance.id != call.instance_id,
        )
    )


def open_cases(call: Call, studio_id: int) -> int:
    """Return how many other cases of the studio have not ended."""
    others = select(func.count()).where(
        ProcessInstance.studio_id == studio_id,
        ProcessInstance.status.in_(OPEN),
        ProcessInstance.id != call.instance_id,
    )
    return call.session.scalar(others) or 0


def tasks_in_hand(call: Call, studio_id: int, person_id: int) -> int:
    """Return how many tasks of the studio's other cases a person has in hand."""
    mine = (
        select(func.count())
        .select_from(WorkItem)
        .join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
        .where(
            ProcessInstance.studio_id == studio_id,
            ProcessInstance.id != call.instance_id,
            WorkItem.assignee_id == person_id,
            IS_UNDONE,
        )
    )
    return call.session.scalar(mine) or 0
