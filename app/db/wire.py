"""What goes to the driver itself, past the statement machinery of SQLAlchemy; its events still tell of every statement.

A statement through the machinery costs some 60 µs of it, more than SQLite takes to run it. A PostgreSQL server answers
each statement by itself: writes wait here until something is asked, or for the commit, and then go in one pipeline
with it (docs/adr/0010).
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.pipelines import Pipeline, Statement
from app.db.pools import ServerPool

_WAITING, _STREAM, _PIPELINE = "waiting", "stream", "pipeline"
# After these, psycopg drops all that its connection has prepared.
_UNSETTLING = re.compile(r"\s*(?:DROP|ALTER|ROLLBACK|DISCARD|DEALLOCATE)\b", re.IGNORECASE)
_ERRORS = (sqlite3.Error, psycopg.Error)
Refusal = Callable[[], Exception]


class Letter(NamedTuple):
    """A statement that answers nothing; `refusal` makes the error for a row that `table` does not take."""

    text: str
    parameters: Any
    table: str = ""
    refusal: Refusal | None = None
    # Whether it comes again and again.
    is_kept: bool = True


def post(connection: Connection, letter: Letter) -> None:
    """Send a statement in the transaction that is open, or let it wait for the next that is asked, or the commit."""
    if connection.dialect.name != "postgresql":
        _hand_over(connection, letter)
    elif (stream := connection.info.get(_STREAM)) is not None:
        stream.append(letter)
        _pipeline(connection).put(_told(connection, [letter]))
    else:
        connection.info.setdefault(_WAITING, []).append(letter)


@contextmanager
def streaming(connection: Connection) -> Iterator[None]:
    """Send what is posted within at once and look for the answers at the end, so that PostgreSQL works meanwhile.

    Nothing may be asked within.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    letters = connection.info[_STREAM] = _taken(connection)
    try:
        with _pipeline(connection).open():
            _pipeline(connection).put(_told(connection, letters))
            yield
    except _ERRORS as error:
        raise _refused(connection, error, letters) from error
    finally:
        if not connection.invalidated:
            del connection.info[_STREAM]


def ask(connection: Connection, text: str, parameters: Any) -> list[Any]:
    """Send a statement in the transaction that is open, after what waits, and return the rows of the answer."""
    letter = Letter(text, parameters)
    if connection.dialect.name == "postgresql":
        return _send(connection, [*_taken(connection), letter])
    return _hand_over(connection, letter)


def first_line(error: BaseException) -> None:
    """Cut the details off a driver's error: PostgreSQL tells in them the values that were refused."""
    if error.args:
        error.args = (str(error.args[0]).splitlines()[0], *error.args[1:])


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _send_before(
    connection: Connection, _cursor: object, text: str, parameters: object, *_rest: object
) -> tuple[str, object]:
    """Send what waits before any other statement."""
    if connection.dialect.name == "postgresql":
        _send_waiting(connection)
        if _UNSETTLING.match(text):
            _pipeline(connection).forget()
    return text, parameters


@event.listens_for(Engine, "commit")
def _send_with_commit(connection: Connection) -> None:
    """Send what waits together with the commit, after which the driver finds nothing left to commit."""
    if connection.dialect.name == "postgresql":
        _send_waiting(connection, "COMMIT")


@event.listens_for(Engine, "rollback")
def _roll_back(connection: Connection) -> None:
    _forget(connection)
    # An invalidated connection has no information left, and nothing that waits.
    if not connection.invalidated:
        _roll_back_pipeline(connection.info)


@event.listens_for(ServerPool, "reset")
def _roll_back_at_last(_driver: object, record: Any, _state: object) -> None:
    """Roll back what was left open by a connection that comes back to its pool."""
    if record is not None:
        _roll_back_pipeline(record.info)


def _roll_back_pipeline(info: Mapping[str, Any]) -> None:
    """Roll back past the driver, which would also drop all that is prepared; it finds nothing left to roll back."""
    pipeline: Pipeline | None = info.get(_PIPELINE)
    if pipeline is not None and pipeline.is_in_transaction:
        # What is wrong with the connection is found by the driver's own.
        with suppress(psycopg.Error):
            pipeline.send([Statement("ROLLBACK")])


@event.listens_for(Engine, "rollback_savepoint")
def _forget_since(connection: Connection, _name: str, _context: None) -> None:
    """Forget what waits: all of it was written since the savepoint, which is a statement, too."""
    _forget(connection)


def _forget(connection: Connection) -> None:
    if not connection.invalidated:
        connection.info.pop(_WAITING, None)


def _send_waiting(connection: Connection, *last: str) -> None:
    letters = _taken(connection)
    # Of a transaction in which nothing was said, the server need not hear.
    if not letters or (last and all(letter.parameters is None for letter in letters)):
        return
    _send(connection, [*letters, *(Letter(text, None) for text in last)])


def _taken(connection: Connection) -> list[Letter]:
    letters: list[Letter] = connection.info.pop(_WAITING, [])
    return letters


def _hand_over(connection: Connection, letter: Letter) -> list[Any]:
    """Hand a letter to SQLite's driver, and return the rows that it answers."""
    driver: Any = connection.connection.dbapi_connection
    _tell(connection, letter)
    try:
        rows: list[Any] = driver.execute(letter.text, letter.parameters).fetchall()
    except _ERRORS as error:
        raise _refused(connection, error, [letter]) from error
    return rows


def _send(connection: Connection, letters: list[Letter]) -> list[Any]:
    """Send letters to PostgreSQL together, and return the rows that the last answers."""
    statements = _told(connection, letters)
    try:
        return _pipeline(connection).send(statements)
    except _ERRORS as error:
        raise _refused(connection, error, letters) from error


def _pipeline(connection: Connection) -> Pipeline:
    found: Pipeline | None = connection.info.get(_PIPELINE)
    if found is None:
        driver: Any = connection.connection.driver_connection
        found = connection.info[_PIPELINE] = Pipeline(driver)
    return found


def _told(connection: Connection, letters: list[Letter]) -> list[Statement]:
    """Return letters as statements, once those who listen know of them."""
    for letter in letters:
        if letter.parameters is not None:
            _tell(connection, letter)
    return [Statement(letter.text, letter.parameters or (), letter.is_kept) for letter in letters]


def _tell(connection: Connection, letter: Letter) -> None:
    """Let others who listen to the engine know of a statement."""
    # Asked of the engine itself: a connection would join its own listeners anew in every transaction.
    for listener in connection.engine.dispatch.before_cursor_execute:
        if listener is not _send_before:
            listener(connection, None, letter.text, letter.parameters, None, False)  # noqa: FBT003 - as SQLAlchemy does


def _wrapped(connection: Connection, text: str, error: Any) -> DBAPIError:
    """Return SQLAlchemy's error for the driver's; a connection that is lost is used no more."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    is_lost = dialect.is_disconnect(error, driver, None)
    made: Any = DBAPIError.instance(
        text,
        None,
        error,
        dialect.dbapi.Error,  # type: ignore[union-attr]
        hide_parameters=True,
        connection_invalidated=is_lost,
        dialect=dialect,
    )
    for one in (error, made):
        first_line(one)
    if is_lost:
        connection.invalidate(error)
    return made  # type: ignore[no-any-return]


def _refused(connection: Connection, error: Any, letters: list[Letter]) -> Exception:
    """Return what the caller wants told of a row that is not taken, or SQLAlchemy's error for the driver's."""
    made = _wrapped(connection, letters[-1].text, error)
    if isinstance(made, IntegrityError):
        where = getattr(getattr(error, "diag", None), "table_name", None)
        for letter in letters:
            if letter.refusal is not None and where in {None, letter.table}:
                return letter.refusal()
    return made
