"""Notifications: sentences told to a person, read by opening them."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db.work import Notification
from app.domain import clock
from app.domain.identity import Actor
from app.services.pages import Page, decode, encode, limit_of
from app.services.transactions import writing


def notifications(
    session: Session, actor: Actor, cursor: str | None = None, limit: int | None = None
) -> Page[Notification]:
    """Return what a person was told, the latest first. Raises Invalid for a wrong cursor."""
    query = select(Notification).where(Notification.person_id == actor.person_id).order_by(Notification.id.desc())
    after = decode(cursor, 1)
    if after is not None:
        query = query.where(Notification.id < after[0])
    size = limit_of(limit)
    rows = list(session.scalars(query.limit(size + 1)))
    return Page(rows[:size], encode([rows[size - 1].id]) if len(rows) > size else None)


def unread_count(session: Session, actor: Actor) -> int:
    """Count what a person was told and has not read."""
    query = select(func.count()).where(Notification.person_id == actor.person_id, Notification.read_at.is_(None))
    return session.scalar(query) or 0


def mark_read(session: Session, actor: Actor, up_to: int) -> None:
    """Mark what a person was told as read, up to and with the one that was shown last."""
    with writing(session):
        session.execute(
            update(Notification)
            .where(Notification.person_id == actor.person_id, Notification.id <= up_to, Notification.read_at.is_(None))
            .values(read_at=clock.now())
        )
