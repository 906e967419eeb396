"""What was acknowledged against what the database holds: nothing lost, nothing done twice, nothing stuck."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import installation
from app.config import Settings
from app.db.journal import JournalEntry, OutboxMessage
from app.db.money import InvoiceUse, LedgerEntry
from app.db.processes import ProcessInstance
from app.db.work import Notification, Signature, Submission, WorkItem
from app.domain.notification_kinds import NotificationKind
from app.domain.vocabulary import InstanceStatus, WorkItemStatus
from app.services.timing import ticks
from tests.servers.deployments import Deployment
from tests.servers.journeys import AMOUNT
from tests.servers.load import STEPS, Case, Load
from tests.servers.programs import eventually

TOLD = 2  # the host and the legal representative


@contextmanager
def opened(deployment: Deployment) -> Iterator[Session]:
    engine = installation.opened(Settings.from_environment(deployment.environment))
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def is_whole(deployment: Deployment, *loads: Load) -> None:
    """Compare every acknowledged answer with the rows; each case was taken to its end."""
    with opened(deployment) as session:
        ticks.tick(session)
        eventually(lambda: _waiting(session) == 0, "the outbox is empty", 30)
        for load in loads:
            assert load.refused == []
            assert load.cases, "nobody did anything"
            for case in load.cases:
                _is_done_once(session, case)
        _is_nothing_doubled(session)
    assert deployment.faults() == []


def _waiting(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(OutboxMessage.done_at.is_(None))) or 0


def _is_done_once(session: Session, case: Case) -> None:
    held = select(InvoiceUse.instance_id).where(InvoiceUse.number == case.number, InvoiceUse.released_at.is_(None))
    assert session.scalars(held).all() == [case.instance], case
    found = session.get_one(ProcessInstance, case.instance)
    assert (found.serial, found.status, found.outcome) == (case.serial, InstanceStatus.COMPLETED, "booked"), case
    submitted = session.scalars(select(Submission.element).where(Submission.instance_id == case.instance)).all()
    assert sorted(submitted) == sorted(["submit_draft", *case.done]), case
    assert case.done == [element for element, _name, _verdict in STEPS], case
    signed = session.scalars(select(Signature.element).where(Signature.instance_id == case.instance)).all()
    assert sorted(signed) == ["host_sign", "legal_sign"], case
    booked = session.scalars(select(LedgerEntry.amount).where(LedgerEntry.instance_id == case.instance)).all()
    assert booked == [AMOUNT], case
    acts = session.scalars(select(JournalEntry.action).where(JournalEntry.instance_id == case.instance)).all()
    assert Counter(acts) == {"start": 1, "complete": len(STEPS)}, case
    told = select(func.count()).where(
        Notification.instance_id == case.instance, Notification.kind == NotificationKind.RESULT
    )
    assert session.scalar(told) == TOLD, case


def _is_nothing_doubled(session: Session) -> None:
    """No case but the acknowledged ones is left behind half done, and no number was given twice."""
    serials = session.scalars(select(ProcessInstance.serial)).all()
    assert len(serials) == len(set(serials))
    numbers = sorted(int(serial.rsplit("-", 1)[1]) for serial in serials if serial.startswith("BX-"))
    assert numbers == list(range(1, len(numbers) + 1)), "a serial number is missing"
    open_items = session.scalar(select(func.count()).where(WorkItem.status == WorkItemStatus.OPEN))
    assert open_items == 0
