"""The schema's versions: bring a database up to date, and tell whether it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from app.db.engine import begin_to_write

# Any number, the same for all: of several that migrate, each waits for the one before.
LOCK = 7_340_032


class Standing(StrEnum):
    """How a database's structure stands to the program's."""

    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def upgrade(engine: Engine, migrations: Path, revision: str = "head") -> None:
    """Migrate a database up to a revision, in one transaction."""
    with _migrating(engine) as connection:
        command.upgrade(_config(connection, migrations), revision)


def downgrade(engine: Engine, migrations: Path, revision: str) -> None:
    """Migrate a database down to a revision."""
    with _migrating(engine) as connection:
        command.downgrade(_config(connection, migrations), revision)


def standing(engine: Engine, migrations: Path) -> Standing:
    """Tell whether the database is behind the program, current, or of a program that is newer."""
    script = ScriptDirectory(str(migrations))
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == script.get_current_head():
        return Standing.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return Standing.BEHIND if found is None or found in known else Standing.AHEAD


def is_current(engine: Engine, migrations: Path) -> bool:
    """Tell whether the database stands at the newest revision."""
    return standing(engine, migrations) == Standing.CURRENT


def check(engine: Engine, migrations: Path) -> None:
    """Compare the tables with the models; raises CommandError where they differ."""
    with _migrating(engine) as connection:
        command.check(_config(connection, migrations))


def take_turn(connection: Connection) -> None:
    """Wait until nobody else brings this database up, and keep the turn until the transaction ends.

    On SQLite the write transaction alone does it.
    """
    if connection.dialect.name != "postgresql":
        return
    # Bringing up takes as long as it takes, and so does waiting for another one.
    for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """Open one transaction; SQLite alters a table by building it anew, which other tables' keys must not hinder."""
    with engine.connect() as connection:
        _enforce_keys(connection, "OFF")
        try:
            with begin_to_write(connection):
                take_turn(connection)
                yield connection
                _refuse_broken_keys(connection)
        finally:
            _enforce_keys(connection, "ON")


def _enforce_keys(connection: Connection, switch: str) -> None:
    """Switch SQLite's foreign keys, below SQLAlchemy: within a transaction the pragma does nothing."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute(f"PRAGMA foreign_keys={switch}")


def _refuse_broken_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            message = f"a migration left keys without their rows: {broken[:5]}"
            raise RuntimeError(message)


def _config(connection: Connection, migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
