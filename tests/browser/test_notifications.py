"""Notifications as people meet them: counts that rise by themselves, a link that waits for the sign-in, remarks with @."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
CASE = "跨校主题班会"
BELL = ".sp-top__news [data-live-count=unread] span:not(.sp-vh)"


def unread(page: Page) -> int:
    return int(page.locator(BELL).inner_text() or 0)


def first_link(page: Page) -> str:
    return page.locator(".sp-item a").first.get_attribute("href") or ""


def open_case(page: Page) -> None:
    """Open the case of the page's person, as one started it."""
    page.goto("/?box=initiated&q=跨校主题班会观摩")
    page.locator(".sp-item a").first.click()
    expect(page.locator("#remark")).to_be_visible()


@pytest.mark.parametrize(("width", "other"), [(PHONE, DESK), (DESK, PHONE)])
def test_a_remark_with_a_name_raises_the_other_s_count_without_reloading(chromium, demo, width, other):
    with window(chromium, demo.address, width) as host, window(chromium, demo.address, other) as finance:
        enter(finance, "刘会计")
        before = unread(finance)
        enter(host, "周敏老师")
        open_case(host)
        # The list that opens after the sign; choosing writes the name.
        host.locator("#f-text").press_sequentially("请您看看 @刘")
        host.locator(".sp-pick button", has_text="刘芸").click()
        expect(host.locator("#f-text")).to_have_value("请您看看 @刘芸 ")
        host.locator("#f-text").press_sequentially("第三张发票。")
        host.click("main button:has-text('留言') >> nth=0")
        expect(host.locator(".sp-note").first).to_contain_text("已留言")
        expect(finance.locator(BELL)).to_have_text(str(before + 1), timeout=15_000)
        expect(finance.locator("#live-news")).to_contain_text("提到了您")
        finance.click(".sp-top__news")
        finance.locator(".sp-news", has_text="提到了您").first.click()
        expect(finance).to_have_url(re.compile(r"/cases/\d+#comment-\d+"))
        expect(finance.locator("[id^=comment-]").first).to_contain_text("第三张发票")
        host.click("button:has-text('收回')")
        expect(host.locator("[id^=comment-]").first).to_contain_text("已收回")


def test_without_a_script_a_page_finds_whom_to_name(chromium, demo):
    with window(chromium, demo.address, PHONE, has_script=False) as page:
        enter(page, "周敏老师")
        open_case(page)
        page.fill("#f-text", "请帮忙核对预算。")
        page.click("button[name=_find]")
        page.fill("#f-q", "陆青")
        page.click("button:has-text('查找')")
        expect(page.locator("#f-text")).to_have_value("请帮忙核对预算。")
        page.check("label:has-text('陆青') input")
        page.click(".sp-verdict .btn-primary")
        expect(page.locator(".sp-note").first).to_contain_text("已留言")
        page.goto("/notifications")
        expect(page.locator("h1")).to_have_text("通知")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_link_waits_for_the_sign_in_and_still_tells_after_the_task_was_done(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陈校长")
        page.goto("/")
        task = first_link(page)
        page.goto("/?box=done")
        done = first_link(page)
        page.context.clear_cookies()
        page.goto(task)
        page.click(".sp-person:has-text('陈校长 ·')")
        expect(page).to_have_url(re.compile(f"{task}$"))
        expect(page.locator("#ask")).to_have_text("请您办理")
        page.goto(done)
        expect(page.locator("main")).to_contain_text("已于")
        # A neighbour learns nothing, kindly.
        page.context.clear_cookies()
        enter(page, "苏老师")
        page.goto(task)
        expect(page.locator("main")).to_contain_text("没有找到，或者您不能看")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_settings_and_what_was_not_delivered(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "韩老师")
        page.goto("/notifications")
        page.click("main a:has-text('通知设置')")
        page.fill("#f-email", "不是邮箱")
        page.click("button:has-text('发确认码')")
        expect(page.locator("#f-email-e")).to_contain_text("这不是邮箱地址")
        page.fill("#f-quiet_from", "22:00")
        page.fill("#f-quiet_until", "")
        page.click("main button:has-text('保存')")
        expect(page.locator("#f-quiet_until-e")).to_contain_text("一起填")
        page.fill("#f-quiet_until", "7:00")
        page.click("main button:has-text('保存')")
        expect(page.locator(".sp-note").first).to_contain_text("已保存")
        expect(page.locator("#f-quiet_until")).to_have_value("07:00")
        page.goto("/notifications/undelivered")
        lost = page.locator("tbody tr", has_text="刘芸").filter(has_text="对方服务器不收这个地址")
        expect(lost.first).to_be_visible()
