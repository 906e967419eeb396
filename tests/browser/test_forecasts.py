"""The path ahead: on the page where a case is filed, with and without a script, and on the page of a running case."""

import pytest
from playwright.sync_api import expect

from tests.browser.plans import fill_plan
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_who_fills_in_a_form_sees_who_will_be_asked(chromium, demo, width, has_script):
    with window(chromium, demo.address, width, has_script=has_script) as page:
        enter(page, "周敏老师")
        fill_plan(page, "还没有定下来")
        page.click("button:has-text('按填的内容再看')")
        steps = page.locator("section[aria-labelledby=path] li")
        expect(steps).to_have_count(3)
        expect(steps.nth(0)).to_contain_text("政教处审核")
        expect(steps.nth(0)).to_contain_text("邱牧")
        expect(steps.nth(0)).to_contain_text("到了以后 3 个工作日内")
        expect(steps.nth(1)).to_contain_text("许文彬")
        expect(steps.nth(1)).to_contain_text("退回的，到“修改计划”")
        # What was typed is still there.
        expect(page.locator("[name=direction]")).to_have_value("还没有定下来")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_who_follows_a_case_sees_what_was_done_and_what_comes(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陈校长")
        page.goto("/?q=跨校主题班会")
        page.click(".sp-item a")
        page.click("summary:has-text('看完整的走法')")
        steps = page.locator(".sp-fold li")
        expect(steps.nth(0)).to_contain_text("起草报销")
        expect(page.locator(".sp-fold [aria-current=step]")).to_contain_text("法定代表人签字")
        expect(steps.nth(4)).to_contain_text("刘芸 · 财务 · 到了以后 5 个工作日内")
        expect(steps.last).to_contain_text("已入账")
