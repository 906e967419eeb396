"""What an open page is told while it stands open: how much waits, and what came last."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.queries.notifications import is_unread
from app.db.work import Notification
from app.domain.errors import Unauthenticated
from app.services.accounts.actors import load_actor
from app.services.reading import todo
from app.services.telling import notifications


@dataclass(frozen=True)
class Standing:
    """How much of a person's is unread, and the newest of it: as long as it is the same, there is nothing to tell."""

    unread: int = 0
    newest: int = 0

    def __str__(self) -> str:
        return f"{self.newest}.{self.unread}"


@dataclass(frozen=True)
class Present:
    """What a page shows of a person's affairs: counts, and the sentence that came last."""

    unread: int
    todo: int
    text: str


def standings(session: Session, people: Collection[int]) -> dict[int, Standing]:
    """Return how people stand, in one statement over their unread notifications."""
    query = select(Notification.person_id, func.count(), func.max(Notification.id))
    rows = session.execute(
        query.where(Notification.person_id.in_(people), *is_unread()).group_by(Notification.person_id)
    )
    return dict.fromkeys(people, Standing()) | {person_id: Standing(count, newest) for person_id, count, newest in rows}


def present(session: Session, person_id: int) -> Present:
    """Return what a person's pages show now; nothing where the account was closed."""
    try:
        actor = load_actor(session, person_id)
    except Unauthenticated:
        return Present(0, 0, "")
    last = notifications.last_unread(session, person_id)
    return Present(
        notifications.unread_count(session, actor), todo.open_count(session, actor), last.text if last else ""
    )
