"""Databases for tests: copies of a template, which a file is, or a database of the server."""

import shutil
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from app.db.engine import connect

# Linux keeps what lies here in memory; servers' logs and what tests have not dropped want so much at most.
MEMORY, ROOM = Path("/dev/shm"), 6 * 2**30  # noqa: S108 - its folders there are its own
_names = count(1)


def memory() -> Path | None:
    """Return where files lie in memory, where there is room."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def copied(template: Path | str, folder: Path) -> Iterator[Engine]:
    """Yield a copy of a database file, or of a database of the server."""
    is_file = isinstance(template, Path)
    address = f"sqlite:///{shutil.copy(template, folder / 'test.sqlite3')}" if is_file else new_database(str(template))
    engine = connect(address)
    yield engine
    engine.dispose()
    if not is_file:
        _drop(address)


def new_database(url: str, template: str | None = None) -> str:
    """Copy a database of the server, the one of the address where no other is named; return the copy's address."""
    name = f"shenpi_test_{next(_names)}"
    # By files: through its log, as is usual, a server copies slower where it does not wait for the disk.
    origin = template or make_url(url).database
    _tell_server(url, f'CREATE DATABASE "{name}" TEMPLATE "{origin}" STRATEGY FILE_COPY')
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def leave_server(url: str) -> None:
    """Close the connection over which databases of a server are copied and dropped."""
    _server(_address(url)).dispose()


def _drop(address: str) -> None:
    """Drop a copy at once: thousands of them would take longer to delete at the end."""
    _tell_server(address, f'DROP DATABASE "{make_url(address).database}" WITH (FORCE)')


def _tell_server(url: str, statement: str) -> None:
    with _server(_address(url)).connect() as connection:
        connection.execute(text(statement))


def _address(url: str) -> str:
    """Return the address of the server's own database, which no test copies."""
    return make_url(url).set(database="postgres").render_as_string(hide_password=False)


@cache
def _server(address: str) -> Engine:
    """Return an engine that keeps its one connection: to connect takes as long as to drop a database."""
    return create_engine(address, isolation_level="AUTOCOMMIT", pool_size=1)
