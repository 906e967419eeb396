"""Applying in a round: on a phone with the conditions in sight, checked at a desk, corrected, accepted."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.db.people import Person
from app.db.rounds import Round
from app.domain import clock
from app.services.accounts.actors import load_actor
from app.services.starting import starts
from app.services.timing import calendars
from tests.browser.looking import faults
from tests.browser.server import Server, running_demo
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
TITLE = "第二批名班主任工作室评选"
APPLICANT, OFFICE = "周敏老师", "陆老师"


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: a round calls everybody of its school."""
    with running_demo(built_demo, tmp_path_factory.mktemp("applying")) as server:
        yield server


@pytest.fixture(autouse=True)
def _open_round(demo: Server) -> None:
    """Let the office of the school open a round, once."""
    engine = connect(f"sqlite:///{demo.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as session:
        if session.scalar(select(Round.id).where(Round.title == TITLE)) is None:
            _open(session)
    engine.dispose()


def _open(session: Session) -> None:
    office = load_actor(session, session.scalars(select(Person.id).where(Person.username == "luqing")).one())
    today = clock.today()
    values = {
        "title": TITLE,
        "seats": 5,
        "term_from": today.isoformat(),
        "term_until": (today + timedelta(days=720)).isoformat(),
        "apply_from": today.isoformat(),
        "apply_until": calendars.national().add_working_days(today, 10).on.isoformat(),
    }
    starts.start(session, office, "host_selection", office.holdings[0].organization_id, values)


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def fill(page: Page) -> None:
    page.goto("/start/host_application")
    expect(page.locator("[aria-labelledby=eligibility]")).to_contain_text("现在是本校的班主任")
    expect(page.locator("[name=round]")).to_contain_text(TITLE)
    page.select_option("[name=round]", label=page.locator("[name=round] option", has_text=TITLE).inner_text())
    page.fill("[name=work]", "带班十年，以班级自主管理见长。")
    page.fill("[name=plan]", "带五位年轻班主任做主题班会。")
    page.fill("[name='materials.0.name']", "带班案例集")
    page.check("[name='materials.0.is_paper']")
    page.check("[name=stays]")
    page.check("[name=agreed]")


def test_an_application_is_corrected_and_accepted(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address, PHONE) as phone, window(chromium, demo.address, DESK) as desk:
        enter(phone, APPLICANT)
        fill(phone)
        press(phone, ".sp-verdict .btn-primary")
        expect(phone.locator("h1")).to_have_text("周敏 申报主持人")
        enter(desk, OFFICE)
        desk.goto("/?q=周敏")
        press(desk, ".sp-item a:has-text('周敏 申报主持人')")
        expect(desk.locator("[aria-labelledby=eligibility]")).to_contain_text("条件都够")
        desk.fill("[name=comment]", "请补上市级证书的复印件。")
        press(desk, "[value=return]")
        phone.goto("/?q=补正")
        phone.goto("/")
        press(phone, ".sp-item a:has-text('周敏 申报主持人')")
        expect(phone.locator("main")).to_contain_text("请补上市级证书的复印件。")
        press(phone, "[name=verdict][value=submit]")
        desk.goto("/?q=周敏")
        press(desk, ".sp-item a:has-text('周敏 申报主持人')")
        press(desk, "button:has-text('收到，开收据')")
        expect(desk.locator("[aria-labelledby=papers]")).to_contain_text("已收到 1 / 1 份")
        press(desk, "a:has-text('政教处受理')")
        press(desk, "[value=accept]")
        phone.goto("/?box=initiated&q=周敏")
        press(phone, ".sp-item a:has-text('周敏 申报主持人')")
        expect(phone.locator("main")).to_contain_text("等候结果")
        # Accepted, it may still be taken back while the round takes applications.
        expect(phone.locator("a:has-text('撤回')")).to_be_visible()


def test_the_pages_can_be_read_by_everybody(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address, DESK) as page:
        enter(page, APPLICANT)
        page.goto("/start/host_application?kind=member")
        assert faults(page, set()) == []
        page.goto("/?box=initiated&q=周敏")
        press(page, ".sp-item a:has-text('周敏 申报主持人')")
        assert faults(page, set()) == []
