"""A deputy principal returns a plan to one step alone, which comes straight back; then to the host, to be walked again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.plans import file_plan, open_task
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
DIRECTIONS = {DESK: "小学段午间管理", PHONE: "课间活动组织"}


def send_back(page: Page, to: str, mode: str, reason: str) -> None:
    page.click("a:has-text('退回到前面的某一步')")
    page.check(f"[name=to][value={to}]")
    page.check(f"[name=mode][value={mode}]")
    page.click(".sp-verdict button:has-text('退回')")
    expect(page.locator(".sp-err")).to_contain_text("请写明理由")
    page.fill("[name=reason]", reason)
    page.click(".sp-verdict button:has-text('退回')")
    expect(page.locator(".sp-note").first).to_contain_text("已退回")


def agree(page: Page) -> None:
    page.click("[name=verdict][value=agree]")
    expect(page.locator(".sp-note").first).to_contain_text("已同意")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_step_that_was_returned_comes_straight_back(chromium, demo, width):
    words = DIRECTIONS[width]
    with (
        window(chromium, demo.address, width) as host,
        window(chromium, demo.address, width) as office,
        window(chromium, demo.address, width) as deputy,
    ):
        for page, persona in ((host, "周敏老师"), (office, "陆老师"), (deputy, "许副校长")):
            enter(page, persona)
        file_plan(host, words)
        open_task(office, words)
        agree(office)
        open_task(deputy, words)
        send_back(deputy, "office_review", "back", "请核对和学校开放日有没有冲突。")
        open_task(office, words)
        expect(office.locator("main")).to_contain_text("许文彬")
        expect(office.locator("main")).to_contain_text("请核对和学校开放日有没有冲突。")
        expect(office.locator(".sp-kv").first).to_contain_text("直接回到“副校长审定”")
        agree(office)
        open_task(deputy, words)
        expect(deputy.locator("#ask")).to_have_text("请您办理")
        expect(deputy.locator(".sp-time").last).to_contain_text("改好后直接回到“副校长审定”")
        send_back(deputy, "revise_plan", "again", "十二月的活动移到一月。")
        open_task(host, words)
        with host.expect_navigation():
            host.click("[name=verdict][value=submit]")
        open_task(office, words)
        expect(office.locator("#ask")).to_have_text("请您办理")
