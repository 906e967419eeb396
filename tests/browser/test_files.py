"""A teacher's file: an honour is entered on the phone, verified at the desk, and counts; a look at it is told."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_an_honour_is_entered_verified_and_counts(chromium, demo):
    with window(chromium, demo.address, PHONE) as phone, window(chromium, demo.address, DESK) as desk:
        enter(phone, "周敏老师")
        press(phone, ".sp-rail a:has-text('档案')")
        press(phone, ".sp-head a:has-text('登记')")
        fill(phone)
        press(phone, ".sp-verdict .btn-primary")
        expect(phone.locator("h1")).to_have_text("登记个人荣誉：市师德标兵")
        phone.goto("/file")
        expect(phone.locator("tr", has_text="市师德标兵")).to_contain_text("等核实")

        enter(desk, "陆老师")
        desk.goto("/?q=市师德标兵")
        press(desk, ".sp-item a")
        expect(desk.locator("main")).to_contain_text("对照证明材料核实登记的内容")
        press(desk, "a:has-text('看周敏的档案')")
        expect(desk.locator("h1")).to_have_text("周敏的档案")
        with desk.expect_navigation():
            desk.go_back()
        press(desk, "[name=verdict][value=accept]")
        expect(desk.locator(".sp-note").first).to_be_visible()
        desk.goto("/files?q=周敏")
        press(desk, "tbody a")
        row = desk.locator(".sp-entries > li", has_text="市师德标兵")
        expect(row).to_contain_text("陆青")
        expect(row.locator("a")).to_have_text("荣誉证书.png")

        phone.goto("/file")
        expect(phone.locator(".sp-entries > li", has_text="市师德标兵")).to_contain_text("市级 · 云澜市教育局")
        expect(phone.locator("#looks, [aria-labelledby=looks]").first).to_contain_text("陆青")


def test_an_entry_is_corrected_from_the_file(chromium, demo):
    with window(chromium, demo.address) as page:
        enter(page, "周敏老师")
        page.goto("/file")
        press(page, ".sp-entries > li:has-text('临溪区优秀班主任') a.btn")
        expect(page.locator("[name=honour_title]")).to_have_value("临溪区优秀班主任")
        expect(page.locator("[name=corrects]")).not_to_have_value("")
        page.check("[name=strikes]")
        expect(page.locator("[name=reason]")).to_be_visible()


def fill(page: Page) -> None:
    page.select_option("[name=kind]", label="个人荣誉")
    page.fill("[name=honour_title]", "市师德标兵")
    page.select_option("[name=honour_category]", label="优秀教师")
    page.select_option("[name=honour_level]", label="市级")
    page.fill("[name=honour_issuer]", "云澜市教育局")
    page.fill("[name=honour_from_on]", "2026-09-10")
    paper = FilePayload(name="荣誉证书.png", mimeType="image/png", buffer=PNG)
    page.locator("input[type=file][name=evidence]").first.set_input_files(paper)
