"""What is looked at once a day, by the first tick of it: positions begin and end by their dates."""

from sqlalchemy.orm import Session

from app.domain import clock
from app.services import settings
from app.services.attention import unheld_checks
from app.services.rank_reviews import moves
from app.services.transactions import writing

LOOKED_ON = "unheld_checked_on"


def look(session: Session) -> int:
    """Find out which open tasks nobody holds any more, and which applicants for a rank have moved; return how many."""
    today = clock.today().isoformat()
    if settings.read(session, LOOKED_ON) == today:
        return 0
    with writing(session):
        found = unheld_checks.recheck_all(session) + moves.look(session)
        settings.write(session, LOOKED_ON, today)
    return found
