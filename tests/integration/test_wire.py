"""Statements that go past SQLAlchemy's machinery: seen all the same, kept in order, and gone with what is rolled back."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.journal import OutboxMessage
from app.db.people import Person
from app.db.prepared import Addition
from app.db.wire import Refusal
from app.domain import clock
from app.services.transactions import connection_of, writing
from bench.measuring import counted

ADD_MESSAGE, ADD_PERSON = Addition(table_of(OutboxMessage)), Addition(table_of(Person))


class TakenError(Exception):
    """What a caller wants told of a name that is taken."""


def message() -> dict[str, object]:
    return {"kind": "notify", "payload": {}, "created_at": clock.now(), "available_at": clock.now()}


def person(name: str) -> dict[str, object]:
    return {"username": name, "name": name, "password_hash": "", "created_at": clock.now()}


def write(session: Session, *, then: type[Exception] | None = None) -> None:
    ADD_MESSAGE.run(connection_of(session), message())
    if then:
        raise then


def write_twice(session: Session, refusal: Refusal | None = None) -> None:
    with writing(session):
        ADD_PERSON.run(connection_of(session), person("zhou"))
        write(session)
        ADD_PERSON.run(connection_of(session), person("zhou"), refusal)


def written(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_all_is_written_and_counted(database: Engine) -> None:
    with Session(database) as session:
        with counted(database) as sent, writing(session):
            for _ in range(3):
                write(session)
        assert (sent.statements, sent.commits) == (3, 1)
        assert written(session) == 3


def test_what_is_asked_sees_what_was_written_before(database: Engine) -> None:
    with Session(database) as session, writing(session):
        ADD_MESSAGE.run(connection_of(session), message())
        assert written(session) == 1


def test_a_roll_back_forgets_what_was_written(database: Engine) -> None:
    with Session(database) as session:
        with pytest.raises(TakenError), writing(session):
            write(session, then=TakenError)
        with writing(session):
            write(session)
        assert written(session) == 1


def test_a_savepoint_forgets_what_was_written_since(database: Engine) -> None:
    with Session(database) as session:
        with writing(session):
            write(session)
            with pytest.raises(TakenError), session.begin_nested():
                write(session, then=TakenError)
        assert written(session) == 1


def test_a_row_that_is_not_taken_is_told_as_the_caller_wants(database: Engine) -> None:
    with Session(database) as session:
        with pytest.raises(TakenError):
            write_twice(session, TakenError)
        assert written(session) == 0


def test_an_error_tells_no_values(database: Engine) -> None:
    with Session(database) as session:
        with pytest.raises(IntegrityError) as raised:
            write_twice(session)
        assert isinstance(raised.value, DBAPIError)
        assert "zhou" not in str(raised.value)
        assert written(session) == 0


def test_statements_stay_prepared_after_roll_backs_and_savepoints(database: Engine) -> None:
    with Session(database) as session:
        for _ in range(2):
            with pytest.raises(TakenError), writing(session):
                write(session, then=TakenError)
            with writing(session), pytest.raises(TakenError), session.begin_nested():
                write(session, then=TakenError)
            with pytest.raises(IntegrityError):
                write_twice(session)
            with writing(session):
                write(session)
        assert written(session) == 2


def test_a_value_that_the_driver_refuses_spoils_nothing_else(database: Engine) -> None:
    if database.dialect.name == "postgresql":
        with Session(database) as session:
            with pytest.raises(DBAPIError), writing(session):
                ADD_PERSON.run(connection_of(session), person("zh\0u"))
            with writing(session):
                write(session)
            assert written(session) == 1
