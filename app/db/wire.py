"""What goes to the driver itself, past the statement machinery of SQLAlchemy; its events still tell of every statement.

A statement through the machinery costs some 60 µs of it, more than SQLite takes to run it. A PostgreSQL server answers
each statement by itself: writes wait here until something is asked, or for the commit, and then go in one pipeline
with it (docs/adr/0010).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

_WAITING, _STREAM = "waiting", "stream"
# Marks the engines whose transactions begin with a statement of ours.
BEGINNING = "shenpi_begins"
Refusal = Callable[[], Exception]


@dataclass(frozen=True, slots=True)
class Letter:
    """A statement that answers nothing; `refusal` makes the error for a row that `table` does not take."""

    text: str
    parameters: Any
    table: str = ""
    refusal: Refusal | None = None


def post(connection: Connection, letter: Letter) -> None:
    """Send a statement in the transaction that is open, or let it wait for the next that is asked, or the commit."""
    if connection.dialect.name == "postgresql":
        stream: list[Letter] | None = connection.info.get(_STREAM)
        if stream is None:
            connection.info.setdefault(_WAITING, []).append(letter)
        else:
            stream.append(letter)
            _send(connection, [letter])
        return
    try:
        ask(connection, letter.text, letter.parameters)
    except IntegrityError as error:
        raise _refused(error, [letter]) from error


@contextmanager
def streaming(connection: Connection) -> Iterator[None]:
    """Send what is posted within at once and look for the answers at the end, so that PostgreSQL works meanwhile.

    Nothing may be asked within.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    letters = connection.info[_STREAM] = _taken(connection)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            _send(connection, letters)
            yield
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _refused(_wrapped(connection, letters[-1].text, error), letters) from error
    finally:
        if not connection.invalidated:
            del connection.info[_STREAM]


def ask(connection: Connection, text: str, parameters: Any) -> Any:
    """Send a statement in the transaction that is open, after what waits, and return the driver's cursor."""
    driver: Any = connection.connection.driver_connection
    letters = _taken(connection)
    try:
        if not letters:
            _tell(connection, text, parameters)
            return driver.execute(text, parameters)
        with driver.pipeline():
            _send(connection, letters)
            _tell(connection, text, parameters)
            cursor = driver.execute(text, parameters)
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _refused(_wrapped(connection, text, error), letters) from error
    return cursor


def first_line(error: BaseException) -> None:
    """Cut the details off a driver's error: PostgreSQL tells in them the values that were refused."""
    if error.args:
        error.args = (str(error.args[0]).splitlines()[0], *error.args[1:])


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Let a transaction on PostgreSQL begin with its first statement; SQLite's begin in engine.py."""
    begins = connection.get_execution_options().get(BEGINNING)
    if begins:
        connection.info[_WAITING] = [Letter(begins, None)]


@event.listens_for(Engine, "before_cursor_execute")
def _send_before(connection: Connection, *_rest: object) -> None:
    """Send what waits before any other statement."""
    if connection.dialect.name == "postgresql":
        _send_waiting(connection)


@event.listens_for(Engine, "commit")
def _send_with_commit(connection: Connection) -> None:
    """Send what waits together with the commit, after which the driver finds nothing left to commit."""
    if connection.dialect.name == "postgresql":
        _send_waiting(connection, "COMMIT")


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    # An invalidated connection has no information left, and nothing that waits.
    if not connection.invalidated:
        connection.info.pop(_WAITING, None)


@event.listens_for(Engine, "rollback_savepoint")
def _forget_since(connection: Connection, _name: str, _context: None) -> None:
    """Forget what waits: all of it was written since the savepoint, which is a statement, too."""
    _forget(connection)


def _send_waiting(connection: Connection, *last: str) -> None:
    letters = _taken(connection)
    # Of a transaction in which nothing was said, the server need not hear.
    if not letters or (last and all(letter.parameters is None for letter in letters)):
        return
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            _send(connection, letters)
            for text in last:
                driver.execute(text)
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise _refused(_wrapped(connection, letters[-1].text, error), letters) from error


def _taken(connection: Connection) -> list[Letter]:
    letters: list[Letter] = connection.info.pop(_WAITING, [])
    return letters


def _send(connection: Connection, letters: list[Letter]) -> None:
    cursor: Any = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    for letter in letters:
        if letter.parameters is not None:
            _tell(connection, letter.text, letter.parameters)
        cursor.execute(letter.text, letter.parameters)


def _tell(connection: Connection, text: str, parameters: Any) -> None:
    """Let those who listen to the engine know of a statement."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, text, parameters, None, False)  # noqa: FBT003 - SQLAlchemy's event has it so


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


def _refused(error: DBAPIError, letters: list[Letter]) -> Exception:
    """Return what the caller wants told of a row that is not taken, or the error itself."""
    if isinstance(error, IntegrityError):
        where = getattr(getattr(error.orig, "diag", None), "table_name", None)
        for letter in letters:
            if letter.refusal is not None and where in {None, letter.table}:
                return letter.refusal()
    return error
