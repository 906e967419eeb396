"""The page of a case's diagram: drawn, lit where the case stands, with the logo of its maker in sight."""

import pytest

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
# Who sees a case of each shipped process on the way, in which box, and what its rows say.
SEEN = {
    "expense_approval": ("陈校长", "/", "报销"),
    "annual_budget": ("丁会计", "/", "年度预算"),
    "expense_reversal": ("潘校长", "/", "退款"),
    "semester_plan": ("陆老师", "/", "工作计划"),
}
COVERED = """each => { const { x, y, width, height } = each.getBoundingClientRect();
  return !each.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"""


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("process", SEEN)
def test_a_diagram_is_lit_where_the_case_stands(chromium, demo, process, width):
    persona, box, words = SEEN[process]
    with window(chromium, demo.address, width) as page:
        enter(page, persona)
        page.goto(box)
        page.locator(".sp-item a", has_text=words).first.click()
        page.click("a:has-text('看流程图')")
        page.wait_for_selector("[data-ready]")
        assert page.locator(".djs-shape").count() > 5
        assert page.locator(".djs-shape.sp-is-now").count() == 1
        assert "现在" in page.locator(".sp-mark").all_inner_texts()
        logo = page.locator(".bjs-powered-by")
        logo.scroll_into_view_if_needed()
        assert logo.is_visible()
        assert not logo.evaluate(COVERED)


def test_a_wide_diagram_scrolls_from_where_the_case_stands(chromium, demo):
    persona, box, words = SEEN["expense_approval"]
    with window(chromium, demo.address, PHONE) as page:
        enter(page, persona)
        page.goto(box)
        page.locator(".sp-item a", has_text=words).first.click()
        page.click("a:has-text('看流程图')")
        page.wait_for_selector("[data-ready]")
        scroll = page.locator(".sp-canvas__scroll")
        assert scroll.evaluate("each => each.scrollWidth > each.clientWidth && each.scrollLeft > 0")
        now, place = page.locator(".djs-shape.sp-is-now").bounding_box(), scroll.bounding_box()
        assert now is not None
        assert place is not None
        assert place["x"] <= now["x"]
        assert now["x"] + now["width"] <= place["x"] + place["width"]
        # Words of 12 units in the drawing can be read.
        assert now["height"] >= 0.6 * 80
