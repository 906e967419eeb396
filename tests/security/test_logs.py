"""Log lines say what broke and where, and nothing of the people: no names, numbers, words typed, passwords, tokens."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from app.db.people import Person
from app.db.processes import Incident
from app.domain import clock
from app.services.operations.call import Call
from app.services.timing import ticks
from app.views.database import db
from tests.integration.api import Served, served_on
from tests.integration.prepared import (
    Operation,
    database,
    operations,
    school,
    start_watched,
)
from tests.integration.school import PASSWORD, School

__all__ = ["database", "operations", "school"]  # fixtures
MOBILE = "13800001111"
TOPIC = "借用操场开运动会"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Return what is written at the level of production and one finer."""
    with caplog.at_level(logging.INFO):
        yield caplog


@pytest.fixture
def served(database: Engine, school: School, tmp_path: Path) -> Iterator[Served]:
    made = served_on(database.url.render_as_string(hide_password=False), school, tmp_path)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def personal(school: School) -> set[str]:
    people = school.session.execute(select(Person.name, Person.username)).all()
    school.session.rollback()
    return {text for row in people for text in row if len(text) > 1} | {PASSWORD, MOBILE, TOPIC}


def double(call: Call) -> None:
    """Break as the database does where a number is there already."""
    for _ in range(2):
        call.session.execute(insert(Person).values(username=MOBILE, name=TOPIC, password_hash="-"))


def test_a_step_that_the_database_refuses_tells_no_values(
    school: School, operations: dict[str, Operation], lines: pytest.LogCaptureFixture
) -> None:
    instance = start_watched(school, TOPIC)
    operations["reserve_funds"] = double
    with clock.frozen(clock.now() + timedelta(hours=25)):
        ticks.tick(school.session)
    school.session.rollback()
    kept = school.session.scalars(select(Incident)).one()
    assert "person.username" in kept.summary or "uq_person_username" in kept.summary
    said = lines.text + kept.summary + kept.detail
    assert f"timers of instance {instance} failed" in said
    assert [word for word in personal(school) if word in said] == []


def test_signing_in_calling_and_searching_leave_no_trace_of_the_people(
    served: Served, lines: pytest.LogCaptureFixture
) -> None:
    client = served.app.test_client()
    client.post("/api/v1/tokens", json={"username": "host", "password": "错了" + PASSWORD})
    host = served.as_("host")
    started = host.post("/instances", {"process": "expense_approval", "organization": 1, "values": {"purpose": TOPIC}})
    assert started.status_code in {404, 422}
    host.get("/tasks", q="周敏")
    host.post("/tasks/1/complete", {"revision": 1, "verdict": "sign", "password": PASSWORD, "content_hash": "x"})
    token = host.headers["Authorization"].removeprefix("Bearer ")
    assert [word for word in {PASSWORD, TOPIC, "周敏", token} if word in lines.text] == []
