"""To which round a case belongs: the round's own case, or that of an application in it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.rounds import Application, Round

# The process that a round is, and the one by which people apply in it.
OPENS, APPLIES = "host_selection", "host_application"


def round_of(session: Session, instance_id: int) -> Round | None:
    """Return the round of a case, or None where it belongs to none."""
    applied = select(Application.round_id).where(Application.instance_id == instance_id)
    return session.scalar(select(Round).where(or_(Round.instance_id == instance_id, Round.id.in_(applied))))
