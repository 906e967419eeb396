"""A database of release 0.1.0 is upgraded, found whole, and worked on.

`release_0_1_0.sql.gz` was written by that release: the small world of the tests with a confirmed budget and three
expenses, one booked, one waiting for the legal representative, one returned.
"""

import gzip
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, func, select, text
from sqlalchemy.orm import Session

from app import installation
from app.config import Settings
from app.db import migrate
from app.db.engine import connect
from app.db.processes import ProcessInstance
from app.services import doctor, journal
from app.services.accounts.actors import load_actor
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.timing import ticks
from tests.databases import new_database
from tests.integration.school import ROOT, School

DUMP = Path(__file__).with_name("release_0_1_0.sql.gz")
SECRET = "0123456789abcdef0123456789abcdef"
MIGRATIONS = ROOT / "migrations"


@pytest.fixture
def old_sqlite(tmp_path: Path) -> str:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(gzip.decompress(DUMP.read_bytes()).decode())
    return f"sqlite:///{path}"


@pytest.fixture
def old_postgresql(old_sqlite: str, postgresql_url: str) -> str:
    """The same rows on PostgreSQL, in the tables of that release."""
    address = new_database(postgresql_url, "template1")
    source, target = connect(old_sqlite), connect(address)
    migrate.upgrade(target, MIGRATIONS, "0001")
    _copy(source, target)
    source.dispose()
    target.dispose()
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    address = request.getfixturevalue(f"old_{request.param}")
    settings = Settings(address.replace("postgresql://", "postgresql+psycopg://", 1), SECRET, tmp_path)
    engine = installation.prepared(settings)
    yield engine
    engine.dispose()


def test_the_old_structure_is_refused_until_it_is_upgraded(old_sqlite: str) -> None:
    engine = connect(old_sqlite)
    assert migrate.standing(engine, MIGRATIONS) == migrate.Standing.BEHIND
    engine.dispose()


def test_an_upgraded_database_is_whole_and_its_cases_go_on(upgraded: Engine, tmp_path: Path) -> None:
    with Session(upgraded) as session:
        assert list(journal.verify(session)) == []
        assert doctor.examine(session) == []
        school = _school(session, tmp_path)
        waiting = _case(session, "1002")
        school.act(waiting, "legal", "sign")
        school.book(waiting)
        assert session.get_one(ProcessInstance, waiting).outcome == "booked"
        school.act(_case(session, "1003"), "host", "submit", school.expense_values(number="1003"))
        assert school.open_item(_case(session, "1003")).element == "host_sign"
        fresh = school.start_expense(number="1004")
        school.act(fresh, "host", "sign")
        ticks.tick(session)
        assert len(inbox.todo(session, load_actor(session, school.people["legal"]), Query()).items) == 1
        assert list(journal.verify(session)) == []
        assert doctor.examine(session) == []


def _case(session: Session, invoice: str) -> int:
    cases = session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "expense_approval"))
    return next(case.id for case in cases if case.values["submit_draft"]["invoices"][0]["number"] == invoice)


def _school(session: Session, files: Path) -> School:
    organizations = {name: _id(session, "organization", "code", code) for name, code in (("school", "SF01"),)}
    people = {name: _id(session, "person", "username", name) for name in ("host", "legal", "finance")}
    return School(session, files, organizations, people, _id(session, "studio", "name", "周敏名班主任工作室"), 0)


def _id(session: Session, table: str, column: str, value: str) -> int:
    query = text(f"SELECT id FROM {table} WHERE {column} = :value")  # noqa: S608 - names of our own tables
    return int(session.execute(query, {"value": value}).scalar_one())


def _copy(source: Engine, target: Engine) -> None:
    """Copy all rows, and let each key count on from where it stands."""
    tables, theirs = MetaData(), MetaData()
    tables.reflect(target)
    theirs.reflect(source)
    with source.connect() as reading, target.begin() as writing:
        for table in tables.sorted_tables:
            rows = [dict(row) for row in reading.execute(theirs.tables[table.name].select()).mappings()]
            if table.name == "alembic_version":
                continue
            if rows:
                writing.execute(table.insert(), rows)
            if "id" in table.c and table.c.id.type.python_type is int and rows:
                newest = select(func.max(table.c.id)).scalar_subquery()
                writing.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), newest)))
