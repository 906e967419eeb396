"""The people of a demo school who take part in a round, each with a window of their own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.engine import connect
from app.db.people import Person
from app.db.rounds import Round
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
TITLE = "第二批名班主任工作室主持人及成员评选"
OFFICE, OFFICE_TOO, LEADER, REVIEWER = "陆青", "邱牧", "陈国栋", "许文彬"
APPLICANT, RIVAL, MEMBER = "顾晓岚", "李若涵", "曾承安"
VOTER, OBJECTOR, HANDLER = "周敏", "范薇", "许安"
SCRUTINEERS = ("韩雪", "刘芸", "翟知燕")
PASSPHRASE = "半亩方塘 一鉴 开"
AT_A_DESK = {OFFICE, OFFICE_TOO, LEADER, *SCRUTINEERS, HANDLER}
POINTS = {APPLICANT: (28, 27, 18, 17), RIVAL: (24, 25, 16, 15)}


@dataclass
class Selection:
    """The people of a school, each with a window of their own, and the database behind them for all the others."""

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
            width = DESK if name in AT_A_DESK else PHONE
            self.pages[name] = self.windows.enter_context(window(self.chromium, self.server.address, width))
            username = self.session.scalars(select(Person.username).where(Person.name == name)).one()
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

    @property
    def round(self) -> Round:
        self.session.rollback()
        return self.session.scalars(select(Round).where(Round.title == TITLE)).one()

    def settle(self, at: datetime | None = None) -> None:
        """Let times and messages arrive; the clock stands at an instant for it."""
        self.session.rollback()
        with clock.frozen(at or clock.now()):
            for _ in range(6):
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

    def collective(self, element: str) -> CollectiveTask:
        wanted = CollectiveTask.instance_id == self.round.instance_id, CollectiveTask.element.endswith(element)
        return self.session.scalars(select(CollectiveTask).where(*wanted)).one()


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
