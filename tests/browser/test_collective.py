"""Many people are asked at once: each answers from the inbox, on a phone or a desk, and sees what may be seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.db.people import Person
from app.db.work import WorkItem
from app.domain.vocabulary import WorkItemStatus
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.browser.looking import faults
from tests.browser.server import Server, running_demo
from tests.browser.windows import DESK, PHONE, enter, window
from tests.panel_process import panel_package

pytestmark = pytest.mark.browser
ASKER, MEMBER = "zhengyalan", "周敏老师"
OPINION = "带班扎实，同意推荐。"
# Names of outcomes in the little process of the tests.
OUTCOMES = {"agree", "disagree", "incomplete", "quorum", "tied"}


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: what is published here would stand in others' lists of what may be started."""
    with running_demo(built_demo, tmp_path_factory.mktemp("asking")) as server:
        yield server


@pytest.fixture
def session(demo: Server) -> Iterator[Session]:
    """Return a session on the database of the running demo."""
    engine = connect(f"sqlite:///{demo.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def ask(session: Session, topic: str, **attributes: str) -> int:
    """Let all homeroom teachers of the demo's school be asked; return the case."""
    with writing(session):
        definitions.publish_built_in(session, panel_package(role="homeroom_teacher", **attributes))
    asker = load_actor(session, session.scalars(select(Person.id).where(Person.username == ASKER)).one())
    place = asker.holdings[0].organization_id
    return starts.start(session, asker, "panel", place, {"topic": topic}).instance


def answer_for_the_others(session: Session, instance: int, verdicts: list[str]) -> None:
    """Let those who have not answered yet do so, each with the next verdict."""
    wanted = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN)
    items = [(item.id, item.assignee_id or 0, item.revision) for item in session.scalars(wanted.order_by(WorkItem.id))]
    for number, (item_id, person_id, revision) in enumerate(items):
        asked = Completion(revision, verdicts[number % len(verdicts)], {}, "看过材料了。")
        completions.complete(session, load_actor(session, person_id), item_id, asked)


def answer(page: Page, topic: str) -> None:
    """Answer from the inbox; a phone asks for words only where they are needed."""
    page.goto("/")
    page.click(f".sp-item a:has-text('{topic}')")
    if page.locator("[name=comment]").is_visible():
        page.fill("[name=comment]", OPINION)
    page.click("[value=agree]:visible")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_named_task_shows_who_said_what(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    topic = f"推荐名班主任（{width}）"
    instance = ask(session, topic)
    with window(chromium, demo.address, width) as page:
        enter(page, MEMBER)
        page.goto("/")
        page.click(f".sp-item a:has-text('{topic}')")
        expect(page.locator("main")).to_contain_text("已有 0 人")
        assert faults(page, OUTCOMES) == []
        answer(page, topic)
        page.goto(f"/cases/{instance}")
        expect(page.locator("main")).to_contain_text("已有 1 人")
        assert faults(page, OUTCOMES) == []
        answer_for_the_others(session, instance, ["agree"])
        page.goto(f"/cases/{instance}")
        page.click("a[href*='/collectives/']")
        expect(page.locator("main")).to_contain_text("看过材料了。")
        expect(page.locator("main")).to_contain_text("周敏")
        assert faults(page, OUTCOMES) == []


def test_a_confidential_task_shows_nobodys_answer(chromium: Browser, demo: Server, session: Session) -> None:
    topic = "背靠背评议"
    instance = ask(session, topic, secrecy="confidential")
    with window(chromium, demo.address, PHONE) as page:
        enter(page, MEMBER)
        answer(page, topic)
        answer_for_the_others(session, instance, ["agree", "disagree"])
        page.goto(f"/cases/{instance}")
        expect(page.locator("main")).not_to_contain_text("看过材料了。")
        assert faults(page, OUTCOMES) == []
