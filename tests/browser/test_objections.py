"""An objection on a phone and at a desk: raised with a file, read by its handler alone, answered, and nobody the wiser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.services.demo import DEMO_PASSWORD
from tests.browser.looking import faults
from tests.browser.papers import invoice_photo
from tests.browser.server import Server, running_demo
from tests.browser.windows import PHONE, enter, sign_in, window

pytestmark = pytest.mark.browser
OBJECTOR, PRINCIPAL = "周敏老师", "陈校长"
REASON = "公示里的获奖时间和证书不一致，我看过原件。"
GIST = "获奖时间和证书是否一致。"


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: the objections that others see are told apart."""
    with running_demo(built_demo, tmp_path_factory.mktemp("objecting")) as server:
        yield server


def follow(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator(f"main a:has-text('{words}')").first.click()


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator(f"main button:has-text('{words}')").first.click()


def as_handler(page: Page) -> None:
    """Sign in as who handles objections at the school."""
    sign_in(page, "xuan", DEMO_PASSWORD)


def test_a_teacher_objects_on_a_phone(chromium: Browser, demo: Server, tmp_path: Path) -> None:
    with window(chromium, demo.address, PHONE) as page:
        enter(page, OBJECTOR)
        page.goto("/notices")
        follow(page, "优秀班主任拟表彰名单的公示")
        follow(page, "我要提出异议")
        assert faults(page, set()) == []
        press(page, "提出异议")
        expect(page.locator(".sp-err").first).to_contain_text("请选公示名单里的一位")
        page.locator("main input[type=radio]").last.check()
        page.fill("[name=reason]", REASON)
        page.locator("main input[type=file]").first.set_input_files(invoice_photo(tmp_path))
        press(page, "提出异议")
        expect(page.locator("main")).to_contain_text("这一页只有您和核查的人看得到")
        expect(page.locator("main")).to_contain_text("拍照.png")
        assert faults(page, {"png"}) == []
        page.goto("/inbox?box=initiated")
        expect(page.locator("main")).not_to_contain_text("的异议")
        page.goto("/objections")
        expect(page.locator("main h2").first).to_have_text("我提出的异议")
        assert faults(page, set()) == []


def test_its_handler_opens_it_and_nobody_else(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address) as page:
        as_handler(page)
        page.locator("main a:has-text('的异议')").first.click()
        page.wait_for_url("**/tasks/*")
        press(page, "认领")
        follow(page, "打开异议")
        expect(page.locator("main")).to_contain_text(REASON)
        expect(page.locator("main")).to_contain_text("周敏")
        assert faults(page, {"png"}) == []
        address = page.url
        with page.expect_navigation():
            page.click(".sp-back")
    with window(chromium, demo.address) as page:
        enter(page, PRINCIPAL)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404


def test_who_objects_may_withdraw_it(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address) as page:
        enter(page, OBJECTOR)
        page.goto("/objections")
        follow(page, "的异议")
        press(page, "撤回异议")
        expect(page.locator("main")).to_contain_text("异议已经撤回")
        expect(page.locator(".sp-state").first).to_have_text(re.compile("已撤回"))
