"""The web application over a small real world, for tests of pages."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.db.engine import connect
from app.factory import create_app
from app.services import settings as marks
from app.services.transactions import writing
from app.views.database import db
from tests import kept
from tests.databases import copied, new_database
from tests.integration import school as worlds
from tests.integration.api import Served, served_on
from tests.integration.money_world import World
from tests.integration.page_world import furnish
from tests.integration.prepared import postgresql_world, sqlite_world
from tests.integration.school import PASSWORD, School

__all__ = ["postgresql_world", "sqlite_world"]  # fixtures of a session: each module that imports them has its own
SECRET = "0123456789abcdef0123456789abcdef"
Built = TypeVar("Built")
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


@pytest.fixture(scope="package", autouse=True)
def spared_passphrases() -> Iterator[None]:
    """Spare the cost of scrutineers' passphrases: here votes are counted in the process that sealed them."""
    with pytest.MonkeyPatch.context() as patch:
        kept.spare_passphrases(patch)
        yield


@pytest.fixture(scope="session")
def built_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, School]:
    """Return a database file that holds the small world, to be copied."""
    path = Path(shutil.copy(empty_sqlite, tmp_path_factory.mktemp("built") / "built.sqlite3"))
    return path, _built(f"sqlite:///{path}", lambda session: worlds.build(session, path.parent))


@pytest.fixture(scope="session")
def built_postgresql(empty_postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, School]:
    """Return the address of a database that holds the small world, to be copied."""
    address, folder = new_database(empty_postgresql), tmp_path_factory.mktemp("built")
    return address, _built(address, lambda session: worlds.build(session, folder))


@pytest.fixture(scope="session")
def furnished_sqlite(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """Return a database file that holds the small city of pages, to be copied."""
    path = Path(shutil.copy(empty_sqlite, tmp_path_factory.mktemp("furnished") / "furnished.sqlite3"))
    return path, _built(f"sqlite:///{path}", furnish)


@pytest.fixture(scope="session")
def furnished_postgresql(empty_postgresql: str) -> tuple[str, World]:
    """Return the address of a database that holds the small city of pages, to be copied."""
    address = new_database(empty_postgresql)
    return address, _built(address, furnish)


def _built(address: str, build: Callable[[Session], Built]) -> Built:
    engine = connect(address)
    with Session(engine) as session:
        world = build(session)
        session.rollback()
    engine.dispose()
    return world


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Return a database with all tables on each of the two products: with the small world where that is wanted."""
    wanted = next((name for name in ("built", "furnished") if f"{name}_world" in request.fixturenames), None)
    template = request.getfixturevalue(f"{wanted or 'empty'}_{request.param}")
    if wanted:
        template, request.node.world = template
    yield from copied(template, tmp_path)


@pytest.fixture
def built_world(request: pytest.FixtureRequest, database: Engine) -> School:
    """The small world that the test's database holds."""
    found: School = request.node.world
    return found


@pytest.fixture
def furnished_world(request: pytest.FixtureRequest, session: Session) -> World:
    """The small city of pages that the test's database holds."""
    found: World = request.node.world
    return found.on(session)


@pytest.fixture
def empty_site(empty_sqlite: Path, tmp_path: Path) -> Iterator[Site]:
    """An application on an empty database, before the set-up."""
    yield from _site_over(empty_sqlite, tmp_path)


@pytest.fixture
def site(built_sqlite: tuple[Path, School], tmp_path: Path) -> Iterator[Site]:
    """An application over the small world."""
    yield from site_on(built_sqlite, tmp_path)


def site_on(built: tuple[Path, School], folder: Path) -> Iterator[Site]:
    """Yield an application over a copy of the small world in a folder."""
    template, world = built
    for made in _site_over(template, folder):
        made.world = replace(world, session=made.session, files=made.settings.attachments_dir)
        with writing(made.session):
            marks.write(made.session, marks.INSTALLED, value=True)
        yield made


def _site_over(template: Path, folder: Path) -> Iterator[Site]:
    settings = Settings(f"sqlite:///{shutil.copy(template, folder / 'site.sqlite3')}", SECRET, folder)
    engine = connect(settings.database_url)
    app = create_app(settings)
    app.testing = True
    with Session(engine) as session:
        yield Site(app, settings, session)
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


@pytest.fixture
def world(built_world: School, session: Session, tmp_path: Path) -> School:
    """The small world on each database product."""
    return replace(built_world, session=session, files=tmp_path)


@pytest.fixture
def served(database: Engine, world: School, tmp_path: Path) -> Iterator[Served]:
    """The application over the small world on each database product, for callers of the API."""
    served = served_on(database.url.render_as_string(hide_password=False), world, tmp_path)
    yield served
    with served.app.app_context():
        db.engine.dispose()
