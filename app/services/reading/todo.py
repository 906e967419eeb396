"""How much waits for a person: the count in the navigation, and by kind on the demo's cards."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.work import IS_OPEN, WorkItem
from app.domain.identity import Actor
from app.services.candidates import deputies_of, may_take
from app.services.reading import inbox

MOST = 100


def open_count(session: Session, actor: Actor) -> int:
    """Count what a person may take now, up to 100."""
    return sum(inbox.counts(session, actor).values())


def open_kinds(session: Session, actor: Actor) -> list[tuple[str, bool, bool]]:
    """Return element, whether it is a signature and whether it came back, of what a person may take."""
    rows = session.execute(
        select(WorkItem.element, WorkItem.is_signature, WorkItem.is_returned)
        .where(IS_OPEN, may_take(actor, deputies_of(session, actor)))
        .limit(MOST)
    )
    return [(row.element, row.is_signature, row.is_returned) for row in rows]
