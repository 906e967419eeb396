"""Telling whoever holds a role in some organisations."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.domain.vocabulary import Role
from app.services.accounts.actors import holds_today
from app.services.telling import notifications
from app.services.telling.notifications import News


def tell(session: Session, organizations: Collection[int | None], role: Role, news: News) -> None:
    """Tell whoever holds a role today in one of some organisations, in the transaction that is open."""
    held = Position.role == role, Position.organization_id.in_([one for one in organizations if one]), holds_today()
    people = session.scalars(select(Position.person_id).where(*held).distinct().order_by(Position.person_id))
    notifications.tell(session, people.all(), news)
