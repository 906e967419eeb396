"""People of a demo at work beside each other, each with a window of their own, and the database behind them."""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.db.people import Person
from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.timing import ticks
from tests.browser.looking import latin_words, overflow
from tests.browser.server import Server
from tests.browser.windows import DESK, PHONE, sign_in, window

PASSWORD = "yunlan-2026"


@dataclass
class Players:
    """People by name, each with a window of their own, and the database behind them for all the others."""

    # How often one thing may follow from another before all has come to rest.
    turns: ClassVar[int] = 6
    at_a_desk: ClassVar[Collection[str]] = frozenset()
    chromium: Browser
    server: Server
    windows: ExitStack = field(default_factory=ExitStack)
    pages: dict[str, Page] = field(default_factory=dict)

    @contextmanager
    def open(self) -> Iterator[None]:
        engine = connect(f"sqlite:///{self.server.output.parent / 'data' / 'shenpi.sqlite3'}")
        with Session(engine) as self.session, self.windows:
            yield
        engine.dispose()

    def page(self, name: str) -> Page:
        """Return a person's window, signed in: a phone, for most."""
        if name not in self.pages:
            width = DESK if name in self.at_a_desk else PHONE
            self.pages[name] = self.windows.enter_context(window(self.chromium, self.server.address, width))
            username = self.session.scalars(select(Person.username).where(Person.id == self.person(name))).one()
            self.session.rollback()
            sign_in(self.pages[name], username, PASSWORD)
        return self.pages[name]

    def task(self, name: str, words: str) -> Page:
        """Open what waits for a person, by words of its title."""
        page = self.page(name)
        page.goto(f"/?q={words}")
        follow(page, page.locator(f".sp-item a:has-text('{words}')").first)
        return page

    def actor(self, name: str) -> Actor:
        self.session.rollback()
        return load_actor(self.session, self.person(name))

    def person(self, name: str) -> int:
        return self.session.scalars(select(Person.id).where(Person.name == name)).one()

    def settle(self, at: datetime | None = None) -> None:
        """Let times and messages arrive; the clock stands at an instant for it."""
        self.session.rollback()
        with clock.frozen(at or clock.now()):
            for _ in range(self.turns):
                ticks.tick(self.session)
        self.session.rollback()

    def all(self, query: Select[Any]) -> list[Any]:
        """Return what a query finds now, without keeping the database waiting."""
        self.session.rollback()
        found = list(self.session.scalars(query))
        self.session.rollback()
        return found

    def answer_for_the_others(self, element: str, verdict: str) -> None:
        """Let whoever is still asked at an element answer."""
        for item_id in self.all(select(WorkItem.id).where(WorkItem.element == element, IS_OPEN)):
            item = self.session.get_one(WorkItem, item_id)
            revision, actor = item.revision, load_actor(self.session, item.assignee_id or 0)
            self.session.rollback()
            completions.complete(self.session, actor, item_id, Completion(revision, verdict, {}, "看过了。"))


def look(page: Page) -> None:
    """Find only Chinese on the page, and nothing beyond its edge."""
    assert latin_words(page, set()) == set()
    assert overflow(page) == []


def follow(page: Page, link: Locator) -> None:
    with page.expect_navigation():
        link.click()


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator(".sp-verdict, main").get_by_role("button", name=words).first.click()
