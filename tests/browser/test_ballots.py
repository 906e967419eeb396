"""A secret ballot on a phone and at a desk: passphrases, voting with a receipt, counting by two, the tally sheet."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.engine import connect
from app.db.people import Person, Position
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.accounts.actors import load_actor
from app.services.ballots import counting, openings
from app.services.collective import collective_closings
from app.services.starting import starts
from app.services.transactions import writing
from tests.browser.looking import faults
from tests.browser.server import Server
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
VOTER, KEEPER = "周敏老师", "许副校长"
DEPUTY = "许文彬"
OTHER_KEEPERS = (Role.PROCESS_ADMIN, Role.FINANCE_OFFICER)
PASSPHRASE = "半亩方塘 一鉴 开"
NAMES = ("苏眉", "马骁", "葛青", "李若涵", "季航")
RECEIPT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{8}){3}")


@pytest.fixture
def session(demo: Server) -> Iterator[Session]:
    """Return a session on the database of the running demo."""
    engine = connect(f"sqlite:///{demo.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def holder(session: Session, role: Role, school: int) -> int:
    query = select(Position.person_id).where(Position.organization_id == school, Position.role == role)
    return session.scalars(query.order_by(Position.person_id).limit(1)).one()


def start(session: Session, topic: str) -> tuple[int, list[int]]:
    """Start a vote at the school of the voter; return the ballot and its scrutineers."""
    voter = session.scalars(select(Person.id).where(Person.name == "周敏")).one()
    school = load_actor(session, voter).holdings[0].organization_id
    deputy = session.scalars(select(Person.id).where(Person.name == DEPUTY)).one()
    keepers = [deputy, *(holder(session, role, school) for role in OTHER_KEEPERS)]
    values = {
        "topic": topic,
        "names": [{"name": name, "hint": "语文 · 七年级3班"} for name in NAMES],
        "seats": 2,
        "working_days": 3,
        "custody": "scrutineers",
        **dict(zip(("first", "second", "third"), keepers, strict=True)),
    }
    office = load_actor(session, holder(session, Role.MORAL_EDUCATION_OFFICE, school))
    instance = starts.start(session, office, "school_vote", school, values).instance
    found = select(CollectiveTask.id).where(CollectiveTask.instance_id == instance)
    return session.scalars(found).one(), keepers


def set_passphrases(session: Session, ballot_id: int, keepers: list[int]) -> None:
    for person_id in keepers:
        openings.set_passphrase(session, load_actor(session, person_id), ballot_id, PASSPHRASE)


def end(session: Session, ballot_id: int) -> None:
    """Let the deadline pass, with enough votes for a quorum."""
    with writing(session):
        past = clock.now() - timedelta(minutes=1)
        task = CollectiveTask.id == ballot_id
        session.execute(update(CollectiveTask).where(task).values(due_at=past, quorum="1"))
    collective_closings.sweep(session)
    session.rollback()


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f"main button:has-text('{words}'):visible")


def open_task(page: Page, topic: str) -> None:
    """Open a task from the inbox, which other tests fill, too."""
    page.goto(f"/?q={topic}")
    with page.expect_navigation():
        page.click(f".sp-item a:has-text('{topic}')")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_ballot_from_the_inbox_to_the_tally(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    topic = f"第{width}批优秀班主任"
    ballot_id, keepers = start(session, topic)
    with window(chromium, demo.address, width) as page:
        enter(page, KEEPER)
        open_task(page, topic)
        with page.expect_navigation():
            page.click("a:has-text('去办监票的事')")
        assert faults(page, set()) == []
        for field in ("passphrase", "passphrase_again"):
            page.fill(f"[name={field}]", PASSPHRASE)
        press(page, "设好口令")
        expect(page.locator("main")).to_contain_text("口令已经设好")
    set_passphrases(session, ballot_id, keepers[1:])
    with window(chromium, demo.address, width) as page:
        receipt = cast(page, topic)
    end(session, ballot_id)
    assert counting.count(session, load_actor(session, keepers[1]), ballot_id, PASSPHRASE) is None
    with window(chromium, demo.address, width) as page:
        enter(page, KEEPER)
        page.goto(f"/ballots/{ballot_id}/count")
        page.fill("[name=passphrase]", PASSPHRASE)
        press(page, "开启选票")
        assert faults(page, set()) == []
        page.fill("[name=passphrase]", PASSPHRASE)
        press(page, "确认计票")
        expect(page.locator("main")).to_contain_text("再等一位监票人确认")
    counting.confirm(session, load_actor(session, keepers[1]), ballot_id, PASSPHRASE)
    with window(chromium, demo.address, width) as page:
        enter(page, VOTER)
        page.goto(f"/ballots/{ballot_id}")
        expect(page.locator("main")).to_contain_text("计票单")
        page.click("summary")
        expect(page.locator("main")).to_contain_text(receipt)
        assert faults(page, set()) == []


def cast(page: Page, topic: str) -> str:
    """Vote from the inbox, and return the receipt."""
    enter(page, VOTER)
    open_task(page, topic)
    assert faults(page, set()) == []
    for name in NAMES[:3]:
        page.click(f".sp-ballot label:has-text('{name}')")
    press(page, "下一步：核对选票")
    expect(page.locator("main")).to_contain_text("最多选 2 人，您选了 3 人")
    page.click(f".sp-ballot label:has-text('{NAMES[2]}')")
    press(page, "下一步：核对选票")
    expect(page.locator("main")).to_contain_text("您选了 2 人")
    assert faults(page, set()) == []
    press(page, "投出选票")
    assert faults(page, set()) == []
    found = RECEIPT.search(page.inner_text("main"))
    assert found
    page.goto(f"/?q={topic}")
    assert page.locator(f".sp-item a:has-text('{topic}')").count() == 0
    return found[0]
