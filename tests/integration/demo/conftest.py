"""The invented city, built once for all its tests on some days of the year."""

import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db.base import Base
from app.db.engine import connect
from app.domain import clock
from app.services import demo
from tests import once
from tests.integration.demo.secrets import SECRET
from tests.integration.demo.todays import TODAYS, emptied, noon

NAME = "demo.sqlite3"


@pytest.fixture(scope="package", params=TODAYS)
def city(request, tmp_path_factory) -> Iterator[tuple[Session, Path]]:
    built = once.built(tmp_path_factory, f"city-{request.param}", partial(_build, request.param))
    engine = connect(f"sqlite:///{shutil.copy(built / NAME, tmp_path_factory.mktemp('demo'))}")
    with Session(engine) as session:
        yield session, built / "files"
    engine.dispose()


def _build(today: str, folder: Path) -> None:
    engine = connect(f"sqlite:///{folder / NAME}")
    Base.metadata.create_all(engine)
    with clock.frozen(noon(today)), Session(engine) as session:
        emptied(session)
        demo.build(session, folder / "files", SECRET)
    engine.dispose()


@pytest.fixture
def session(city, request) -> Iterator[Session]:
    with clock.frozen(noon(request.node.callspec.params["city"])):
        yield city[0]
        city[0].rollback()
