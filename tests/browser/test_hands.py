"""What colleagues do with a task beside answering it: claim, transfer, delegate, add signers, copy, urge, withdraw, hand over."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.plans import file_plan, open_task
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE])
BUTTON = ".sp-verdict button"
TOLD = ".sp-note"


def more(page: Page, act: str) -> None:
    """Open the page of an act from the task's page, over 更多."""
    page.click("a:has-text('更多')")
    with page.expect_navigation():
        page.click(f".sp-ways a:text-is('{act}')")


def choose(page: Page, name: str) -> None:
    """Find a colleague by name and choose the person."""
    page.fill("[name=q]", name)
    with page.expect_navigation():
        page.click("[name=_search]")
    page.click(f".sp-choice:has-text('{name}') input")


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f"{BUTTON}:has-text('{words}')")


def hand_on(page: Page, act: str, names: list[str], reason: str) -> None:
    """Do an act on the open task, for these colleagues."""
    more(page, act)
    for name in names:
        choose(page, name)
    page.fill("[name=reason]", reason)
    press(page, act)


def inbox_row(page: Page, words: str) -> str:
    page.goto(f"/?q={words}")
    return page.locator(".sp-item").first.inner_text()


@WIDTHS
def test_a_queue_is_claimed_released_and_a_task_transferred(chromium, demo, width):
    words = f"认领与转办{width}"
    with (
        window(chromium, demo.address, width) as host,
        window(chromium, demo.address, width) as office,
        window(chromium, demo.address, width) as finance,
    ):
        for page, persona in ((host, "周敏老师"), (office, "陆老师"), (finance, "刘会计")):
            enter(page, persona)
        file_plan(host, words)
        open_task(office, words)
        with office.expect_navigation():
            office.click("#task .btn-primary:has-text('认领')")
        expect(office.locator(TOLD).first).to_contain_text("已认领")
        more(office, "放回待认领")
        press(office, "放回待认领")
        assert "待认领" in inbox_row(office, words)
        open_task(office, words)
        more(office, "转办")
        press(office, "转办")
        expect(office.locator(".sp-err").first).to_contain_text("请选一位同事")
        choose(office, "刘芸")
        office.fill("[name=reason]", "刘会计熟悉预算。")
        press(office, "转办")
        expect(office.locator(TOLD).first).to_contain_text("已转办")
        assert "刘会计熟悉预算" in inbox_row(finance, words)
        open_task(finance, words)
        expect(finance.locator("#task")).to_contain_text("转给您办")
        press(finance, "同意")


@WIDTHS
def test_opinions_are_asked_before_and_after_the_verdict(chromium, demo, width):
    words = f"委派与加签{width}"
    with (
        window(chromium, demo.address, width) as host,
        window(chromium, demo.address, width) as office,
        window(chromium, demo.address, width) as finance,
    ):
        for page, persona in ((host, "周敏老师"), (office, "陆老师"), (finance, "刘会计")):
            enter(page, persona)
        file_plan(host, words)
        open_task(office, words)
        hand_on(office, "委派", ["刘芸"], "预算合适吗")
        expect(office.locator(TOLD).first).to_contain_text("已请同事出意见")
        office.goto(f"/inbox?box=done&q={words}")
        office.click(".sp-item a")
        expect(office.locator("#task")).to_contain_text("现在等刘芸的意见")
        open_task(finance, words)
        expect(finance.locator("#task")).to_contain_text("请您出意见")
        finance.fill("[name=comment]", "场地费偏高，请再核。")
        press(finance, "只说意见")
        open_task(office, words)
        expect(office.locator("#answers")).to_be_visible()
        hand_after(office)
        press(office, "同意")
        expect(office.locator(TOLD).first).to_contain_text("的意见")
        open_task(finance, words)
        press(finance, "同意")
        host.goto(f"/inbox?box=initiated&q={words}")
        host.click(".sp-item a")
        expect(host.locator(".sp-strip .is-now")).to_contain_text("副校长审定")
        expect(host.locator("#history ~ * , .sp-time").last).to_contain_text("给出意见")


def hand_after(page: Page) -> None:
    more(page, "加签")
    page.check("[name=when][value=after]")
    choose(page, "刘芸")
    press(page, "加签")
    expect(page.locator(TOLD).first).to_contain_text("已加签")


@WIDTHS
def test_a_case_is_copied_urged_and_withdrawn(chromium, demo, width):
    words = f"抄送与催办{width}"
    with (
        window(chromium, demo.address, width) as host,
        window(chromium, demo.address, width) as office,
        window(chromium, demo.address, width) as finance,
    ):
        for page, persona in ((host, "周敏老师"), (office, "陆老师"), (finance, "刘会计")):
            enter(page, persona)
        file_plan(host, words)
        host.goto(f"/inbox?box=initiated&q={words}")
        host.click(".sp-item a")
        host.click("a:text-is('抄送')")
        choose(host, "刘芸")
        press(host, "抄送")
        expect(host.locator("main")).to_contain_text("0 / 1 人看过")
        finance.goto(f"/inbox?box=copied&q={words}")
        finance.click(".sp-item a")
        host.click("a:text-is('催办')")
        press(host, "催办")
        expect(host.locator("main")).to_contain_text("1 / 1 人看过")
        expect(host.locator("main")).to_contain_text("催过 1 次")
        assert "催过 1 次" in inbox_row(office, words)
        host.click("a:text-is('撤回')")
        press(host, "撤回")
        expect(host.locator(".sp-head")).to_contain_text("已撤回")
        office.goto(f"/?q={words}")
        expect(office.locator(".sp-item")).to_have_count(0)


@WIDTHS
def test_a_leavers_tasks_are_handed_over(chromium, demo, width):
    words = f"离职交接{width}"
    with (
        window(chromium, demo.address, width) as host,
        window(chromium, demo.address, width) as office,
        window(chromium, demo.address, width) as admin,
    ):
        for page, persona in ((host, "周敏老师"), (office, "陆老师"), (admin, "韩老师")):
            enter(page, persona)
        file_plan(host, words)
        open_task(office, words)
        hand_on(office, "转办", ["李若涵"], "请李若涵看。")
        admin.goto("/people?q=李若涵")
        with admin.expect_navigation():
            admin.click("main a:has-text('李若涵')")
        with admin.expect_navigation():
            admin.click("a:has-text('办交接')")
        expect(admin.locator("main")).to_contain_text(words)
        choose(admin, "邱牧")
        admin.fill("[name=reason]", "李若涵借调到区里。")
        press(admin, "交接")
        expect(admin.locator(TOLD).first).to_contain_text(re.compile("已把 . 件交给邱牧"))
