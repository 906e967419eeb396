"""What rows and cards tell of each case beside its title."""

import pytest

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_rows_show_a_few_lines_of_the_form_and_stay_in_their_place(chromium, demo, width):
    with window(chromium, demo.address, width) as page:
        enter(page, "陈校长")
        row = page.locator(".sp-item", has_text="报销").first
        facts = row.locator(".sp-item__facts")
        assert "工作室" in facts.inner_text()
        assert "收款人" in facts.inner_text()
        assert "金额" not in facts.inner_text()
        assert row.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        outer, inner = row.bounding_box(), facts.bounding_box()
        assert outer is not None
        assert inner is not None
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
