"""The application over the small real world, for those who would misuse it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.services import settings as marks
from app.services.transactions import writing
from app.views.database import db
from tests.integration import school as worlds
from tests.integration.api import Served, served_on


@pytest.fixture
def small_city(empty_sqlite: Path, tmp_path: Path) -> Iterator[Served]:
    url = f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'city.sqlite3')}"
    engine = connect(url)
    with Session(engine) as session:
        school = worlds.build(session, tmp_path)
        school.confirm_budget()
        with writing(session):
            marks.write(session, marks.INSTALLED, value=True)
        made = served_on(url, school, tmp_path)
        yield made
        with made.app.app_context():
            db.engine.dispose()
    engine.dispose()
