"""Entries in the files of the small world's people, for tests."""

from datetime import date

from app.domain.dossiers import EntryKind, EntrySource, Level
from app.domain.entry_checks import Particulars
from app.services.dossiers.recording import Entry, record_many
from app.services.transactions import writing
from tests.integration.school import School

SERVICE = Particulars(EntryKind.SERVICE, date(2018, 9, 1), category="full", issuer="松风路小学", class_name="五（2）班")
HONOUR = Particulars(EntryKind.HONOUR, date(2025, 9, 10), "市优秀班主任", "homeroom", Level.CITY, "市教育局")
SANCTION = Particulars(EntryKind.SANCTION, date(2026, 3, 1), "体罚", "warning", Level.SCHOOL, "松风路小学")


def keep(world: School, name: str, *particulars: Particulars) -> list[int]:
    """Write verified entries into a person's file; return their ids."""
    with writing(world.session):
        entries = [
            Entry(
                person_id=world.people[name],
                organization_id=world.organizations["school"],
                particulars=one,
                source=EntrySource.FOUNDING,
                entered_by_id=world.people[name],
                verified_by_id=world.people["admin"],
            )
            for one in particulars
        ]
        return record_many(world.session, entries)
