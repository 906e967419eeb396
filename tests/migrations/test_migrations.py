"""The migrations build what the models say, on both databases, and go down one step and up again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from app.db import migrate
from app.db.engine import connect

MIGRATIONS = Path(__file__).parents[2] / "migrations"


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
