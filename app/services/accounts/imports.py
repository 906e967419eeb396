"""Importing people.xlsx: all rows or none, one-time passwords for those who are new."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.policy import Action, may_grant
from app.domain.text import N_, Sentence, sentence
from app.domain.vocabulary import OrganizationKind, Role
from app.services.accounts import passwords
from app.services.accounts.organizations import coded, get_organization, place_of
from app.services.accounts.people import Credential
from app.services.accounts.people_sheets import Row, read_people
from app.services.accounts.positions import NOT_ONESELF
from app.services.accounts.terms import not_ended
from app.services.attention import unheld_checks
from app.services.journal import record_organization
from app.services.transactions import writing

CHUNK = 500


@dataclass(frozen=True)
class Imported:
    """What an import did; the credentials of new people are shown once."""

    credentials: list[Credential]
    people: int
    positions: int
    unchanged: int


def import_people(session: Session, actor: Actor, organization_id: int, stream: BinaryIO) -> Imported:
    """Import people and positions of one organisation, all or nothing; known positions stay as they are.

    Raises Invalid with cells such as B7, TooLarge, NotFound or Forbidden.
    """
    organization = get_organization(session, actor, organization_id, Action.MANAGE_PEOPLE)
    rows = read_people(stream, OrganizationKind(organization.kind))
    return _import(session, actor, organization.id, rows)


def import_from_console(session: Session, organization_code: str | None, stream: BinaryIO) -> Imported:
    """Import as whoever runs the command on the server; raises Invalid and TooLarge."""
    organization = coded(session, organization_code)
    return _import(session, None, organization.id, read_people(stream, OrganizationKind(organization.kind)))


def _import(session: Session, actor: Actor | None, organization_id: int, rows: Sequence[Row]) -> Imported:
    drafts = {row.username: row for row in reversed(rows)}
    secrets = _one_time_passwords(set(drafts) - set(_people(session, drafts)))
    with writing(session):
        organization = session.get_one(Organization, organization_id)
        people = _people(session, drafts)
        errors = _row_errors(actor, organization, people, rows)
        if errors:
            raise Invalid(errors, N_("没有导入：请按单元格改好，再上传一次。"))
        added = _add_people(session, [drafts[name] for name in drafts if name not in people], secrets)
        people |= {person.username: person for person in added}
        positions = _add_positions(session, organization, people, rows)
        details = {"people": [person.id for person in added], "rows": len(rows), "positions": positions}
        record_organization(session, organization.id, actor, "import_people", details)
        unheld_checks.recheck(session, organization.id)
    credentials = [Credential(person.id, person.name, person.username, secrets[person.username][0]) for person in added]
    return Imported(credentials, len(drafts), positions, len(rows) - positions)


def _one_time_passwords(usernames: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return a password and its hash for each username; hashing leaves the interpreter's lock."""
    drawn = {username: passwords.one_time() for username in usernames}
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(passwords.hash_one_time, drawn.values()))
    return {name: (password, hashed) for (name, password), hashed in zip(drawn.items(), hashes, strict=True)}


def _people(session: Session, usernames: Iterable[str]) -> dict[str, Person]:
    wanted = list(usernames)
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Person).where(Person.username.in_(wanted[start : start + CHUNK]))
        found |= {person.username: person for person in session.scalars(query)}
    return found


def _row_errors(
    actor: Actor | None, organization: Organization, people: Mapping[str, Person], rows: Sequence[Row]
) -> dict[str, list[Sentence]]:
    errors: dict[str, list[Sentence]] = {}
    kind, place = OrganizationKind(organization.kind), place_of(organization)
    for row in rows:
        person = people.get(row.username)
        if person is not None and person.name != row.draft.name.strip():
            words = N_("这个用户名已有人使用，姓名和您填的不同，请核对。")
            errors[row.cells[1]] = [sentence(words)]
        elif actor is not None and person is not None and person.id == actor.person_id:
            errors[row.cells[1]] = [sentence(NOT_ONESELF)]
        elif actor is not None and not may_grant(actor, person.id if person else None, row.role, kind, place):
            errors[row.cells[3]] = [sentence(N_("这个职务您不能任命。"))]
    return errors


def _add_people(session: Session, rows: Sequence[Row], secrets: Mapping[str, tuple[str, str]]) -> list[Person]:
    added = [
        Person(
            username=row.username,
            name=row.draft.name.strip(),
            staff_number=row.draft.staff_number.strip() or None,
            password_hash=secrets[row.username][1],
            must_change_password=True,
        )
        for row in rows
    ]
    session.add_all(added)
    session.flush()
    return added


def _add_positions(
    session: Session, organization: Organization, people: Mapping[str, Person], rows: Sequence[Row]
) -> int:
    """Add the positions that nobody holds yet and return how many they are."""
    query = select(Position.person_id, Position.role).where(
        Position.organization_id == organization.id, Position.studio_id.is_(None), not_ended()
    )
    held = {(person_id, Role(role)) for person_id, role in session.execute(query)}
    new = [row for row in rows if (people[row.username].id, row.role) not in held]
    session.add_all(
        Position(
            person_id=people[row.username].id,
            organization_id=organization.id,
            role=row.role,
            from_on=row.term.from_on,
            until_on=row.term.until_on,
        )
        for row in new
    )
    for row in new:
        people[row.username].is_active = True
    session.flush()
    return len(new)
