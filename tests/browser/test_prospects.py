"""What a teacher may apply for: on the phone, what lacks leads to the form, which begins with the file."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_what_lacks_for_the_next_rank_leads_to_its_form(chromium, demo):
    with window(chromium, demo.address, PHONE) as phone:
        enter(phone, "周敏老师")
        phone.goto("/file")
        expect(phone.locator("[aria-labelledby=prospects] tr", has_text="晋升下一职级")).to_contain_text("还缺")
        press(phone, "[aria-labelledby=prospects] a")
        expect(phone.locator("h1")).to_have_text("能申报什么")
        reach = phone.locator("section", has=phone.locator("#reach"))
        expect(reach.locator("tr", has_text="荣誉")).to_contain_text("高级二档")
        expect(reach).to_contain_text("破格晋升")
        rank = phone.locator("section", has=phone.locator("#next-rank"))
        expect(rank.locator("tr", has_text="荣誉")).to_contain_text("不符合")
        expect(rank.locator("tr", has_text="已认定职级")).to_contain_text("符合")
        with phone.expect_navigation():
            rank.locator("tr", has_text="荣誉").locator("a.btn").click()
        expect(phone.locator("[name=kind]")).to_have_value("honour")
        phone.locator("[name=kind]").select_option("class_honour")
        expect(phone.locator("[name=class_honour_class_name]")).to_have_value("五年级2班")
        expect(phone.locator("main")).to_contain_text("档案里核实的是 五年级2班（班主任任职 1 条）。")


def test_who_keeps_files_sees_what_another_may_apply_for(chromium, demo):
    with window(chromium, demo.address, DESK) as desk:
        enter(desk, "陆老师")
        desk.goto("/files?q=周敏")
        press(desk, "tbody a")
        press(desk, "[aria-labelledby=prospects] a")
        expect(desk.locator("h1")).to_have_text("周敏能申报什么")
        expect(desk.locator("section", has=desk.locator("#city-host"))).to_contain_text("《建设方案》四（三）2")
        press(desk, ".sp-back")
        expect(desk.locator("h1")).to_have_text("周敏的档案")
