"""Impatience and two tabs: nothing is filed twice, and a page that became stale says so and keeps the words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.papers import invoice_pdf
from tests.browser.windows import enter, window

pytestmark = pytest.mark.browser
PURPOSE = "连按两下也只报一次：研修资料装订。"
TYPED = {
    "payee": "云澜市青禾图文印务",
    "purpose": PURPOSE,
    "items.0.name": "装订",
    "items.0.quantity": "10",
    "items.0.amount": "120",
    "invoices.0.number": "26440826000199990002",
    "invoices.0.amount": "120",
}
OPINION = "发票已经核对过了，请再看一下金额。"


def test_a_double_click_files_one_case(chromium, demo, tmp_path):
    with window(chromium, demo.address) as page:
        enter(page, "苏老师")
        page.goto("/start/expense_approval")
        fill(page)
        page.locator("[name='invoices.0.attachment']").first.set_input_files(invoice_pdf(tmp_path))
        page.locator(".sp-verdict button:has-text('提交')").dblclick()
        expect(page.locator("h1")).to_contain_text("连按两下也只报一次")
        page.goto("/?box=initiated&q=连按两下")
        expect(page.locator(".sp-item")).to_have_count(1)


def test_a_page_opened_before_a_change_keeps_what_was_written(chromium, demo):
    with window(chromium, demo.address) as deputy, window(chromium, demo.address) as principal:
        enter(principal, "陈校长")
        enter(deputy, "许副校长")
        for page in (deputy, principal):
            page.goto("/?q=班级图书角")
            page.locator(".sp-item a").click()
        deputy.fill("[name=comment]", "请补一份书目清单。")
        deputy.click("[name=verdict][value=return]")
        expect(deputy.locator(".sp-note").first).to_contain_text("已退回")
        principal.fill("[name=comment]", OPINION)
        principal.click("[name=verdict][value=refuse]")
        expect(principal.locator(".sp-note--late")).to_contain_text(OPINION)
        expect(principal.locator("#ask")).to_have_text("这一步办完了")


def fill(page: Page) -> None:
    page.select_option("[name=studio]", index=1)
    line = page.locator("[name=budget_line] option", has_text="培训").first.get_attribute("value")
    page.select_option("[name=budget_line]", line)
    page.select_option("[name=category]", "training")
    for name, value in TYPED.items():
        page.fill(f"[name='{name}']", value)
    page.check("[name=declared]")
