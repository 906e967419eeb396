"""Connections: SQLite's pragmas, PostgreSQL's limits, and write transactions that lock at once."""

import json
import sqlite3
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, ExceptionContext, RootTransaction, create_engine, event
from sqlalchemy.exc import OperationalError

from app.db.pools import ServerPool
from app.db.wire import Letter, first_line, post

_WRITES = "writes"
BUSY_MS = 30_000
# A step writes some 15 pages, many of them again and again: the log is emptied into the file once it holds 4000.
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",
    # What is deleted is overwritten: ballots and their keys must not lie in free pages.
    "secure_delete=ON",
    "wal_autocheckpoint=4000",
    f"busy_timeout={BUSY_MS}",
)
# What the server itself ends: a wait for a lock as long as SQLite's, a statement gone astray, a client that hangs.
LIMITS = {
    "lock_timeout": BUSY_MS,
    "statement_timeout": 2 * BUSY_MS,
    "idle_in_transaction_session_timeout": 4 * BUSY_MS,
    "timezone": "UTC",
}
# A database that went away is noticed within seconds, not within the hours that TCP would wait.
REACHING = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
# Per process: as many as its threads, each of which keeps one while it answers, and a few for what works beside them.
POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10}
# Transactions begin with a statement of ours, sent together with the first of theirs (wire.py). The locks are written
# for this isolation: who waited for a row sees what the holder committed.
BEGINNING = Letter("BEGIN ISOLATION LEVEL READ COMMITTED", None)
TRANSACTIONS = {"isolation_level": "AUTOCOMMIT"}

# What people typed stands in no message of an error, and so in no log.
DISCREET = {"hide_parameters": True}


def connect(url: str) -> Engine:
    """Create an engine for a database address."""
    return create_engine(url, **engine_options(url))


def engine_options(url: str) -> dict[str, Any]:
    """Return the pool options that suit a database address."""
    codec = {"json_serializer": to_json}
    if url.startswith("sqlite"):
        arguments: dict[str, Any] = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
        return {**DISCREET, **codec, **POOL, "connect_args": arguments}
    limits = " ".join(f"-c {name}={value}" for name, value in LIMITS.items())
    arguments = {**REACHING, "application_name": "shenpi", "options": limits}
    return {**DISCREET, **codec, **POOL, "poolclass": ServerPool, **TRANSACTIONS, "connect_args": arguments}


def to_json(value: Any) -> str:
    """Write a value as the database keeps it."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Integers beyond 64 bits and torn characters, as a draft may hold them.
        return json.dumps(value)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    """Turn on foreign keys and the write-ahead log, and take BEGIN out of the driver's hands."""
    if not type(dbapi_connection).__module__.startswith("sqlite3"):
        return
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_to_write(connection: Connection) -> RootTransaction:
    """Begin a transaction that SQLite locks at its start: an upgrade from a read lock would fail under load."""
    # Execution options would say so, too, but cost a step four times as much.
    connection.info[_WRITES] = True
    return connection.begin()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    is_write = connection.info.pop(_WRITES, False)
    if connection.dialect.name == "sqlite":
        _send(connection, "BEGIN IMMEDIATE" if is_write else "BEGIN")
    elif isinstance(connection.engine.pool, ServerPool):
        post(connection, BEGINNING)


def _send(connection: Connection, text: str) -> None:
    """Hand a statement to the driver, past what SQLAlchemy does for one that has parameters or an answer."""
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(text)
    except sqlite3.OperationalError as error:
        raise OperationalError(text, None, error) from error


@event.listens_for(Engine, "handle_error")
def _keep_the_first_line(context: ExceptionContext) -> None:
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            first_line(error)
