"""Importing: a sheet with mistakes names them, a right one is shown, confirmed and stands in the register."""

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from app.domain.sheets import SheetKind
from tests.browser.looking import faults
from tests.browser.windows import DESK, PHONE, enter, window
from tests.integration.sheet_world import SERVICE, book

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROW = SERVICE | {"姓名": "周敏", "班级": "2009级7班", "任职起": "2009-09-01", "任职止": "2010-07-31"}


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f"main button:has-text('{words}')")


def hand_in(page: Page, *rows: dict[str, Any]) -> None:
    page.goto("/imports?kind=service")
    content = book(SheetKind.SERVICE, list(rows)).getvalue()
    page.set_input_files("input[type=file]", FilePayload(name="任职.xlsx", mimeType=XLSX, buffer=content))
    press(page, "上传并核对")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_mistakes_are_named_with_their_cells(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        hand_in(page, ROW | {"身份": "园丁"}, ROW | {"姓名": "无此人"})
        expect(page.locator(".sp-note--late")).to_contain_text("有 2 处要改")
        expect(page.locator("tr", has_text="E2")).to_contain_text("身份只能填")
        expect(page.locator("tr", has_text="A3")).to_contain_text("本校没有“无此人”")
        assert faults(page, set()) == []


def test_a_sheet_is_shown_confirmed_and_stands_in_the_register(chromium, demo):
    with window(chromium, demo.address) as page:
        enter(page, "陆老师")
        hand_in(page, ROW)
        expect(page.locator("main")).to_contain_text("现在还什么都没改")
        assert faults(page, set()) == []
        press(page, "确认导入")
        expect(page.locator(".sp-note")).to_contain_text("已导入")
        page.goto("/registers/service?as_of=2010-01-01&q=2009级7班")
        expect(page.locator("tbody tr")).to_contain_text("周敏")
        with page.expect_download() as taken:
            page.click("a:has-text('导出 Excel')")
        assert taken.value.suggested_filename.endswith(".xlsx")


def test_a_large_sheet_shows_its_progress_until_it_is_done(chromium, demo):
    rows = [ROW | {"班级": f"{number}班", "任职起": f"{1990 + number % 15}-09-01"} for number in range(3000)]
    with window(chromium, demo.address, PHONE) as page:
        enter(page, "陆老师")
        hand_in(page, *rows)
        expect(page.locator("main")).to_contain_text("可以离开")
        expect(page.locator("main button", has_text="先不导入")).to_be_visible(timeout=60_000)
        expect(page.locator(".sp-figs")).to_contain_text("3,000")
        press(page, "先不导入")
        expect(page.locator(".sp-note")).to_contain_text("台账没有变")
