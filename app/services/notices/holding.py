"""What holds a notice up beyond its days: an objection to it that is open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.objections import Objection
from app.domain.objections import ObjectionStatus


def has_open_objections(session: Session, notice_id: int) -> bool:
    """Tell whether an objection to somebody on a notice is not settled yet."""
    query = select(Objection.id).where(Objection.notice_id == notice_id, Objection.status == ObjectionStatus.OPEN)
    return session.scalar(query.limit(1)) is not None
