"""What the registers hold in tests: posts, grades and balances of studios."""

from datetime import date, timedelta

from app.db.people import Person, Position
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.accounts import passwords
from app.services.transactions import writing
from tests.integration.school import PASSWORD, School


def person(school: School, username: str, name: str, role: Role, organization: str = "school") -> int:
    """Add a person who holds one position since last year."""
    with writing(school.session) as session:
        added = Person(username=username, name=name, password_hash=passwords.hash_one_time(PASSWORD))
        session.add(added)
        session.flush()
        since = clock.today() - timedelta(days=400)
        session.add(
            Position(person_id=added.id, organization_id=school.organizations[organization], role=role, from_on=since)
        )
        school.people[username] = added.id
    return school.people[username]


def grade(school: School, studio: int, period: str, value: str, on: date) -> None:
    """Give a studio a grade that was given before the platform."""
    with writing(school.session) as session:
        common = {"issuer": "政教处", "entered_by_id": school.people["admin"]}
        session.add(StudioGrade(studio_id=studio, period=period, grade=value, graded_on=on, **common))


def balance(school: School, studio: int, on: date, amount: int) -> None:
    """Note what a studio had left on a day, in fen."""
    with writing(school.session) as session:
        session.add(StudioBalance(studio_id=studio, as_of=on, amount=amount, entered_by_id=school.people["admin"]))
