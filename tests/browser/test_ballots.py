"""A secret ballot on a phone and at a desk: passphrases, voting with a receipt, papers, counting by two, the tally."""

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
from app.services.ballots import counting, openings, votes
from app.services.collective import collective_closings
from app.services.demo import DEMO_PASSWORD
from app.services.starting import starts
from app.services.transactions import writing
from tests.browser.looking import faults
from tests.browser.server import Server
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
# The demo's own ballot is under way at the school of these three; others are started at that of the deputy.
VOTER, TELLER, RUNNING = "苏老师", "丁会计", "区优秀班主任推荐人选"
KEEPER, DEPUTY = "许副校长", "许文彬"
OTHER_KEEPERS = (Role.PROCESS_ADMIN, Role.FINANCE_OFFICER)
NAMES = ("苏眉", "马骁", "葛青", "李若涵", "季航")
RECEIPT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{8}){3}")
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])


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
    """Start a vote at the school of the deputy; return the ballot and its scrutineers."""
    deputy = session.scalars(select(Person.id).where(Person.name == DEPUTY)).one()
    school = load_actor(session, deputy).holdings[0].organization_id
    keepers = [deputy, *(holder(session, role, school) for role in OTHER_KEEPERS)]
    values = {
        "topic": topic,
        "names": [{"name": name, "hint": "语文 · 七年级3班"} for name in NAMES],
        "seats": 2,
        "places": 1,
        "working_days": 3,
        "custody": "scrutineers",
        **dict(zip(("first", "second", "third"), keepers, strict=True)),
    }
    office = load_actor(session, holder(session, Role.MORAL_EDUCATION_OFFICE, school))
    instance = starts.start(session, office, "school_vote", school, values).instance
    found = select(CollectiveTask.id).where(CollectiveTask.instance_id == instance)
    return session.scalars(found).one(), keepers


def opened(session: Session, topic: str) -> tuple[int, list[int]]:
    """Start a vote whose scrutineers have set their passphrases."""
    ballot_id, keepers = start(session, topic)
    for person_id in keepers:
        openings.set_passphrase(session, load_actor(session, person_id), ballot_id, DEMO_PASSWORD)
    return ballot_id, keepers


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


def check(page: Page, width: int) -> None:
    """Look for faults at every width once, from the desk."""
    assert width != DESK or faults(page, set()) == []


def running(session: Session) -> int:
    """Return the demo's own ballot."""
    voter = session.scalars(select(Person.id).where(Person.name == "苏眉")).one()
    school = load_actor(session, voter).holdings[0].organization_id
    query = select(CollectiveTask.id).where(CollectiveTask.organization_id == school)
    return session.scalars(query.where(CollectiveTask.secrecy == "secret")).one()


@WIDTHS
def test_a_scrutineer_sets_a_passphrase(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    topic = f"第{width}批优秀班主任"
    start(session, topic)
    with window(chromium, demo.address, width) as page:
        enter(page, KEEPER)
        open_task(page, topic)
        with page.expect_navigation():
            page.click("a:has-text('去设监票口令')")
        check(page, width)
        for field in ("passphrase", "passphrase_again"):
            page.fill(f"[name={field}]", DEMO_PASSWORD)
        press(page, "设好口令")
        expect(page.locator("main")).to_contain_text("口令已经设好")
        page.click("a:has-text('看名册和核对')")
        expect(page.locator("main")).to_contain_text("没有人重复")
        check(page, width)


@WIDTHS
def test_a_voter_votes_and_votes_again(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    ballot_id = running(session)
    with window(chromium, demo.address, width) as page:
        enter(page, VOTER)
        page.goto(f"/ballots/{ballot_id}")
        check(page, width)
        names = page.locator(".sp-ballot label")
        for place in range(3):
            names.nth(place).click()
        press(page, "下一步：核对选票")
        expect(page.locator("main")).to_contain_text("最多选 2 人，您选了 3 人")
        names.nth(2).click()
        press(page, "下一步：核对选票")
        expect(page.locator("main")).to_contain_text("您选了 2 人")
        check(page, width)
        press(page, "投出选票")
        expect(page.locator("main")).to_contain_text(RECEIPT)
        check(page, width)
        page.goto(f"/?q={RUNNING}")
        expect(page.locator(f".sp-item a:has-text('{RUNNING}')")).to_have_count(0)


@WIDTHS
def test_a_paper_is_handed_out_and_taken_back(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    with window(chromium, demo.address, width) as page:
        enter(page, TELLER)
        page.goto(f"/ballots/{running(session)}")
        page.click("a:has-text('发纸质选票')")
        page.fill("[name=q]", "何静")
        page.press("[name=q]", "Enter")
        expect(page.locator("main")).to_contain_text("名册上的“何静”")
        press(page, "发纸质选票")
        expect(page.locator("main")).to_contain_text("发了 1 张纸质选票")
        check(page, width)
        press(page, "收回")
        expect(page.locator("main")).to_contain_text("可以在平台上投了")


def test_two_scrutineers_count_and_everybody_reads_the_tally(chromium: Browser, demo: Server, session: Session) -> None:
    ballot_id, keepers = opened(session, "年度标兵")
    voter = load_actor(session, session.scalars(select(Person.id).where(Person.name == "周敏")).one())
    receipt = votes.vote(session, voter, ballot_id, ["1", "2"])
    end(session, ballot_id)
    other = load_actor(session, keepers[1])
    assert counting.count(session, other, ballot_id, DEMO_PASSWORD) is None
    with window(chromium, demo.address, PHONE) as page:
        enter(page, KEEPER)
        page.goto(f"/ballots/{ballot_id}/count")
        for words in ("开启选票", "确认计票"):
            page.fill("[name=passphrase]", DEMO_PASSWORD)
            press(page, words)
        expect(page.locator("main")).to_contain_text("再等一位监票人确认")
    counting.confirm(session, other, ballot_id, DEMO_PASSWORD)
    with window(chromium, demo.address, PHONE) as page:
        enter(page, "周敏老师")
        page.goto(f"/ballots/{ballot_id}")
        expect(page.locator("main")).to_contain_text("苏眉、马骁得票相同")
        page.click("summary")
        expect(page.locator("main")).to_contain_text(receipt)
        assert faults(page, set()) == []
