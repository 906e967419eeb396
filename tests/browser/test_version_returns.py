"""A version that was submitted is sent back with a reason, on a page of its own."""

import pytest

from app.engine.package import load_package
from tests.browser.looking import faults
from tests.browser.server import ROOT
from tests.browser.windows import DESK, PHONE, enter, resize, window

pytestmark = pytest.mark.browser
KEY = "annual_budget"
DIAGRAM = load_package(KEY, ROOT / "processes", ROOT / "forms").diagram
CHANGED = DIAGRAM.replace('name="财务确认预算"', 'name="财务核对并确认预算"')


def test_a_head_returns_what_an_administrator_submitted(chromium, demo, tmp_path):
    drawing = tmp_path / "改过的.bpmn"
    drawing.write_text(CHANGED, "utf-8")
    with window(chromium, demo.address, DESK) as page:
        enter(page, "韩老师")
        page.goto("/versions/new")
        page.set_input_files("[name=file]", drawing)
        page.click("main form button.btn-primary")
        page.click("form[action$='/submit'] button")
        page.wait_for_selector("text=等待批准")
    with window(chromium, demo.address, PHONE) as page:
        enter(page, "陈校长")
        page.goto("/versions")
        page.click("a:has-text('退回')")
        page.click("button:has-text('退回')")
        assert "请写明为什么退回" in page.locator("main").inner_text()
        assert faults(page, set()) == []
        resize(page, PHONE)
        page.fill("[name=reason]", "请把每一步的期限写上。")
        page.click("button:has-text('退回')")
        words = page.locator("main").inner_text()
        assert "已退回" in words
        assert "“请把每一步的期限写上。”" in words
