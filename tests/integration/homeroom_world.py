"""A school with an office and teachers for its classes, and the list that the office confirms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.registers import DossierEntry, HomeroomList
from app.domain.clock import SHANGHAI
from app.domain.dossiers import EntryKind
from app.domain.homeroom_lists import ClassPosts
from app.domain.vocabulary import Role
from app.services.homeroom import confirmations
from app.services.homeroom.drafts import ListDraft
from app.services.transactions import writing
from tests.integration.school import School

# Before and within the school year 2026.
AUGUST = datetime(2026, 8, 24, 9, tzinfo=SHANGHAI)
NOVEMBER = datetime(2026, 11, 26, 9, tzinfo=SHANGHAI)
SEPTEMBER_1 = date(2026, 9, 1)
TEACHERS = ("甲", "乙", "丙", "丁", "戊")
STAFF = (
    ("office", Role.MORAL_EDUCATION_OFFICE, "school"),
    ("second", Role.MORAL_EDUCATION_OFFICE, "school"),
    ("director", Role.MORAL_EDUCATION_DIRECTOR, "school"),
    ("discipline", Role.DISCIPLINE_COMMITTEE, "school"),
    ("other_office", Role.MORAL_EDUCATION_OFFICE, "sibling"),
    ("district_clerk", Role.BUREAU_CLERK, "district"),
)


@dataclass
class Homeroom:
    """The small world with an office of two and five teachers, each named by a sign."""

    school: School
    people: dict[str, int]

    @property
    def session(self) -> Session:
        return self.school.session

    @property
    def place(self) -> int:
        return self.school.organizations["school"]

    def draft(self, *rows: str, year: int = 2026, revision: int = 0, from_on: date = SEPTEMBER_1) -> ListDraft:
        """Read rows as `三（1）班 甲 乙`: the class, its homeroom teacher, its assistants."""
        return ListDraft(year, revision, from_on, [self._posts(row) for row in rows])

    def confirm(self, *rows: str, by: str = "office", **changes: Any) -> HomeroomList:
        draft = self.draft(*rows, **changes)
        return confirmations.confirm(self.session, self.school.actor(by), self.place, draft)

    def held(self, name: str, role: Role = Role.HOMEROOM_TEACHER) -> list[tuple[date, date | None]]:
        """Return from when until when somebody holds or held a post."""
        self.session.rollback()
        query = select(Position.from_on, Position.until_on).where(
            Position.person_id == self.people[name], Position.role == role
        )
        return [(row[0], row[1]) for row in self.session.execute(query.order_by(Position.from_on))]

    def services(self, name: str) -> list[tuple[str, str, date, date | None]]:
        """Return the services of somebody that count."""
        self.session.rollback()
        entry = DossierEntry
        query = select(entry).where(
            entry.person_id == self.people[name],
            entry.kind == EntryKind.SERVICE,
            entry.replaced_at.is_(None),
            ~entry.is_void,
        )
        found: Sequence[DossierEntry] = self.session.scalars(query.order_by(entry.from_on, entry.id)).all()
        return [(one.class_name, one.category or "", one.from_on, one.until_on) for one in found]

    def _posts(self, row: str) -> ClassPosts:
        name, teacher, *assistants = row.split()
        return ClassPosts(name, self.people.get(teacher), tuple(self.people[one] for one in assistants))


def staffed(school: School, since: date = date(2022, 9, 1)) -> Homeroom:
    """Give the school its office and teachers, and others who look at it."""
    people = {}
    with writing(school.session):
        _end_leading(school)
        password = school.session.get_one(Person, school.people["teacher"]).password_hash
        for name, role, place in (*((each, Role.TEACHER, "school") for each in TEACHERS), *STAFF):
            person = Person(username=name, name=f"{name}老师", password_hash=password)
            school.session.add(person)
            school.session.flush()
            given = {"person_id": person.id, "organization_id": school.organizations[place]}
            school.session.add(Position(**given, role=role, from_on=since))
            people[name] = person.id
    known = {name: people[name] for name, _role, _place in STAFF}
    return Homeroom(replace(school, people={**school.people, **known}), people)


def _end_leading(school: School) -> None:
    """Let who led a class in the small world lead none."""
    leading = Position.role == Role.HOMEROOM_TEACHER, Position.organization_id == school.organizations["school"]
    for position in school.session.scalars(select(Position).where(*leading)):
        school.session.delete(position)
