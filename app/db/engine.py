"""Connections: SQLite's pragmas, and write transactions that lock at once."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

WRITE = "shenpi_write"


def connect(url: str) -> Engine:
    """Create an engine for a database address."""
    return create_engine(url, **engine_options(url))


def engine_options(url: str) -> dict[str, Any]:
    """Return the pool options that suit a database address."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    """Turn on foreign keys and the write-ahead log, and take BEGIN out of the driver's hands."""
    if not type(dbapi_connection).__module__.startswith("sqlite3"):
        return
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Lock a write transaction at its start: an upgrade from a read lock would fail under load."""
    if connection.dialect.name == "sqlite":
        is_write = connection.get_execution_options().get(WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
