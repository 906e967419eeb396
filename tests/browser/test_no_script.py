"""A task needs no script: on a phone without one, a person fills, adds a row, uploads, submits and signs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.papers import invoice_pdf
from tests.browser.windows import PHONE, enter, window

pytestmark = pytest.mark.browser
PURPOSE = "没有脚本也能报销：班会资料印制。"
PASSWORD = "yunlan-2026"


def test_an_expense_without_a_script(chromium, demo, tmp_path):
    with window(chromium, demo.address, PHONE, has_script=False) as page:
        enter(page, "周敏老师")
        page.goto("/start")
        page.click(".sp-person:has-text('经费报销')")
        fill(page)
        page.locator("[name='invoices.0.attachment']").first.set_input_files(invoice_pdf(tmp_path))
        page.check("[name=fixed_assets]")
        page.click("button[name=_add][value=items]")
        expect(page.locator("[name='items.1.name']")).to_have_count(1)
        expect(page.locator("[name=purpose]")).to_have_value(PURPOSE)
        expect(page.locator("[id='f-invoices'] .sp-docs:not(.sp-preview) li")).to_have_count(1)
        page.fill("[name='items.1.name']", "装订")
        page.fill("[name='items.1.quantity']", "1")
        page.fill("[name='items.1.amount']", "20")
        page.fill("[name=asset_place]", "教学楼 302 室")
        page.check("[name=declared]")
        page.click(".sp-verdict button:has-text('提交')")
        expect(page.locator(".sp-note").first).to_contain_text("已提交")
        page.click("main .sp-note a")
        page.click("[name=verdict][value=sign]")
        page.fill("[name=password]", PASSWORD)
        page.click("button:has-text('确认签字')")
        expect(page.locator(".sp-note").first).to_contain_text("已签字")


def fill(page: Page) -> None:
    page.select_option("[name=studio]", index=1)
    line = page.locator("[name=budget_line] option", has_text="图书").get_attribute("value")
    page.select_option("[name=budget_line]", line)
    page.select_option("[name=category]", "books")
    page.fill("[name=payee]", "映川新知书店")
    page.fill("[name=purpose]", PURPOSE)
    page.fill("[name='items.0.name']", "班会资料")
    page.fill("[name='items.0.quantity']", "10")
    page.fill("[name='items.0.amount']", "100")
    page.fill("[name='invoices.0.number']", "26440826000199990001")
    page.fill("[name='invoices.0.amount']", "120")
