"""Finding out which open tasks nobody holds, when positions change and once a day."""

from sqlalchemy.orm import Session

from app.db.queries import unheld as queries
from app.domain import clock
from app.services.transactions import connection_of


def recheck(session: Session, organization_id: int) -> None:
    """Find out again which tasks of an organisation nobody holds, after its positions changed."""
    session.flush()
    queries.recheck(connection_of(session), clock.today(), clock.now(), organization_id)


def recheck_all(session: Session) -> int:
    """Do the same for all organisations: positions begin and end by their dates; return what changed."""
    return queries.recheck(connection_of(session), clock.today(), clock.now())
