"""Writing entries into teachers' files: with evidence, as corrections, struck out, and many at once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind, EntrySource, Level
from app.domain.entry_checks import Particulars
from app.domain.errors import Conflict
from app.services.dossiers.recording import Entry, record, record_many
from app.services.transactions import writing
from tests.integration.school import School

HONOUR = Particulars(EntryKind.HONOUR, date(2025, 9, 10), "区优秀班主任", "homeroom", Level.DISTRICT, "临溪区教育局")


def honour(world: School, **changes: Any) -> Entry:
    told: dict[str, Any] = {
        "person_id": world.people["teacher"],
        "organization_id": world.organizations["school"],
        "particulars": HONOUR,
        "source": EntrySource.FOUNDING,
        "entered_by_id": world.people["teacher"],
        "verified_by_id": world.people["admin"],
    }
    return Entry(**{**told, **changes})


def kept(world: School, entry: Entry) -> DossierEntry:
    with writing(world.session):
        entry_id = record(world.session, entry)
    world.session.expire_all()
    return world.session.get_one(DossierEntry, entry_id)


def test_an_entry_is_kept_with_its_evidence(world: School) -> None:
    paper = world.upload("teacher")
    entry = kept(world, honour(world, evidence=(paper, paper)))
    assert (entry.title, entry.category, entry.level) == ("区优秀班主任", "homeroom", Level.DISTRICT)
    assert [proof.attachment_id for proof in entry.evidence] == [paper]
    assert entry.entered_at == entry.verified_at


def test_a_correction_takes_the_place_of_an_entry_once(world: School) -> None:
    first = kept(world, honour(world))
    better = replace(HONOUR, level=Level.CITY)
    second = kept(world, honour(world, particulars=better, corrects_id=first.id))
    assert first.replaced_at is not None
    assert second.replaced_at is None
    with pytest.raises(Conflict), writing(world.session):
        record(world.session, honour(world, corrects_id=first.id))
    struck = kept(world, honour(world, particulars=better, corrects_id=second.id, is_void=True))
    with pytest.raises(Conflict), writing(world.session):
        record(world.session, honour(world, corrects_id=struck.id))


def test_only_an_entry_of_the_same_person_and_kind_is_corrected(world: School) -> None:
    first = kept(world, honour(world))
    title = Particulars(EntryKind.TITLE, date(2020, 1, 1), category="junior")
    for other in ({"person_id": world.people["host"]}, {"particulars": title}):
        with pytest.raises(Conflict), writing(world.session):
            record(world.session, honour(world, corrects_id=first.id, **other))
    with pytest.raises(Conflict), writing(world.session):
        record_many(world.session, [honour(world, corrects_id=first.id)] * 2)
    assert world.session.scalar(select(func.count()).select_from(DossierEntry)) == 1


def test_many_entries_take_a_few_statements_and_keep_their_order(world: School) -> None:
    wanted = [honour(world, particulars=replace(HONOUR, title=f"第 {place} 项")) for place in range(1200)]
    seen: list[str] = []
    event.listen(world.session.get_bind(), "before_cursor_execute", lambda *told: seen.append(told[2]))
    with writing(world.session):
        ids = record_many(world.session, wanted)
    titles = {found.id: found.title for found in world.session.execute(select(DossierEntry.id, DossierEntry.title))}
    assert [titles[entry_id] for entry_id in ids] == [entry.particulars.title for entry in wanted]
    # SQLite is asked row by row, without a way over a network.
    assert len(seen) < 30 or world.session.get_bind().dialect.name == "sqlite"


def test_the_database_refuses_a_period_that_ends_before_it_begins(world: School) -> None:
    backwards = replace(HONOUR, until_on=date(2024, 1, 1))
    with pytest.raises(IntegrityError), writing(world.session):
        record(world.session, honour(world, particulars=backwards))
