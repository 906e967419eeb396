"""A school with a teacher, a principal and a finance officer, who move cases through the services."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.sessions import KeepingSession
from app.domain.canonical import content_hash
from app.domain.vocabulary import OrganizationKind, Role
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.journal import RequestKey
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from bench.databases import Database
from bench.diagrams import FIELDS, Drawing

SCHOOL = 1
PEOPLE = {1: Role.TEACHER, 2: Role.PRINCIPAL, 3: Role.FINANCE_OFFICER}
TEACHER, PRINCIPAL, FINANCE = PEOPLE


@dataclass(frozen=True)
class Answered:
    """Who answers what."""

    person: int
    verdict: str
    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    is_last: bool = False


THREE_STEPS = (
    Answered(TEACHER, "submit", FIELDS),
    Answered(PRINCIPAL, "agree"),
    Answered(FINANCE, "accept", is_last=True),
)
ONWARD = Answered(PRINCIPAL, "agree")
AGAIN = Answered(PRINCIPAL, "return", comment="请再核对")


class Offices:
    """The school's people at work, in one session."""

    def __init__(self, database: Database, *drawings: Drawing) -> None:
        self.session = database.held.enter_context(KeepingSession(database.engine))
        self._keys = count(1)
        # Nobody else is here, and every move but the last opens one work item: looking for it would be measured, too.
        self._items = count(1)
        _furnish(self.session, drawings)
        self._actors = {person: load_actor(self.session, person) for person in PEOPLE}
        self.session.rollback()

    def start(self, drawing: Drawing) -> int:
        """Start a case and return its first work item."""
        starts.start(self.session, self._actors[TEACHER], drawing.key, SCHOOL, FIELDS, self._key())
        return next(self._items)

    def step(self, item: int, answer: Answered) -> int:
        """Complete a work item as it was opened, and return the next one of its case."""
        asked = Completion(1, answer.verdict, answer.values, answer.comment)
        completions.complete(self.session, self._actors[answer.person], item, asked, self._key())
        return item if answer.is_last else next(self._items)

    def _key(self) -> RequestKey:
        number = next(self._keys)
        return RequestKey(f"bench-{number}", content_hash(number))


def _furnish(session: Session, drawings: tuple[Drawing, ...]) -> None:
    with writing(session):
        school = {"id": SCHOOL, "code": "SF01", "name": "云澜实验学校", "kind": OrganizationKind.SCHOOL, "path": "/1/"}
        session.execute(insert(Organization).values(**school))
        people = [{"id": one, "username": f"p{one}", "name": f"教师{one}", "password_hash": ""} for one in PEOPLE]
        session.execute(insert(Person), people)
        since = {"organization_id": SCHOOL, "from_on": date(2020, 9, 1)}
        session.execute(insert(Position), [{"person_id": one, "role": role, **since} for one, role in PEOPLE.items()])
        for drawing in drawings:
            definitions.publish_built_in(session, drawing.package())
