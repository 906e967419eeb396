"""Late tasks and tasks that nobody holds, walked in the browser as people would, on a phone and on a desk."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import faults
from tests.browser.windows import DESK, PHONE, sign_in, window

pytestmark = pytest.mark.browser
PASSWORD = "yunlan-2026"  # the demo's, said by `shenpi demo accounts`
LATE, UNHELD = "青春期家庭教育指导", "留守儿童班级关爱机制"
WIDTHS = pytest.mark.parametrize("width", [PHONE, DESK], ids=["phone", "desk"])


def come_in(page: Page, username: str) -> None:
    page.context.clear_cookies()
    sign_in(page, username, PASSWORD)
    page.wait_for_selector("h1")


def open_task(page: Page, words: str) -> None:
    page.goto("/")
    page.locator(".sp-item a", has_text=words).first.click()
    page.wait_for_selector("#ask")


@WIDTHS
def test_a_late_task_says_so_to_everybody_whom_it_concerns(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        come_in(page, "xielan")
        open_task(page, LATE)
        expect(page.locator(".sp-note--late")).to_contain_text("已升级给分管德育副校长")
        come_in(page, "tangshuhua")
        page.goto("/")
        expect(page.locator(".sp-item", has_text=LATE)).to_contain_text("政教处 · 超时升级")
        open_task(page, LATE)
        expect(page.locator("#ask").locator("..").locator("..")).to_contain_text("您和他们谁先办都可以")
        expect(page.locator(".sp-time", has_text="超时，升级给分管德育副校长")).to_be_visible()
        assert faults(page, set()) == []
        page.goto("/notifications")
        expect(page.locator("main")).to_contain_text("升级给您（分管德育副校长）办理")


@WIDTHS
def test_a_task_that_nobody_holds_is_found_and_given_to_a_colleague(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        come_in(page, "luojia")
        page.goto("/inbox?box=initiated")
        page.locator(".sp-item a", has_text=UNHELD).click()
        is_first = width == PHONE
        if is_first:
            expect(page.locator(".sp-note--late")).to_contain_text("现在没有人能审核，已请流程管理员安排")
        come_in(page, "shipeng")
        page.goto("/unheld")
        assert faults(page, set()) == []
        if is_first:
            name_a_colleague(page)
        expect(page.locator(".sp-empty")).to_contain_text("都有人办")
        come_in(page, "haoshulin")
        open_task(page, UNHELD)
        expect(page.locator("button[value=agree]")).to_be_visible()
        expect(page.locator(".sp-time", has_text="石鹏 把政教处审核转给郝树林")).to_be_visible()


def name_a_colleague(page: Page) -> None:
    page.goto("/")
    page.click("a:has-text('请指定办理人')")
    page.click("a:has-text('指定办理人')")
    page.click("button:has-text('请他办理')")
    expect(page.locator(".sp-err").first).to_contain_text("请选一位同事")
    page.fill("[name=q]", "郝树林")
    page.click("button:has-text('查找')")
    page.get_by_label("郝树林").check()
    assert faults(page, set()) == []
    page.fill("[name=reason]", "学校还没有设政教处，请您审核。")
    page.click("button:has-text('请他办理')")
    expect(page.locator("main")).to_contain_text("已请郝树林办理")
    page.goto("/unheld")
