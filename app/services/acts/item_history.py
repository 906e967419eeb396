"""What was done with a case's tasks beside answering them, for its timeline: the journal tells it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.people import Person
from app.domain.vocabulary import ROLE_TITLES, Role
from app.services import journal
from app.services.reading.cases import CaseView
from app.services.reading.happenings import Happening

# What people did, and what the platform did with late tasks and those that nobody holds.
ACTS = frozenset(
    {"claim", "release", "transfer", "delegate", "add_signer", "recall", "give_opinion", "copy", "remind"}
) | {
    "remind_late",
    "escalate",
    "unheld",
    "move_up",
}


def happenings(session: Session, view: CaseView) -> Iterator[Happening]:
    """Yield each act with whom it concerned."""
    entries = [one for one in journal.case_entries(session, view.case.id) if one.action in ACTS]
    names = _names(session, {person for one in entries for person in _others(one.details)})
    for one in entries:
        yield _happening(view, one, {person: names[person] for person in _others(one.details)})


def _happening(view: CaseView, entry: JournalEntry, people: Mapping[int, str]) -> Happening:
    element = entry.details.get("element")
    return Happening(
        at=entry.occurred_at,
        kind=entry.action,
        person=entry.actor_title,
        person_id=entry.actor_id,
        element=element,
        element_name=view.process.element(element).name if element else "",
        text=entry.details.get("reason"),
        people=people,
        given_position=_position(entry.details),
        opinion=entry.details.get("verdict"),
        refused=entry.details.get("refused"),
    )


def _others(details: dict[str, Any]) -> list[int]:
    """Return whom an act gave the task to or asked."""
    return [details["to"]] if "to" in details else list(details.get("people", ()))


def _position(details: dict[str, Any]) -> str | None:
    """Return the position that a task was put before."""
    return ROLE_TITLES[Role(details["position"])] if "position" in details else None


def _names(session: Session, people: set[int]) -> dict[int, str]:
    rows: Any = session.execute(select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    return dict(tuple(row) for row in rows)
