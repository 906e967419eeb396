"""Databases for tests: copies of a template, which a file is, or a database of the server."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, delete, exists, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from app.db.base import Base
from app.db.engine import connect

_names = count(1)
_END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_SEQUENCES = """
    SELECT format('SELECT setval(%L, %s, %L)', sequencename, coalesce(last_value, start_value), last_value IS NOT NULL)
    FROM pg_sequences WHERE schemaname = 'public'
"""
# Copies of a template that no test uses now.
_free: dict[str, list[str]] = defaultdict(list)


def copied(template: Path | str, folder: Path) -> Iterator[Engine]:
    """Yield a copy of a database file, or of a database of the server."""
    is_file = isinstance(template, Path)
    address = f"sqlite:///{shutil.copy(template, folder / 'test.sqlite3')}" if is_file else _taken(str(template))
    engine = connect(address)
    yield engine
    engine.dispose()
    if not is_file:
        _free[str(template)].append(address)


def new_database(url: str, template: str | None) -> str:
    """Copy a database of the server, the one of the address where no other is named; return the copy's address."""
    name = f"shenpi_test_{next(_names)}"
    with _connected(make_url(url).set(database="postgres").render_as_string(hide_password=False)) as connection:
        # By files: through its log, as is usual, a server copies slower where it does not wait for the disk.
        origin = template or make_url(url).database
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{origin}" STRATEGY FILE_COPY'))
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _taken(template: str) -> str:
    """Return a copy: one that another test left, as the template is; a new one is made of a thousand files."""
    restoring = _prepared(template)
    if not _free[template]:
        return new_database(template, None)
    address = _free[template].pop()
    with _connected(address) as connection:
        connection.exec_driver_sql(restoring)
    return address


@cache
def _prepared(template: str) -> str:
    """Keep the rows of a template aside in it; return the statements that bring them back in a copy."""
    with _connected(template) as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS kept")
        return "; ".join(_restoring(connection))


def _restoring(connection: Connection) -> Iterator[str]:
    yield _END_OTHERS
    yield "SET session_replication_role = replica"  # neither triggers nor foreign keys
    for table in Base.metadata.tables.values():
        yield str(delete(table).compile(connection))
        if connection.scalar(select(exists().select_from(table))):
            connection.exec_driver_sql(f'CREATE TABLE kept."{table}" AS TABLE "{table}"')
            yield f'INSERT INTO "{table}" TABLE kept."{table}"'
    yield from connection.scalars(text(_SEQUENCES))


def _connected(address: str) -> Connection:
    return create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()
