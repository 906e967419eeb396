"""Who may stand on a list of homeroom teachers: whoever works at the school, named as people write it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.queries.offices import is_held
from app.domain import clock
from app.domain.vocabulary import SCHOOL_ROLES
from app.services.accounts.sign_in import normalized


@dataclass(frozen=True)
class Teachers:
    """The people of a school by number; `labels` is how each is written: the name, where two share it the username, too."""

    names: Mapping[int, str]
    labels: Mapping[int, str]
    usernames: Mapping[str, int]

    def __contains__(self, person_id: int | None) -> bool:
        return person_id in self.labels

    def find(self, text: str) -> list[int]:
        """Return whom a text may mean: a label, a username, or a name that several share."""
        wanted = " ".join(text.split())
        if wanted.lower() in self.usernames:
            return [self.usernames[wanted.lower()]]
        exact = [person_id for person_id, label in self.labels.items() if label == wanted]
        return exact or [person_id for person_id, label in self.labels.items() if label.split(" ")[0] == wanted]


def teachers_of(session: Session, organization_id: int, on: date) -> Teachers:
    """Return who works at a school on a day, today at the earliest."""
    held = select(Position.person_id).where(
        Position.organization_id == organization_id,
        Position.role.in_(SCHOOL_ROLES),
        is_held(max(on, clock.today())),
    )
    query = select(Person.id, Person.name, Person.username).where(Person.id.in_(held), Person.is_active)
    rows = list(session.execute(query.order_by(Person.name, Person.id)))
    count = Counter(row.name for row in rows)
    labels = {row.id: row.name if count[row.name] == 1 else f"{row.name} {row.username}" for row in rows}
    names = {row.id: row.name for row in rows}
    return Teachers(names, labels, {normalized(row.username): row.id for row in rows})


def names_of(session: Session, people: Collection[int]) -> dict[int, str]:
    """Return the names of people."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(people))) if people else ()
    return {row.id: row.name for row in rows}
