"""Sendings: the outbox of what leaves the platform, sent outside every transaction, at least once, with backoff.

A sending collects what a person is told within a few minutes. Whoever sends it first moves its `due_at` ahead in a
transaction of its own: who dies between sending and marking leaves a sending that is due again later, under the same
token.
"""

import logging
import secrets
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.sendings import NotificationSetting, Sending, SendingPart, SendingStatus
from app.db.work import Notification
from app.domain import clock
from app.domain.notification_kinds import URGENT
from app.services import outbox
from app.services.telling import parcels
from app.services.telling.channels import MAIL, Cause, Channel, Channels, Parcel, Undeliverable
from app.services.telling.quiet_hours import after_quiet
from app.services.transactions import writing

logger = logging.getLogger(__name__)
# What comes within it goes along in one mail.
COLLECTED_FOR = timedelta(minutes=3)
# How long who sends has before another takes it that it died.
LEASE = timedelta(minutes=10)
# With the backoff of the outbox: the last try comes some six hours after the first.
MOST_ATTEMPTS = 10
ROUND_SECONDS = 10.0
CHUNK = 500


def queue(session: Session, told: Sequence[Notification]) -> None:
    """Let notifications go out to the people who want such mail, in the transaction that is open."""
    wanted = _wanting(session, {one.person_id for one in told})
    for one in told:
        setting = wanted.get(one.person_id)
        if setting is not None and one.kind in setting.mail_kinds:
            _collect(session, setting, one)


def send_code(session: Session, person_id: int, address: str, code: str) -> None:
    """Send the code that confirms an address, at once and whatever the hour."""
    now = clock.now()
    made = Sending(token=secrets.token_hex(16), channel=MAIL, person_id=person_id, due_at=now)
    made.address, made.code = address, code
    session.add(made)


def send_due(session: Session, channels: Channels) -> int:
    """Send what is due, for some seconds at most; return how many were tried.

    Where a channel is down, its other sendings wait for the next round.
    """
    tried, until, down = 0, time.monotonic() + ROUND_SECONDS, set[str]()
    while time.monotonic() < until:
        claimed = _claim(session, down)
        if claimed is None:
            break
        tried += 1
        if not _send(session, claimed, channels):
            down.add(claimed.channel)
    return tried


def _wanting(session: Session, people: set[int]) -> dict[int, NotificationSetting]:
    found: dict[int, NotificationSetting] = {}
    everybody = sorted(people)
    for start in range(0, len(everybody), CHUNK):
        query = select(NotificationSetting).where(
            NotificationSetting.person_id.in_(everybody[start : start + CHUNK]), NotificationSetting.email.is_not(None)
        )
        found |= {one.person_id: one for one in session.scalars(query)}
    return found


def _collect(session: Session, setting: NotificationSetting, one: Notification) -> None:
    """Put a notification into the parcel that is being collected for its person, or begin one."""
    now = clock.now()
    due_at = after_quiet(setting, now if one.kind in URGENT else now + COLLECTED_FOR)
    sending = session.scalar(
        select(Sending)
        .where(
            Sending.person_id == one.person_id,
            Sending.channel == MAIL,
            Sending.status == SendingStatus.WAITING,
            Sending.attempts == 0,
            Sending.code.is_(None),
        )
        .order_by(Sending.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if sending is None:
        sending = Sending(token=secrets.token_hex(16), channel=MAIL, person_id=one.person_id, due_at=due_at)
        session.add(sending)
        session.flush()
    # Something urgent takes along what was waiting.
    sending.due_at = min(sending.due_at, due_at)
    session.add(SendingPart(sending_id=sending.id, notification_id=one.id))
    session.flush()


def _claim(session: Session, down: set[str]) -> Sending | None:
    """Take the next sending that is due, or return None; nobody else takes it before the lease ends."""
    now = clock.now()
    while True:
        found = session.execute(
            select(Sending.id, Sending.due_at)
            .where(Sending.status == SendingStatus.WAITING, Sending.due_at <= now, Sending.channel.not_in(down))
            .order_by(Sending.due_at, Sending.id)
            .limit(1)
        ).first()
        session.rollback()
        if found is None:
            return None
        if _take(session, found.id, found.due_at):
            return session.get_one(Sending, found.id, populate_existing=True)


def _take(session: Session, sending_id: int, due_at: datetime) -> bool:
    is_untaken = Sending.id == sending_id, Sending.due_at == due_at, Sending.status == SendingStatus.WAITING
    taking = update(Sending).where(*is_untaken)
    with writing(session):
        taken = session.execute(
            taking.values(due_at=clock.now() + LEASE, attempts=Sending.attempts + 1).returning(Sending.id)
        )
        return taken.first() is not None


def _send(session: Session, sending: Sending, channels: Channels) -> bool:
    """Send what was taken and write down what became of it; return False where its channel is down."""
    sending_id, attempts = sending.id, sending.attempts
    parcel, channel = parcels.parcel_of(session, sending), channels.get(sending.channel)
    # Nothing of the database is held while the other side takes its time.
    session.rollback()
    if parcel is None:
        _close(session, sending_id, SendingStatus.WITHDRAWN)
        return True
    fault = _fault_of(channel, parcel)
    if fault is None:
        _close(session, sending_id, SendingStatus.SENT)
        return True
    _note(session, sending_id, attempts, fault)
    return not fault.is_down


def _fault_of(channel: Channel | None, parcel: Parcel) -> Undeliverable | None:
    """Hand a parcel to its channel, and return why it was not taken, or None."""
    if channel is None:
        return Undeliverable(Cause.NO_CHANNEL)
    try:
        channel.send(parcel)
    except Undeliverable as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a channel stumbles over, the other parcels go on
        # Not the error's words: they may hold an address.
        logger.error("a channel failed: %s", type(error).__name__)  # noqa: TRY400
        return Undeliverable(Cause.FAULT)
    return None


def _close(session: Session, sending_id: int, status: SendingStatus) -> None:
    with writing(session):
        sending = session.get_one(Sending, sending_id, with_for_update=True, populate_existing=True)
        sending.status, sending.closed_at, sending.cause, sending.reply_code = status, clock.now(), None, None
        sending.code = None


def _note(session: Session, sending_id: int, attempts: int, error: Undeliverable) -> None:
    """Let a sending wait for its next try, or give it up."""
    with writing(session):
        sending = session.get_one(Sending, sending_id, with_for_update=True, populate_existing=True)
        sending.cause, sending.reply_code = error.cause, error.reply_code
        sending.due_at = clock.now() + outbox.wait_after(attempts)
        if error.is_final or attempts >= MOST_ATTEMPTS:
            sending.status, sending.closed_at = SendingStatus.FAILED, clock.now()
    logger.warning("sending %s was not delivered: %s %s", sending_id, error.cause, error.reply_code or "")
