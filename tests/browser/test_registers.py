"""From the tabs of files: the school's lists narrowed to a person's file, and a studio's page, on a desk and a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])


def press(page: Page, selector: str) -> None:
    """Press a link or button and wait for the next page."""
    with page.expect_navigation():
        page.locator(selector).first.click()


@WIDTHS
def test_the_office_finds_an_honour_and_opens_the_file(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        press(page, "nav a:has-text('档案')")
        press(page, ".sp-tabs a:has-text('登记台账')")
        expect(page.locator("h1")).to_have_text("荣誉台账")
        everything = page.locator("tbody tr").count()
        page.select_option("[name=level]", "city")
        press(page, ".sp-filter button:has-text('筛选')")
        rows = page.locator("tbody tr")
        assert 0 < rows.count() < everything
        assert rows.filter(has_text="市级").count() == rows.count()
        name = rows.first.locator("th a").inner_text()
        press(page, "tbody th a")
        expect(page.locator("h1")).to_contain_text(name)


@WIDTHS
def test_the_office_looks_who_led_which_class_on_a_day(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        page.goto("/registers/service")
        expect(page.locator(".sp-head")).to_contain_text("截至")
        now = page.locator("tbody tr").all_inner_texts()
        page.fill("[name=as_of]", "2024-03-01")
        press(page, ".sp-filter button:has-text('筛选')")
        expect(page.locator(".sp-head")).to_contain_text("截至2024年3月1日")
        assert page.locator("tbody tr").all_inner_texts() != now
        press(page, ".sp-chips a:has-text('职级')")
        expect(page.locator("h1")).to_have_text("职级台账")


@WIDTHS
def test_a_host_sees_the_own_studio_with_its_money(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "周敏老师")
        press(page, "nav a:has-text('档案')")
        press(page, ".sp-tabs a:has-text('工作室')")
        press(page, "tbody a:has-text('周敏')")
        for heading in ("人员", "接下来的活动", "经费", "考核等级"):
            expect(page.locator("h2", has_text=heading).first).to_be_visible()
        press(page, "section[aria-labelledby=money] tbody a")
        expect(page.locator("h1")).to_contain_text("预算")
