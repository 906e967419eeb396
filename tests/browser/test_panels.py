"""A panel scores on one sheet, on a phone as on a desk: totals, drafts that save themselves, conflicts, the score sheet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.db.engine import connect
from tests.browser.looking import faults
from tests.browser.scoring import MEMBER, OPINION, ask, fill, hand_in_for_the_others
from tests.browser.server import Server, running_demo
from tests.browser.windows import DESK, PHONE, enter, resize, window

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: its group would stand in others' lists."""
    with running_demo(built_demo, tmp_path_factory.mktemp("scoring")) as server:
        yield server


@pytest.fixture
def session(demo: Server) -> Iterator[Session]:
    """Return a session on the database of the running demo."""
    engine = connect(f"sqlite:///{demo.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def look(page: Page, width: int) -> None:
    """Look at the open page once for all widths."""
    if width == DESK:
        assert faults(page, set()) == []
        resize(page, width)


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_a_panel_scores_on_one_sheet(chromium: Browser, demo: Server, session: Session, width: int) -> None:
    instance, names = ask(session)
    main = "main"
    with window(chromium, demo.address, width) as page:
        enter(page, MEMBER)
        page.goto("/")
        with page.expect_navigation():
            page.click(".sp-item a:has-text('推荐主持人')")
        expect(page.locator(main)).to_contain_text("您评 3 人（回避 1 人）")
        expect(page.locator(main)).to_contain_text("您本人是候选人，不看也不评。")
        fill(page, names[0], "27", "26", "17", "15.5")
        expect(page.locator("output").first).to_have_text("85.5")
        expect(page.locator("[data-draft-said]")).to_contain_text("已自动保存")
        fill(page, names[1], "31", "22", "16", "14")
        expect(page.locator("output").nth(1)).to_have_text("—")
        page.click("button:has-text('提交评议')")
        expect(page.locator(".sp-err").first).to_contain_text("育人实绩最高 30 分，您填了 31。")
        look(page, width)
        page.click("a:has-text('申报回避')")
        page.get_by_label(names[2]).check()
        page.get_by_label("亲属").check()
        look(page, width)
        page.click("button:has-text('申报回避')")
        expect(page.locator(main)).to_contain_text("您已申报回避（亲属），不评这一位。")
        fill(page, names[0], "27", "26", "17", "15.5")
        fill(page, names[1], "30", "22", "16", "14")
        page.click("button:has-text('提交评议')")
        expect(page.locator(main)).to_contain_text("已评议打分")
        hand_in_for_the_others(session, instance)
        page.goto(f"/cases/{instance}")
        page.click("a:has-text('看评分表')")
        expect(page.locator(main)).to_contain_text(OPINION)
        expect(page.locator(main)).not_to_contain_text(f"对{names[3]}的意见")
        look(page, width)
