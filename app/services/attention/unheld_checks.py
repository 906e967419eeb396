"""Finding out which open tasks nobody holds, when positions change and once a day."""

from sqlalchemy.orm import Session

from app.db.queries import unheld as queries
from app.domain import clock
from app.services import settings
from app.services.transactions import connection_of, writing

CHECKED_ON = "unheld_checked_on"


def recheck(session: Session, organization_id: int) -> None:
    """Find out again which tasks of an organisation nobody holds, after its positions changed."""
    session.flush()
    queries.recheck(connection_of(session), clock.today(), clock.now(), organization_id)


def recheck_daily(session: Session) -> int:
    """Do the same for all organisations once a day: positions begin and end by their dates; return what changed."""
    today = clock.today().isoformat()
    if settings.read(session, CHECKED_ON) == today:
        return 0
    with writing(session):
        changed = queries.recheck(connection_of(session), clock.today(), clock.now())
        settings.write(session, CHECKED_ON, today)
    return changed
