"""A school, and what it holds of ranks: its list of homeroom teachers, and who keeps, reads and counts them."""

from datetime import date
from typing import Any

from app.db.people import Person, Position
from app.db.registers import HomeroomList, HomeroomListRow
from app.domain.dossiers import EntryKind, EntrySource
from app.domain.entry_checks import Particulars
from app.domain.homeroom_lists import Post
from app.domain.vocabulary import Role
from app.services.dossiers.recording import Entry, record, record_many
from app.services.transactions import writing
from tests.integration import register_world as files
from tests.integration.school import School

PLACED = date(2024, 10, 15)
FILED: dict[str, Any] = {"issuer": "临溪区教育局", "number": "临教备〔2024〕031"}


def offices(school: School) -> School:
    """Add who keeps, reads and counts ranks, at the school and above."""
    files.person(school, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    files.person(school, "other_office", "钟岩", Role.MORAL_EDUCATION_OFFICE, "sibling")
    files.person(school, "clerk", "温和", Role.BUREAU_CLERK, "district")
    files.person(school, "leader", "邵廷", Role.BUREAU_LEADER, "district")
    return school


def teachers(school: School, count: int, organization: str = "school") -> list[int]:
    """Add people who work as teachers."""
    with writing(school.session) as session:
        people = [
            Person(username=f"{organization}-{count}-{number}", name=f"教师{number}", password_hash="-")
            for number in range(count)
        ]
        session.add_all(people)
        session.flush()
        place = school.organizations[organization]
        since = date(2020, 9, 1)
        session.add_all(
            Position(person_id=one.id, organization_id=place, role=Role.TEACHER, from_on=since) for one in people
        )
        return [one.id for one in people]


def listed(school: School, people: list[int], organization: str = "school", from_on: date = date(2025, 9, 1)) -> None:
    """Confirm a list on which people lead a class each; the first of them assists in another's, too."""
    with writing(school.session) as session:
        one = HomeroomList(
            organization_id=school.organizations[organization],
            school_year=from_on.year,
            revision=1,
            from_on=from_on,
            confirmed_by_id=school.people["admin"],
        )
        session.add(one)
        session.flush()
        posts = [(person_id, Post.FULL) for person_id in people]
        posts += [(person_id, Post.ASSISTANT) for person_id in people[:1]]
        session.add_all(
            HomeroomListRow(list_id=one.id, place=place, class_name=f"{place}班", person_id=person_id, category=post)
            for place, (person_id, post) in enumerate(posts)
        )


def rank(school: School, person_id: int, value: str, on: date = PLACED, **changes: Any) -> int:
    """Enter a rank that a bureau filed before the platform into somebody's file; `changes` are of the entry."""
    with writing(school.session) as session:
        return record(session, _entry(school, person_id, value, on, **changes))


def ranks(school: School, people: list[int]) -> None:
    """Enter the same rank into many files at once."""
    with writing(school.session) as session:
        record_many(session, [_entry(school, person_id, "junior_2", PLACED) for person_id in people])


def _entry(school: School, person_id: int, value: str, on: date, **changes: Any) -> Entry:
    told = {name: changes.pop(name, given) for name, given in FILED.items()}
    entry = {
        "organization_id": school.organizations["school"],
        "source": EntrySource.FOUNDING,
        "entered_by_id": school.people["admin"],
        "verified_by_id": school.people["admin"],
        **changes,
    }
    return Entry(person_id=person_id, particulars=Particulars(EntryKind.RANK, on, category=value, **told), **entry)
