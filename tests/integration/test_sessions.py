"""Sessions that keep their connection: one for all that they do, given back when they are closed, replaced when lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db.people import Organization
from app.db.sessions import KeepingSession
from app.services.transactions import writing
from tests.databases import copied

SCHOOL = {"code": "S1", "name": "云澜实验学校", "kind": "school", "path": "/1/"}


@pytest.fixture(params=["empty_sqlite", "empty_postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from copied(request.getfixturevalue(request.param), tmp_path)


def test_all_that_a_session_does_goes_over_one_connection(engine: Engine) -> None:
    taken: list[object] = []
    event.listen(engine, "checkout", lambda driver, *_rest: taken.append(driver))
    with KeepingSession(engine) as session:
        with writing(session):
            session.execute(insert(Organization).values(**SCHOOL))
        assert session.scalar(select(Organization.name)) == "云澜实验学校"
        with writing(session):
            session.execute(insert(Organization).values(**SCHOOL | {"code": "S2", "path": "/2/"}))
    assert len(taken) == 1
    assert engine.pool.status().endswith("connections: 0"), "a session that is closed gives its connection back"


def test_what_fails_is_rolled_back_and_the_connection_goes_on(engine: Engine) -> None:
    with KeepingSession(engine) as session:
        with pytest.raises(IntegrityError), writing(session):
            session.execute(insert(Organization), [SCHOOL, SCHOOL])
        assert session.scalar(select(Organization.id)) is None
        with writing(session):
            session.execute(insert(Organization).values(**SCHOOL))
        session.rollback()
        assert session.scalar(select(Organization.code)) == "S1"


def test_a_session_that_lost_its_connection_gets_another(empty_postgresql: str, tmp_path: Path) -> None:
    for engine in copied(empty_postgresql, tmp_path):
        with KeepingSession(engine) as session:
            lost = session.scalar(text("SELECT pg_backend_pid()"))
            session.rollback()
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
            with pytest.raises(DBAPIError), writing(session):
                session.execute(insert(Organization).values(**SCHOOL))
            with writing(session):
                session.execute(insert(Organization).values(**SCHOOL))
            assert session.scalar(select(Organization.code)) == "S1"
