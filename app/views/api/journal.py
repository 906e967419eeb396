"""A case's journal with its hash chain."""

from typing import Any

from flask import Response

from app.db.journal import JournalEntry
from app.domain.errors import NotFound
from app.services import visibility
from app.services.journal import case_entries
from app.views.api.answering import OK, known, listed, page_of
from app.views.api.family import Family
from app.views.api.fields import Answer, Instant, Paging, Path, Reference
from app.views.database import get_session
from app.views.session import current_actor

family = Family("journal", "留痕")


class Entry(Answer):
    sequence: int
    at: Instant
    actor: Reference | None
    action: str
    details: dict[str, Any]
    algorithm: str
    previous_hash: str
    entry_hash: str


class Entries(Answer):
    items: list[Entry]
    next: str | None


@family.get("/journal/<int:id>", summary="一件事的留痕，前后用指纹相连", responses={OK: Entries})
def index(path: Path, query: Paging) -> Response:
    """Return a case's entries, oldest first."""
    session = get_session()
    if not visibility.may_see_id(session, current_actor(), known(path.id)):
        raise NotFound
    found = page_of(case_entries(session, path.id), query)
    return listed(map(_entry, found.items), found.next)


def _entry(one: JournalEntry) -> Entry:
    return Entry(
        sequence=one.sequence,
        at=one.occurred_at,
        actor=Reference(id=one.actor_id, name=one.actor_title) if one.actor_id is not None else None,
        action=one.action,
        details=one.details,
        algorithm=one.algorithm,
        previous_hash=one.previous_hash,
        entry_hash=one.entry_hash,
    )
