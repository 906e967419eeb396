"""From an empty database to a booked expense, in the browser alone: at a desk and on a phone."""

import io
from contextlib import closing

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import story as acts
from tests.browser.server import running
from tests.browser.story import FINANCE, HOST, LEGAL, Story, Terms
from tests.browser.windows import DESK, PHONE

pytestmark = pytest.mark.browser
TERMS = [
    Terms(DESK, ("pack_city_studio", "s1"), "city", (("city", "5000"), ("district_match", "5,000"))),
    Terms(PHONE, ("pack_school_studio", "s0"), "school", (("school_basic", "10000"), ("school_floating", "2,000"))),
]


@pytest.mark.parametrize("terms", TERMS, ids=["desk", "phone"])
def test_the_first_expense_of_a_school(chromium, tmp_path, terms):
    with running(tmp_path) as server:
        story = Story(chromium, server, terms, tmp_path)
        with closing(story.windows):
            acts.set_up(story)
            acts.import_people(story)
            for name in (HOST, LEGAL, FINANCE):
                acts.first_sign_in(story, name)
            acts.found_studio(story)
            acts.budget(story)
            acts.file_expense(story)
            acts.sign(story, HOST, is_clumsy=True)
            acts.send_back(story)
            acts.change(story)
            acts.sign(story, HOST)
            acts.sign(story, LEGAL)
            case = acts.book(story)
            expect_voucher(case)
            expect_verified(case)
            expect_in_ledger(story.page(FINANCE))


def expect_voucher(case: Page) -> None:
    link = case.locator("a:has-text('看凭证 PDF')").get_attribute("href")
    assert link
    answer = case.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.body())).pages)
    for words in ("肆仟零捌拾捌元整", HOST, LEGAL, FINANCE):
        assert words in text


def expect_verified(case: Page) -> None:
    code = case.locator("dt:has-text('验证码') + dd").inner_text()
    serial = case.locator("dt:has-text('编号') + dd").inner_text()
    case.goto("/verify")
    case.fill("[name=code]", code)
    case.click("button:has-text('核验')")
    expect(case.locator("main")).to_contain_text("这张凭证有效")
    expect(case.locator("main")).to_contain_text(serial)


def expect_in_ledger(page: Page) -> None:
    page.goto("/ledger")
    expect(page.locator("main")).to_contain_text("记-0318")
    with page.expect_download() as download:
        page.click("a:has-text('导出 Excel')")
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "记-0318" in cells
