"""The list of homeroom teachers in a browser: found in the files, changed for a class, read as of another day."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.domain import clock
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
CLASSES = {DESK: "二年级2班", PHONE: "二年级3班"}


def press(page: Page, what: str) -> None:
    """Press what leads to another page, and wait for it."""
    with page.expect_navigation():
        page.click(what)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_class_gets_another_homeroom_teacher(chromium, demo, width):
    name = CLASSES[width]
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        press(page, ".sp-rail a:has-text('档案')")
        press(page, ".sp-tabs a:has-text('班主任名单')")
        expect(page.locator(".sp-head")).to_contain_text("已确认")
        row = page.locator("tr", has_text=name)
        before = row.locator("td").first.inner_text()
        press(page, f"tr:has-text('{name}') a:has-text('换班主任')")
        taker = page.locator("#teachers option").first.get_attribute("value") or ""
        page.fill("[name=homeroom_teacher]", "没有这个人")
        press(page, ".sp-bar .btn-primary")
        expect(page.locator(".sp-err")).to_contain_text("本校没有叫“没有这个人”的在职老师")
        page.fill("[name=homeroom_teacher]", taker)
        press(page, ".sp-bar .btn-primary")
        expect(page.locator(".sp-note").first).to_contain_text("已登记")
        expect(row.locator("td").first).to_contain_text(taker)
        page.fill("[name=on]", (clock.today() - timedelta(days=1)).isoformat())
        press(page, "button:has-text('看这一天的')")
        expect(row.locator("td").first).to_contain_text(before)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_the_whole_list_is_looked_through_before_it_is_confirmed(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        page.goto("/homeroom-list/edit")
        page.fill("[name='classes.0.class_name']", "一年级9班")
        expect(page.locator("[data-draft-said]")).to_contain_text("已自动保存")
        page.goto("/homeroom-list/edit")
        expect(page.locator("main")).to_contain_text("的草稿。")
        expect(page.locator("[name='classes.0.class_name']")).to_have_value("一年级9班")
        page.check("[name='classes.1.gone']")
        with page.expect_navigation():
            page.press("[name='classes.0.class_name']", "Enter")
        expect(page.locator("h1")).to_contain_text("确认")
        expect(page.locator("[aria-labelledby=ends]").first).to_contain_text("一年级2班")
        press(page, "button:has-text('接着改')")
        expect(page.locator("[name='classes.0.class_name']")).to_have_value("一年级9班")
        expect(page.locator("[name='classes.1.class_name']")).to_have_value("一年级3班")
        expect(page.locator("main")).to_contain_text("还没有安排班级的")
        page.goto("/homeroom-list/edit")
        press(page, "button:has-text('丢弃草稿')")
        expect(page.locator("[name='classes.0.class_name']")).to_have_value("一年级1班")
