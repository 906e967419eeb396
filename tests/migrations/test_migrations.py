"""The migrations build what the models say, on both databases, and go down one step and up again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Engine, column, insert, inspect, literal_column, table, text

from app.db import migrate
from app.db.engine import connect

MIGRATIONS = Path(__file__).parents[2] / "migrations"
NOW: ColumnElement[str] = literal_column("'2026-11-26 08:00:00'")
EMPTY: ColumnElement[str] = literal_column("'{}'")
# A case with something that points at it, as the first tables had them.
OLD_ROWS: dict[str, dict[str, Any]] = {
    "organization": {"code": "SF01", "name": "松风路小学", "kind": "school", "path": "/1/", "created_at": NOW},
    "person": {
        "username": "host",
        "name": "周敏",
        "password_hash": "",
        "must_change_password": False,
        "session_epoch": 0,
        "is_active": True,
        "is_compact": False,
        "created_at": NOW,
    },
    "process_definition": {"key": "old", "title": "旧流程", "code": "JL", "category": "其他"},
    "process_version": {
        "definition_id": 1,
        "number": 1,
        "content_hash": "h",
        "files": EMPTY,
        "published_at": NOW,
    },
    "process_instance": {
        "serial": "BX-1",
        "verification_code": "c",
        "version_id": 1,
        "process_key": "old",
        "organization_id": 1,
        "initiator_id": 1,
        "title": "旧事",
        "status": "running",
        "revision": 1,
        "state": b"",
        "values": EMPTY,
        "rules": EMPTY,
        "started_at": NOW,
    },
    "element_visit": {"instance_id": 1, "element": "ask", "visited_at": NOW},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        engine = connect(request.getfixturevalue("postgresql_url"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


def test_up_from_empty_matches_the_models(empty_database: Engine) -> None:
    assert not migrate.is_current(empty_database, MIGRATIONS)
    migrate.upgrade(empty_database, MIGRATIONS)
    assert migrate.is_current(empty_database, MIGRATIONS)
    migrate.check(empty_database, MIGRATIONS)


def test_one_step_down_and_up_again(empty_database: Engine) -> None:
    migrate.upgrade(empty_database, MIGRATIONS)
    migrate.downgrade(empty_database, MIGRATIONS, "-1")
    assert not migrate.is_current(empty_database, MIGRATIONS)
    migrate.upgrade(empty_database, MIGRATIONS)
    assert "process_instance" in inspect(empty_database).get_table_names()


def test_rows_and_their_keys_survive_the_way_up_and_down(empty_database: Engine) -> None:
    migrate.upgrade(empty_database, MIGRATIONS, "0001")
    with empty_database.begin() as connection:
        for name, row in OLD_ROWS.items():
            values = {"id": 1, **row}
            connection.execute(insert(table(name, *map(column, values))).values(values))
    migrate.upgrade(empty_database, MIGRATIONS)
    migrate.downgrade(empty_database, MIGRATIONS, "0001")
    migrate.upgrade(empty_database, MIGRATIONS)
    with empty_database.connect() as connection:
        assert connection.execute(text("SELECT serial, callees FROM process_instance")).one()[0] == "BX-1"
        # What was passed before stands in the journal, once.
        entry = connection.execute(text("SELECT instance_id, sequence, entry_hash FROM journal_entry")).one()
        assert tuple(entry)[:2] == (1, 1)
        head = connection.execute(text("SELECT journal_sequence, journal_hash FROM process_instance")).one()
        assert tuple(head) == tuple(entry)[1:]
        told = connection.execute(text("SELECT title, code, category FROM process_version")).one()
        assert tuple(told) == ("旧流程", "JL", "其他")
