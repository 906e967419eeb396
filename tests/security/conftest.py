"""The application over the small real world, for those who would misuse it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.services import settings as marks
from app.services.transactions import writing
from app.views.database import db
from tests.integration.api import Served, served_on
from tests.integration.prepared import postgresql_world, sqlite_world
from tests.integration.school import School

__all__ = ["postgresql_world", "sqlite_world"]  # fixtures


@pytest.fixture
def small_city(sqlite_world: tuple[Path, School], tmp_path: Path) -> Iterator[Served]:
    template, world = sqlite_world
    url = f"sqlite:///{shutil.copy(template, tmp_path / 'city.sqlite3')}"
    engine = connect(url)
    with Session(engine) as session:
        school = replace(world, session=session, files=tmp_path)
        with writing(session):
            marks.write(session, marks.INSTALLED, value=True)
        made = served_on(url, school, tmp_path)
        yield made
        with made.app.app_context():
            db.engine.dispose()
    engine.dispose()
