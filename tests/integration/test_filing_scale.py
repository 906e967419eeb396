"""Filings of many rows: so many in a transaction, each once, and no more statements for many than for few."""

import pytest
from sqlalchemy import select

from app.db.filings import FilingRow
from app.db.people import Person
from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind, Rank
from app.domain.filings import FilingLevel, RowStatus, RowVerdict
from app.domain.ranks import RankApplicationKind
from app.services.filings import arrivals, effects, runs, settling
from app.services.transactions import writing
from tests.integration.filing_world import Filing, filing, in_the_year
from tests.integration.prepared import database, school
from tests.integration.school import School
from tests.integration.statements import statements_of

__all__ = ["database", "in_the_year", "school"]  # fixtures


@pytest.fixture
def direct(school: School) -> Filing:
    """Return a school that stands under the city."""
    return filing(school, is_direct=True)


def add(world: Filing, count: int) -> list[FilingRow]:
    """Let more rows of a batch lie with the city."""
    session, batch = world.school.session, world.rows()[0].batch
    with writing(session), arrivals.arriving(session, world.run("city").id):
        people = [Person(username=f"more{count}-{one}", name="韩梅", password_hash="") for one in range(count)]
        session.add_all(people)
        session.flush()
        added = [row_of(batch.id, one.id) for one in people]
        session.add_all(added)
    world.settle()
    return added


def row_of(batch_id: int, person_id: int) -> FilingRow:
    return FilingRow(
        batch_id=batch_id,
        person_id=person_id,
        name="韩梅",
        rank=Rank.INTERMEDIATE_2,
        kind=RankApplicationKind.FIRST,
        particulars={},
        status=RowStatus.PENDING,
        level=FilingLevel.CITY,
    )


def confirm(world: Filing) -> int:
    """Do what the case does once another person has confirmed."""
    session = world.school.session
    with writing(session):
        run = runs.locked(session, world.run("city").id)
        settling.settle(session, run, world.people["city_reviewer"])
        return effects.make_effective(session, run)


def test_many_rows_are_effective_a_few_in_a_transaction_and_each_once(
    direct: Filing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "CHUNK", 2)
    session = direct.school.session
    direct.file()
    direct.pass_all("city")
    with writing(session):
        effects.go_on(session, {"run": direct.run("city").id})
    assert [row.filing_number for row in direct.rows()] == [f"YL-2026-0000{one}" for one in (1, 2, 3)]
    is_rank = DossierEntry.kind == EntryKind.RANK
    entered = session.scalars(select(DossierEntry.person_id).where(is_rank).order_by(DossierEntry.id))
    assert list(entered) == [row.person_id for row in direct.rows()]


def test_forty_rows_take_the_statements_of_four(direct: Filing) -> None:
    direct.file()
    direct.pass_all("city")
    taken = []
    for count in (4, 40):
        direct.audit("city", "city_clerk", RowVerdict.ACCEPT, *add(direct, count))
        taken.append(statements_of(direct.school, lambda: confirm(direct)))
    assert {row.status for row in direct.rows()} == {RowStatus.EFFECTIVE}
    # SQLite's driver does not count the rows of an update of many, so that each goes by itself, within the process.
    is_apart = direct.school.session.get_bind().dialect.name == "sqlite"
    assert taken[1] - taken[0] == (36 if is_apart else 0)
