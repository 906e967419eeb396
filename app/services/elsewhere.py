"""Of which organisation the position is that a task asks, where that is not the case's own."""

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.services.rounds.belonging import round_of

PARENT, ROUND = "parent", "round"
ELSEWHERE = frozenset({PARENT, ROUND})


def asked_elsewhere(session: Session, of: str, instance_id: int, organization_id: int) -> int | None:
    """Return the organisation above, or that of the round, for a task that asks there; None for one of the case's own."""
    if of == PARENT:
        return session.get_one(Organization, organization_id).parent_id
    if of == ROUND:
        found = round_of(session, instance_id)
        return found.organization_id if found else None
    return None
