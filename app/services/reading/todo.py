"""How much waits for a person: the count in the navigation, and by kind on the demo's cards."""

from sqlalchemy.orm import Session

from app.domain.identity import Actor
from app.services.reading import inbox

MOST = 100


def open_count(session: Session, actor: Actor) -> int:
    """Count what a person may take now, up to 100."""
    return sum(inbox.counts(session, actor).values())


def open_kinds(session: Session, actor: Actor) -> list[tuple[str, bool, bool]]:
    """Return element, whether it is a signature and whether it came back, of what stands in a person's list."""
    rows = inbox.todo(session, actor, inbox.Query(limit=MOST)).items
    return [(row.element, row.is_signature, row.is_returned) for row in rows]
