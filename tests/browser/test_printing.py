"""The approval sheet from the pages: printed, scanned from paper, and checked without signing in."""

import pytest

from tests.browser.windows import DESK, PHONE, enter, window
from tests.printed import scanned, words_of

pytestmark = pytest.mark.browser
SEEN = "each => getComputedStyle(each).display !== 'none' && each.getBoundingClientRect().height > 0"


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_a_sheet_is_printed_from_task_and_case_and_checked_from_its_code(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陈校长")
        page.locator(".sp-item a", has_text="报销").first.click()
        title = page.locator("h1").inner_text()
        link = page.locator("a:has-text('打印审批单')")
        assert link.get_attribute("target") == "_blank"
        paper = page.request.get(link.get_attribute("href") or "")
        assert (paper.status, paper.headers["content-type"]) == (200, "application/pdf")
        content = paper.body()
        assert "".join(title.split()) in words_of(content)
        page.goto("/inbox?box=done")
        page.locator(".sp-item a", has_text="报销").first.click()
        page.click("a:has-text('看这件事的全部')")
        assert page.locator("a:has-text('打印审批单')").first.is_visible()
    with window(chromium, demo.address, width) as anybody:
        anybody.goto(scanned(content))
        words = anybody.locator("main").inner_text()
        assert "这张审批单属实，之后没有再办理。" in words
        assert "经费报销审批单" in words
        assert "陈国栋" not in words


def test_a_case_page_prints_what_a_file_needs(chromium, demo):
    with window(chromium, demo.address) as page:
        enter(page, "陈校长")
        page.locator(".sp-item a", has_text="报销").first.click()
        page.emulate_media(media="print")
        for words in ("办到哪一步", "报销单", "明细", "办理经过"):
            assert page.locator(f"h2:has-text('{words}')").first.evaluate(SEEN)
        for gone in (".sp-rail", ".sp-top", ".sp-back", ".sp-links", "[value=sign]"):
            assert not page.locator(gone).first.evaluate(SEEN), gone
