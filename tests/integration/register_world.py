"""What the registers hold in tests: entries in files, posts, grades and balances of studios."""

from datetime import date, timedelta
from typing import Any

from app.db.people import Person, Position
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource, Level
from app.domain.entry_checks import Particulars
from app.domain.vocabulary import Role
from app.services.accounts import passwords
from app.services.dossiers.recording import Entry, record
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
        school.people = {**school.people, username: added.id}
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


def entry(school: School, who: str, kind: EntryKind, on: date, evidence: tuple[str, ...] = (), **told: Any) -> int:
    """Enter something into a person's file, as the office verified it."""
    particulars = Particulars(kind, on, **told)
    with writing(school.session) as session:
        return record(
            session,
            Entry(
                person_id=school.people[who],
                organization_id=school.organizations["school"],
                particulars=particulars,
                source=EntrySource.FOUNDING,
                entered_by_id=school.people[who],
                verified_by_id=school.people["admin"],
                evidence=evidence,
            ),
        )


def honour(school: School, who: str, on: date, title: str = "优秀班主任", **told: Any) -> int:
    """Enter an honour, of the city unless told otherwise."""
    given = {"category": "homeroom", "level": Level.CITY, "issuer": "云澜市教育局", **told}
    return entry(school, who, EntryKind.HONOUR, on, title=title, **given)


def sanction(school: School, who: str, on: date, until: date | None = None) -> int:
    """Enter a sanction of the school."""
    told: dict[str, Any] = {"category": "warning", "level": Level.SCHOOL, "issuer": "松风路小学", "until_on": until}
    return entry(school, who, EntryKind.SANCTION, on, title="违反考勤规定", **told)


def service(school: School, who: str, on: date, until: date | None = None, class_name: str = "三（2）班") -> int:
    """Enter a service as homeroom teacher."""
    told: dict[str, Any] = {"category": "full", "issuer": "松风路小学", "class_name": class_name, "until_on": until}
    return entry(school, who, EntryKind.SERVICE, on, **told)


def rank(school: School, who: str, on: date, value: str) -> int:
    """Enter a rank."""
    return entry(school, who, EntryKind.RANK, on, category=value)
