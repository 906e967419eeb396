"""The web application over a small real world, for tests of pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.db.base import Base
from app.db.engine import connect
from app.factory import create_app
from app.services import settings as marks
from app.services.transactions import writing
from app.views.database import db
from tests.integration import school as worlds
from tests.integration.api import Served, served_on
from tests.integration.school import PASSWORD, School

SECRET = "0123456789abcdef0123456789abcdef"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """A browser without scripts: keeps cookies and the page's token."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str) -> TestResponse:
        return self._seen(self.client.get(path))

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        return self._seen(self.client.post(path, data={"csrf_token": self.token, **(data or {})}))

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"username": username, "password": password})
        if answer.status_code == 302:
            self._seen(self.client.get("/profile", follow_redirects=True))
        return answer

    def _seen(self, answer: TestResponse) -> TestResponse:
        answer.get_data()  # a file is read and closed here
        answer.close()
        found = _TOKEN.search(answer.text) if answer.mimetype == "text/html" else None
        self.token = found[1] if found else self.token
        return answer


@dataclass
class Site:
    """An application with its settings and, where it is built, its world."""

    app: Flask
    settings: Settings
    session: Session
    world: School | None = field(default=None)

    def browser(self, username: str | None = None) -> Browser:
        opened = Browser(self.app.test_client())
        if username:
            assert opened.sign_in(username).status_code == 302
        return opened


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """An application on an empty database, before the set-up."""
    settings = Settings(f"sqlite:///{tmp_path / 'site.sqlite3'}", SECRET, tmp_path)
    engine = connect(settings.database_url)
    Base.metadata.create_all(engine)
    app = create_app(settings)
    app.testing = True
    with Session(engine) as session:
        yield Site(app, settings, session)
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


@pytest.fixture
def site(empty_site: Site) -> Site:
    """An application over the small world."""
    empty_site.world = worlds.build(empty_site.session, empty_site.settings.attachments_dir)
    with writing(empty_site.session):
        marks.write(empty_site.session, marks.INSTALLED, value=True)
    return empty_site


@pytest.fixture
def world(session: Session, tmp_path: Path) -> School:
    """The small world on each database product."""
    return worlds.build(session, tmp_path)


@pytest.fixture
def served(database: Engine, world: School, tmp_path: Path) -> Iterator[Served]:
    """The application over the small world on each database product, for callers of the API."""
    served = served_on(database.url.render_as_string(hide_password=False), world, tmp_path)
    yield served
    with served.app.app_context():
        db.engine.dispose()
