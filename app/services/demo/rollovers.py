"""The roll-over of the story's second school year: classes go a year up, and their homeroom teachers with them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import select

from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind, EntrySource
from app.services.demo.careers import Career
from app.services.demo.offices import keepers
from app.services.demo.tellings import service_of
from app.services.demo.world import World
from app.services.dossiers.recording import Entry, record_many


def go_up(world: World, careers: Iterable[Career]) -> None:
    """End the services of the school year that is over, and begin those of the new one."""
    running = select(DossierEntry.person_id, DossierEntry.id).where(
        DossierEntry.kind == EntryKind.SERVICE, DossierEntry.until_on.is_(None), DossierEntry.replaced_at.is_(None)
    )
    ids = {row.person_id: row.id for row in world.session.execute(running)}
    record_many(world.session, [entry for career in careers for entry in _entries(world, career, ids)])


def _entries(world: World, career: Career, running: dict[int, int]) -> Iterator[Entry]:
    keeper, verifier = (world.people[one] for one in keepers(world, career.code, career.username))
    person_id = world.people[career.username]
    for service in (served for served in career.served if served.year >= world.first_year):
        is_over = service.year == world.first_year
        told = service_of(world, service, is_open=not is_over)
        school_id = world.organizations[service.seat.code]
        entry = Entry(person_id, school_id, told.particulars, EntrySource.ROSTER, keeper, verifier, school_id=school_id)
        yield replace(entry, corrects_id=running[person_id]) if is_over else entry
