"""The small world with those who keep files: offices of two schools, a bureau's clerk, and entries to be filed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.db.people import Person, Position
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind
from app.domain.vocabulary import Role
from app.services.accounts import passwords
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.school import PASSWORD, School

KEEPERS = (
    ("office", "陆青", "school", (Role.MORAL_EDUCATION_OFFICE, Role.TEACHER)),
    ("office2", "邱牧", "school", (Role.MORAL_EDUCATION_OFFICE,)),
    ("director", "沈立", "school", (Role.MORAL_EDUCATION_DIRECTOR,)),
    ("discipline", "秦朗", "school", (Role.DISCIPLINE_COMMITTEE,)),
    ("other_office", "钟悦", "sibling", (Role.MORAL_EDUCATION_OFFICE,)),
    ("clerk", "白露", "district", (Role.BUREAU_CLERK,)),
)
HONOUR = {
    "kind": "honour",
    "honour_title": "区优秀班主任",
    "honour_category": "homeroom",
    "honour_level": "district",
    "honour_issuer": "临溪区教育局",
    "honour_from_on": "2025-09-10",
}
SANCTION = {
    "sanction_title": "体罚学生",
    "sanction_category": "warning",
    "sanction_level": "school",
    "sanction_issuer": "松风路小学",
    "sanction_from_on": "2026-03-02",
}


def add_keepers(world: School) -> School:
    """Add the offices to the world."""
    with writing(world.session):
        for username, name, where, roles in KEEPERS:
            world.people[username] = _add(world, username, name, world.organizations[where], roles)
    return world


def enter(world: School, name: str = "teacher", **changes: Any) -> int:
    """File an entry of one's own file; return the case."""
    values = {**HONOUR, "evidence": [world.upload(name)], **changes}
    school = world.organizations["school"]
    return starts.start(world.session, world.actor(name), "dossier_entry", school, values).instance


def record_honour(world: School, name: str = "teacher", **changes: Any) -> DossierEntry:
    """File an entry and let the office verify it."""
    instance = enter(world, name, **changes)
    world.act(instance, "office" if name != "office" else "office2", "accept")
    return entry_of(world, instance)


def sanction(world: School, name: str = "teacher", by: str = "office", **changes: Any) -> int:
    """File a sanction of somebody; return the case."""
    values = {**SANCTION, "person": world.people[name], "evidence": [world.upload(by)], **changes}
    school = world.organizations["school"]
    return starts.start(world.session, world.actor(by), "sanction_entry", school, values).instance


def record_sanction(world: School, name: str = "teacher") -> DossierEntry:
    """File a sanction and let the deputy principal confirm it."""
    instance = sanction(world, name)
    world.act(instance, "deputy", "accept")
    return entry_of(world, instance)


def entry_of(world: School, instance: int) -> DossierEntry:
    """Return the entry that a case recorded."""
    return world.session.scalars(select(DossierEntry).where(DossierEntry.instance_id == instance)).one()


def live(world: School, name: str, kind: EntryKind) -> list[DossierEntry]:
    """Return the entries of a person that count."""
    return list(
        world.session.scalars(
            select(DossierEntry).where(
                DossierEntry.person_id == world.people[name],
                DossierEntry.kind == kind,
                DossierEntry.replaced_at.is_(None),
                ~DossierEntry.is_void,
            )
        )
    )


def _add(world: School, username: str, name: str, organization_id: int, roles: tuple[Role, ...]) -> int:
    person = Person(username=username, name=name, password_hash=passwords.hash_one_time(PASSWORD))
    world.session.add(person)
    world.session.flush()
    since = clock.today() - timedelta(days=800)
    world.session.add_all(
        Position(person_id=person.id, organization_id=organization_id, role=role, from_on=since) for role in roles
    )
    world.session.flush()
    return person.id
