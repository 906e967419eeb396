"""Somebody is away: a colleague is asked, finds the task under the name of who is away, does it, and it is told."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_whoever_stands_in_sees_for_whom_and_filters(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "潘校长")
        row = page.locator(".sp-item", has_text="情绪管理主题班会")
        expect(row.locator(".sp-for")).to_have_text("代唐书华分管德育副校长")
        page.select_option("[name=whom]", label="代唐书华")
        page.click("button:has-text('搜索')")
        expect(page.locator(".sp-item")).to_have_count(1)
        row.locator("a").click()
        expect(page.locator("main")).to_contain_text("请您作为分管德育副校长（代唐书华）")
        expect(page.locator(".sp-kv")).to_contain_text("代唐书华分管德育副校长，委托到")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_colleague_is_asked_and_let_go(chromium, demo, width):
    substitute = "郑雅兰" if width == DESK else "陆青"
    with window(chromium, demo.address, width) as page:
        enter(page, "许副校长")
        page.goto("/profile")
        page.click("a:has-text('委托代理')")
        page.click("a:has-text('请人代理')")
        page.click("button:has-text('开始代理')")
        expect(page.locator(".sp-err").first).to_be_visible()
        fill(page, substitute)
        expect(page.locator(".sp-note").first).to_contain_text("已设置")
        row = page.locator("tbody tr", has_text=f"{substitute}代许文彬")
        expect(row).to_contain_text("代理中")
        expect(row).to_contain_text("学期计划")
        row.locator("button").click()
        expect(page.locator(".sp-note").first).to_contain_text("已结束")
        expect(page.locator("tbody tr", has_text=f"{substitute}代许文彬").first).to_contain_text("提前结束")


def fill(page: Page, substitute: str) -> None:
    today = page.evaluate("new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Shanghai'}).format(new Date())")
    page.select_option("[name=substitute]", label=substitute)
    page.fill("[name=from]", today)
    page.fill("[name=until]", today)
    page.check("[name=scope][value=chosen]")
    page.check("[name=processes][value=semester_plan]")
    page.fill("[name=reason]", "到市里开会。")
    page.click("button:has-text('开始代理')")
