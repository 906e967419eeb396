"""The pictures of files, registers, lists of homeroom teachers, studios and imports."""

from collections.abc import Callable

from playwright.sync_api import Browser, FilePayload, Page

from app.domain.sheets import SheetKind
from tests.browser.windows import DESK, PHONE, enter, sign_in, window
from tests.integration.sheet_world import SERVICE, book

# A page, the picture's name, the window's width and height.
Take = Callable[[Page, str, int, int], None]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSWORD = "yunlan-2026"


def registers(chromium: Browser, address: str, take: Take) -> None:
    """Take all pictures of `docs/registers`."""
    _own_file(chromium, address, take)
    _office(chromium, address, take)
    _change(chromium, address, take)
    _statistics(chromium, address, take)


def _own_file(chromium: Browser, address: str, take: Take) -> None:
    with window(chromium, address) as page:
        enter(page, "周敏老师")
        page.goto("/file")
        take(page, "file", DESK, 1040)
        page.click("main a:has-text('高级一档')")
        page.wait_for_selector("h1")
        take(page, "conditions", DESK, 940)
    with window(chromium, address, PHONE) as page:
        sign_in(page, "liruohan", PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/file")
        take(page, "file-phone", PHONE, 844)


def _office(chromium: Browser, address: str, take: Take) -> None:
    with window(chromium, address) as page:
        enter(page, "陆老师")
        page.click(".sp-item a:has-text('同伴互助')")
        page.wait_for_selector("#ask")
        take(page, "verify-entry", DESK, 940)
        page.goto("/homeroom-list")
        take(page, "homeroom-list", DESK, 820)
        page.goto("/registers/honours")
        take(page, "register", DESK, 820)
        page.goto("/studio-register")
        page.click("main a:has-text('青禾班主任工作室')")
        page.wait_for_selector("h1")
        take(page, "studio", DESK, 940)
        page.goto("/imports?kind=service")
        page.set_input_files("input[type=file]", FilePayload(name="任职.xlsx", mimeType=XLSX, buffer=_sheet()))
        with page.expect_navigation():
            page.click("main button:has-text('上传并核对')")
        take(page, "import", DESK, 820)


def _change(chromium: Browser, address: str, take: Take) -> None:
    with window(chromium, address) as page:
        sign_in(page, "baiyu", PASSWORD)
        page.click(".sp-item a:has-text('穆知遥班主任工作室')")
        page.wait_for_selector("#ask")
        take(page, "studio-change", DESK, 940)


def _sheet() -> bytes:
    """Return a sheet of services with two mistakes."""
    row = SERVICE | {"姓名": "周敏", "班级": "2009级7班", "任职起": "2009-09-01", "任职止": "2010-07-31"}
    return book(SheetKind.SERVICE, [row, row | {"身份": "园丁"}, row | {"姓名": "周明"}]).getvalue()


def _statistics(chromium: Browser, address: str, take: Take) -> None:
    with window(chromium, address) as page:
        sign_in(page, "ouyanglan", PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/statistics/ranks")
        take(page, "rank-statistics", DESK, 1080)
