"""The city: a bureau, districts, schools with their people, and homeroom teachers who are going to apply."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.domain.vocabulary import OrganizationKind, Programme, Role
from app.services.accounts import passwords
from app.services.accounts.actors import load_actor
from app.services.rulebook import rules
from app.services.starting import schedules
from app.services.transactions import writing

PASSWORD = "风清月朗2026"  # noqa: S105 - of an invented city
SINCE = date(2019, 9, 1)
CITY = 1
SCHOOLS_OF_A_DISTRICT = 100
# Of so many schools one stands under the city itself.
DIRECT_EVERY = 5
BUREAU = (Role.BUREAU_ADMIN, Role.BUREAU_CLERK, Role.BUREAU_REVIEWER, Role.BUREAU_LEADER)
STAFF = (
    Role.MORAL_EDUCATION_OFFICE,
    Role.PRINCIPAL,
    Role.LEADERSHIP_GROUP_LEADER,
    *(Role.REVIEW_PANEL_MEMBER,) * 3,
)
BATCH = 1000


@dataclass(frozen=True)
class Place:
    """An organisation with who works there, by role; the applicants are its homeroom teachers."""

    id: int
    people: dict[Role, list[int]]

    def one(self, role: Role) -> int:
        """Return the first who holds a role."""
        return self.people[role][0]


@dataclass(frozen=True)
class City:
    """The places of the simulation."""

    bureau: Place
    districts: list[Place]
    schools: list[Place]


def build(session: Session, schools: int, applicants: int) -> City:
    """Make the city in an empty database, with the rules of ranks and reviews that begin each September."""
    made = _Made(session)
    districts = range(-(-schools // SCHOOLS_OF_A_DISTRICT))
    with writing(session):
        city = made.place("YL", None, OrganizationKind.CITY, BUREAU)
        below = [made.place(f"YL{one:02d}", city, OrganizationKind.DISTRICT, BUREAU) for one in districts]
        staff = (*STAFF, *(Role.HOMEROOM_TEACHER,) * applicants)
        found = [
            made.place(f"X{one:05d}", above, OrganizationKind.SCHOOL, staff)
            for one, above in zip(range(schools), _above(city, below), strict=False)
        ]
        made.write()
    admin = load_actor(session, city.one(Role.BUREAU_ADMIN))
    rules.adopt_pack(session, admin, city.id, Programme.RANK, "s4", SINCE)
    schedules.adopt(session, admin, "rank_review", city.id)
    return City(city, below, found)


def _above(city: Place, districts: list[Place]) -> Iterator[Place]:
    number = 0
    while True:
        number += 1
        yield city if number % DIRECT_EVERY == 0 else districts[number % len(districts)]


class _Made:
    """Rows as they are thought of, written a thousand at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._password = passwords.hash_one_time(PASSWORD)
        self._paths: dict[int, str] = {}
        self._organizations: list[dict[str, Any]] = []
        self._people: list[dict[str, Any]] = []
        self._posts: list[dict[str, Any]] = []

    def place(self, code: str, above: Place | None, kind: OrganizationKind, staff: tuple[Role, ...]) -> Place:
        """Think of an organisation with its people."""
        id_ = CITY + len(self._organizations)
        path = f"{self._paths[above.id] if above else '/'}{id_}/"
        self._paths[id_] = path
        parent = above.id if above else None
        name = f"云澜市{code}"
        self._organizations.append(
            {"id": id_, "code": code, "name": name, "kind": kind, "parent_id": parent, "path": path}
        )
        people: dict[Role, list[int]] = {}
        for role in staff:
            people.setdefault(role, []).append(self._person(id_, role))
        return Place(id_, people)

    def write(self) -> None:
        """Insert all; PostgreSQL's numbers go on behind them."""
        for table, rows in (
            (Organization, self._organizations),
            (Person, self._people),
            (Position, self._posts),
        ):
            for first in range(0, len(rows), BATCH):
                self._session.execute(insert(table), rows[first : first + BATCH])

    def _person(self, place: int, role: Role) -> int:
        id_ = 1 + len(self._people)
        self._people.append({"id": id_, "username": f"p{id_}", "name": f"教师{id_}", "password_hash": self._password})
        self._posts.append({"person_id": id_, "organization_id": place, "role": role, "from_on": SINCE})
        return id_
