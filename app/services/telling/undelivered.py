"""What could not be delivered: shown to the administrators of the people it was for, and sent once more by them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Organization, Position
from app.db.sendings import NotificationSetting, Sending, SendingStatus
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.identity import Actor
from app.domain.notification_kinds import NotificationKind
from app.domain.policy import POLICY, Action, Scope, may_anywhere
from app.domain.text import N_
from app.services.accounts.actors import holds_today
from app.services.pages import Page, decode, encode, limit_of
from app.services.telling.channels import Cause
from app.services.transactions import writing


@dataclass(frozen=True)
class Undelivered:
    """One sending that waits after a failure or was given up: for whom, why, of which kinds; never what it says."""

    id: int
    person: str
    # Only so much of it that its owner knows it again.
    address: str
    cause: Cause
    reply_code: int | None
    attempts: int
    created_at: datetime
    # None where it was given up.
    next_at: datetime | None
    # Empty for the code that confirms an address.
    kinds: tuple[NotificationKind, ...]


def may_look(actor: Actor) -> bool:
    """Tell whether a person administers anybody's mail."""
    return may_anywhere(actor, Action.SEE_UNDELIVERED)


def undelivered(
    session: Session, actor: Actor, cursor: str | None = None, limit: int | None = None
) -> Page[Undelivered]:
    """Return what did not arrive at the people whom an administrator looks after, the latest first.

    Raises Forbidden for others, Invalid for a wrong cursor.
    """
    if not may_look(actor):
        raise Forbidden
    query = select(Sending).where(_has_failed(), _is_looked_after(actor)).order_by(Sending.id.desc())
    after, size = decode(cursor, 1), limit_of(limit)
    if after is not None:
        query = query.where(Sending.id < after[0])
    rows = list(session.scalars(query.options(*_BESIDE).limit(size + 1)))
    return Page(
        [_shown(session, row) for row in rows[:size]], encode([rows[size - 1].id]) if len(rows) > size else None
    )


def send_again(session: Session, actor: Actor, sending_id: int) -> None:
    """Let a sending be tried once more, as if for the first time. Raises Forbidden, NotFound, Conflict where it is under way."""
    if not may_look(actor):
        raise Forbidden
    with writing(session):
        wanted = select(Sending).where(Sending.id == sending_id, _is_looked_after(actor)).with_for_update(of=Sending)
        sending = session.scalar(wanted.execution_options(populate_existing=True))
        if sending is None:
            raise NotFound
        if sending.status not in {SendingStatus.FAILED, SendingStatus.WAITING} or sending.cause is None:
            raise Conflict(N_("这一封已经送出，或者正在送，不用再发。"))
        sending.status, sending.closed_at, sending.attempts = SendingStatus.WAITING, None, 0
        sending.due_at, sending.cause, sending.reply_code = clock.now(), None, None


def _has_failed() -> ColumnElement[bool]:
    is_retried = and_(Sending.status == SendingStatus.WAITING, Sending.cause.is_not(None))
    return or_(Sending.status == SendingStatus.FAILED, is_retried)


def _is_looked_after(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the person of a sending holds a position where the administrator's office reaches."""
    reached = [
        Organization.path.startswith(held.organization_path, autoescape=True)
        if grant.scope == Scope.SUBTREE
        else Organization.id == held.organization_id
        for grant in POLICY[Action.SEE_UNDELIVERED]
        for held in actor.holdings
        if held.role in grant.roles
    ]
    is_there = Position.person_id == Sending.person_id, Organization.id == Position.organization_id, holds_today()
    return exists().where(*is_there, or_(false(), *reached))


def _shown(session: Session, sending: Sending) -> Undelivered:
    address = sending.address or session.scalar(
        select(NotificationSetting.email).where(NotificationSetting.person_id == sending.person_id)
    )
    return Undelivered(
        id=sending.id,
        person=sending.person.name,
        address=masked(address or ""),
        cause=Cause(sending.cause or Cause.FAULT),
        reply_code=sending.reply_code,
        attempts=sending.attempts,
        created_at=sending.created_at,
        next_at=sending.due_at if sending.status == SendingStatus.WAITING else None,
        kinds=tuple(dict.fromkeys(NotificationKind(one.kind) for one in sending.notifications)),
    )


def masked(address: str) -> str:
    """Return an address of which only the first letter and the domain are shown."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""


_BESIDE = (selectinload(Sending.person), selectinload(Sending.notifications))
