"""The small real world built once for each database product, and copied for each test."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.engine import connect
from app.db.people import Position
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.services import steps
from app.services.operations.call import Call
from app.services.operations.registry import IMPLEMENTATIONS
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.databases import copied, new_database
from tests.integration import school as worlds
from tests.integration.school import School
from tests.integration.watched_process import watched_process

Operation = Callable[[Any], Any]
TODAY = clock.today()


def _filled(engine: Engine, folder: Path) -> School:
    Base.metadata.create_all(engine)
    # Before any hour of today at which a test lets the clock stand, wherever it stands for the first that wants it.
    with clock.frozen(clock.at(TODAY)), Session(engine) as session:
        world = worlds.build(session, folder)
        world.confirm_budget()
        with writing(session):
            definitions.publish_built_in(session, watched_process())
        session.rollback()
    engine.dispose()
    return world


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, School]:
    path = tmp_path_factory.mktemp("world") / "world.sqlite3"
    engine = connect(f"sqlite:///{path}")
    world = _filled(engine, path.parent)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode").all()
    engine.dispose()
    return path, world


@pytest.fixture(scope="session")
def postgresql_world(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, School]:
    address = new_database(postgresql_url, "template1")
    return address, _filled(connect(address), tmp_path_factory.mktemp("world"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return a copy of the prepared world, on each of the two products."""
    template, world = request.getfixturevalue(f"{request.param}_world")
    request.node.world = world
    yield from copied(template, tmp_path)


@pytest.fixture
def school(request: pytest.FixtureRequest, session: Session, tmp_path: Path) -> School:
    world: School = request.node.world
    return replace(world, session=session, files=tmp_path, people=dict(world.people))  # who joins is of this test only


@pytest.fixture
def operations(school: School, monkeypatch: pytest.MonkeyPatch) -> dict[str, Operation]:
    """Let the watched process run operations that do nothing, until a test puts in its own."""
    names = ("check_expense", "reserve_funds", "release_funds", "book_expense")
    own: dict[str, Operation] = {name: lambda _call: None for name in names}
    real = dict(IMPLEMENTATIONS)

    def run(call: Call) -> Any:
        return (own if call.process_key == "watched" else real)[call.operation](call)

    monkeypatch.setattr(steps, "IMPLEMENTATIONS", dict.fromkeys(real, run))
    return own


def grant(school: School, name: str, role: Role) -> None:
    """Give a person a further position in the school."""
    person, place, since = school.people[name], school.organizations["school"], clock.today() - timedelta(days=400)
    with writing(school.session):
        school.session.add(Position(person_id=person, organization_id=place, role=role, from_on=since))


def start_watched(school: School, topic: str = "借用操场") -> int:
    place = school.organizations["school"]
    return starts.start(school.session, teacher(school), "watched", place, {"topic": topic}).instance


def teacher(school: School) -> Actor:
    return school.actor("teacher")
