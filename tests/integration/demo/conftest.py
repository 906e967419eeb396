"""The invented city, built once for all its tests on some days of the year."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.engine import connect
from app.domain import clock
from app.services import demo
from tests.integration.demo.secrets import SECRET
from tests.integration.demo.todays import TODAYS, emptied, noon


@pytest.fixture(scope="package", params=TODAYS)
def city(request, tmp_path_factory) -> Iterator[tuple[Session, Path]]:
    folder = tmp_path_factory.mktemp("demo")
    engine = connect(f"sqlite:///{folder / 'demo.sqlite3'}")
    Base.metadata.create_all(engine)
    session = Session(engine)
    with clock.frozen(noon(request.param)):
        emptied(session)
        demo.build(session, folder / "files", SECRET)
    yield session, folder / "files"
    session.close()
    engine.dispose()


@pytest.fixture
def session(city, request) -> Iterator[Session]:
    with clock.frozen(noon(request.node.callspec.params["city"])):
        yield city[0]
        city[0].rollback()
