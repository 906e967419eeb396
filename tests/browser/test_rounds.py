"""A round is opened by the office with the rules filled in, found by teachers on the phone, and its dates are moved."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain import clock
from app.services.timing import calendars
from tests.browser.looking import faults
from tests.browser.server import Server, running_demo
from tests.browser.windows import DESK, PHONE, enter, sign_in, window

pytestmark = pytest.mark.browser
PASSWORD = "yunlan-2026"
OFFICE, TEACHER = "zhengyalan", "周敏老师"
TITLE = "第二批名班主任工作室主持人及成员评选"


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: the round that is opened would stand in others' lists."""
    with running_demo(built_demo, tmp_path_factory.mktemp("rounds")) as server:
        yield server


def working_day(count: int) -> date:
    return calendars.national().add_working_days(clock.today(), count).on


def open_round(page: Page) -> None:
    page.goto("/rounds")
    page.locator("a:has-text('开启评选')").first.click()
    page.fill("[name=title]", TITLE)
    page.fill("[name=seats]", "6")
    today = clock.today()
    days = {
        "term_from": today + timedelta(days=60),
        "term_until": today + timedelta(days=700),
        "apply_from": today,
        "apply_until": working_day(8),
    }
    for name, day in days.items():
        page.fill(f"[name={name}]", day.isoformat())


@pytest.fixture(scope="module")
def opened(chromium: Browser, demo: Server) -> str:
    """The address of a round that the office has opened, with its rules as they were filled in."""
    with window(chromium, demo.address) as page:
        sign_in(page, OFFICE, PASSWORD)
        open_round(page)
        # What the rules say is there already, each with where it comes from.
        expect(page.locator("[name=notice_days]")).to_have_value("5")
        expect(page.locator("[name='criteria.0.name']")).to_have_value("育人实绩")
        expect(page.locator("main")).to_contain_text("文件未规定")
        page.fill("[name=notice_days]", "3")
        page.click(".sp-bar .btn-primary")
        expect(page.locator(".sp-note--late")).to_contain_text("公示")
        page.fill("[name=notice_days]", "7")
        page.click(".sp-bar .btn-primary")
        expect(page.locator("h1")).to_have_text(TITLE)
        page.goto("/rounds")
        page.click(f"a:has-text('{TITLE}')")
        expect(page.locator(".sp-stages .is-now h2")).to_contain_text("个人申报")
        return page.url.removeprefix(demo.address)


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_the_round_tells_its_stages_days_and_rules(chromium: Browser, demo: Server, opened: str, width: int) -> None:
    with window(chromium, demo.address, width) as page:
        enter(page, TEACHER)
        page.goto(opened)
        assert page.locator(".sp-stages > li").count() == len(("申报", "评议", "公示", "聘任"))
        expect(page.locator("main")).to_contain_text("张贴次日起 7 个工作日")
        expect(page.locator("main")).to_contain_text("全体班主任老师投票评议")
        # A teacher may apply, and moves no dates.
        expect(page.locator("a:has-text('填写申报表')")).to_be_visible()
        expect(page.locator("a:has-text('调整')")).to_have_count(0)
        assert faults(page, set()) == []


def test_moving_a_date_needs_a_reason(chromium: Browser, demo: Server, opened: str) -> None:
    with window(chromium, demo.address, PHONE) as page:
        sign_in(page, OFFICE, PASSWORD)
        page.goto(opened)
        page.click("a:has-text('调整')")
        page.fill("[name=date]", working_day(10).isoformat())
        assert faults(page, set()) == []
        page.click(".sp-bar .btn-primary")
        expect(page.locator(".sp-err")).to_contain_text("为什么改")
        page.fill("[name=reason]", "期中考试顺延")
        page.click(".sp-bar .btn-primary")
        expect(page.locator(".sp-note").first).to_contain_text("已调整")
        expect(page.locator("main")).to_contain_text("期中考试顺延")
        assert faults(page, set()) == []
