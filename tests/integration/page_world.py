"""A served application over the small city: people sign in, fill, sign and book through pages alone."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.config import Settings
from app.db.people import Organization, Person
from app.db.rules import RulePackAdoption
from app.db.work import WorkItem
from app.domain import clock
from app.domain.vocabulary import Programme, Role
from app.factory import create_app
from app.services import settings
from app.services.accounts import passwords
from app.services.publishing import definitions
from app.views.database import db
from tests.integration.money_world import NOW, World, build

PASSWORD = "Songfeng-2026"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
ADMINISTRATOR = "许管"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Site:
    """The application with its world; `of` gives a person's own browser."""

    def __init__(self, url: str, folder: Path, world: World) -> None:
        self.session, self.world = world.session, world
        made = Settings(database_url=url, secret_key="k" * 40, data_dir=folder)
        made.attachments_dir.mkdir(parents=True, exist_ok=True)
        self.app = create_app(made)

    def close(self) -> None:
        """Give the application's connections back."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def of(self, name: str) -> "Browser":
        return Browser(self, name)

    def item(self, element: str) -> WorkItem:
        """Return the open work item of an element."""
        self.session.rollback()
        query = select(WorkItem).where(WorkItem.element == element, WorkItem.status == "open")
        return self.session.scalars(query.order_by(WorkItem.id.desc()).limit(1)).one()

    def draft(self, **changes: str) -> dict[str, Any]:
        """Return a right expense of 4,488.00 yuan as a browser posts it."""
        return {
            "studio": str(self.world.studios["周敏工作室"]),
            "payee": "周敏",
            "purpose": "跨校主题班会观摩活动：12月5日与育新学校开展，午间工作餐由参加人员自理。",
            "budget_line": str(self.world.lines["周敏工作室/training"]),
            "category": "training",
            "items.0.name": "研修资料印制",
            "items.0.quantity": "40",
            "items.0.amount": "3,120.00",
            "items.1.name": "班会研究书籍",
            "items.1.quantity": "36",
            "items.1.amount": "1368",
            "invoices.0.number": "26440826000103847562",
            "invoices.0.amount": "4488.00",
            "declared": "true",
            **changes,
        }


class Browser:
    """One person's browser without a script: it posts the forms that a page shows."""

    def __init__(self, site: Site, name: str) -> None:
        self.site, self.name = site, name
        self.client: FlaskClient = site.app.test_client()
        with self.client.session_transaction() as kept:
            kept["person"], kept["epoch"] = site.world.people[name], 0

    def get(self, path: str) -> str:
        return self.client.get(path).get_data(as_text=True)

    def post(self, path: str, values: Mapping[str, Any], page: str | None = None) -> TestResponse:
        """Post what was typed with the hidden fields of the page that shows the form."""
        shown = self.get(page or path)
        hidden = dict(_FIELD.findall(shown))
        token = _TOKEN.search(shown)
        sent = {**hidden, **values, "csrf_token": token[1] if token else ""}
        return self.client.post(path, data=sent, content_type="multipart/form-data")

    def start(self, **changes: Any) -> int:
        """File an expense with its invoice; return the case."""
        answer = self.post(
            self.start_path(), self.site.draft() | {"invoices.0.attachment": (io.BytesIO(PDF), "发票.pdf")} | changes
        )
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return int(answer.headers["Location"].rsplit("/", 1)[1])

    def start_path(self) -> str:
        return f"/start/expense_approval?organization={self.site.world.organizations['松风路小学']}"

    def sign(self, element: str, password: str = PASSWORD) -> TestResponse:
        item = self.site.item(element)
        return self.post(f"/tasks/{item.id}/sign", {"password": password})


def furnish(session: Session) -> World:
    """Build the small city with its processes, at the moment of its world."""
    with clock.frozen(NOW):
        return _furnished(build(session))


def _furnished(world: World) -> World:
    session = world.session
    world.person(ADMINISTRATOR, "松风路小学", Role.PROCESS_ADMIN)
    hashed = passwords.hash_password(PASSWORD)
    for person in session.scalars(select(Person)):
        person.password_hash = hashed
    city = session.scalars(select(Organization).where(Organization.parent_id.is_(None))).one()
    session.add(
        RulePackAdoption(
            organization_id=city.id,
            programme=Programme.CITY_STUDIO,
            pack="s1",
            from_on=NOW.date().replace(year=2025),
            adopted_by_id=world.people["陈国栋"],
        )
    )
    settings.write(session, settings.INSTALLED, "page world")
    session.commit()
    root = Settings("sqlite://", "", Path())
    definitions.seed_built_in(session, root.processes_dir, root.forms_dir)
    return world


def served(database: Engine, world: World, folder: Path) -> Iterator[Site]:
    """Serve the small city on a database, at the moment of its world."""
    with clock.frozen(NOW):
        made = Site(database.url.render_as_string(hide_password=False), folder, world)
        yield made
        made.close()
