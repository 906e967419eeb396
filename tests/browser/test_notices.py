"""A public notice: read on a phone, written, released and proven with a photograph, changed, and run to its end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import faults
from tests.browser.papers import invoice_photo
from tests.browser.server import Server, running_demo
from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
READER, OFFICE, LEADER = "周敏老师", "陆老师", "陈校长"
SHOWN = "优秀班主任拟表彰名单的公示"
TITLE = "关于首批校级骨干班主任拟聘名单的公示"


@pytest.fixture(scope="module", name="demo")
def own_demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a demo for this module alone: its clock is moved."""
    with running_demo(built_demo, tmp_path_factory.mktemp("noticing")) as server:
        yield server


def submit(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f"main button:has-text('{words}')")


def answer(page: Page) -> None:
    """Give the first answer of a task, or hand a form in."""
    with page.expect_navigation():
        page.locator(".sp-verdict button").first.click()


def follow(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator(f"main a:has-text('{words}')").first.click()


def test_a_teacher_reads_it_on_a_phone(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address, PHONE) as page:
        enter(page, READER)
        page.goto("/profile")
        follow(page, "公示")
        follow(page, SHOWN)
        expect(page.locator(".sp-redhead")).to_contain_text("请在公示期内以实名向督导室提出")
        expect(page.locator("h2").first).to_have_text(re.compile("公示期第 . 天，共 5 天"))
        expect(page.locator(".sp-days .is-end, .sp-days .is-today")).not_to_have_count(0)
        assert page.locator(".sp-docs img").evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
        assert page.locator("a:has-text('要改公示')").count() == 0
        assert faults(page, set()) == []


def test_an_office_writes_it_the_leader_releases_it_and_a_photograph_proves_it(
    chromium: Browser, demo: Server, tmp_path: Path
) -> None:
    with window(chromium, demo.address, DESK) as page:
        enter(page, OFFICE)
        page.goto("/start/school_notice")
        page.fill("[name=title]", TITLE)
        page.fill("[name=intro]", "经个人申报、领导小组评议，拟聘下列同志。现予公示。")
        page.select_option("[name='names.0.id']", index=3)
        page.fill("[name='names.0.line']", "骨干班主任")
        answer(page)
        page.goto("/")
        follow(page, TITLE)
        follow(page, "看公示稿")
        follow(page, "改稿")
        page.fill("[name=signed_by]", "德育工作领导小组")
        submit(page, "存稿")
        expect(page.locator(".sp-redhead__sign")).to_contain_text("德育工作领导小组")
        follow(page, "改稿")
        assert faults(page, set()) == []
        page.set_viewport_size({"width": DESK, "height": 900})
        follow(page, "看公示稿")
        follow(page, "回到待办")
        answer(page)
    with window(chromium, demo.address, DESK) as page:
        enter(page, LEADER)
        follow(page, TITLE)
        expect(page.locator("a:has-text('看公示稿')")).to_be_visible()
        answer(page)
    with window(chromium, demo.address, PHONE) as page:
        enter(page, OFFICE)
        page.goto("/notices")
        follow(page, TITLE)
        submit(page, "交张贴证明")
        expect(page.locator(".sp-err").first).to_contain_text("请上传一张照片")
        page.fill("[name=board]", "教学楼公示栏")
        page.set_input_files("input[capture]", invoice_photo(tmp_path))
        submit(page, "交张贴证明")
        expect(page.locator(".sp-docs").first).to_contain_text("教学楼公示栏")


def test_a_change_keeps_it_up_until_it_is_released_anew(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address, DESK) as page:
        enter(page, OFFICE)
        page.goto("/notices")
        follow(page, SHOWN)
        follow(page, "要改公示")
        submit(page, "退回拟稿")
        expect(page.locator(".sp-err").first).to_contain_text("请写明为什么要改")
        assert faults(page, set()) == []
        page.set_viewport_size({"width": DESK, "height": 900})
        page.fill("[name=reason]", "一位老师带的班写错了")
        submit(page, "退回拟稿")
        page.goto("/")
        expect(page.locator(f".sp-item a:has-text('{SHOWN}')")).to_be_visible()
    with window(chromium, demo.address, PHONE) as page:
        enter(page, READER)
        page.goto("/notices")
        expect(page.locator("tr", has_text=SHOWN)).to_contain_text("公示中")


def test_the_demo_runs_to_the_end_of_it_and_the_certificate_is_there(chromium: Browser, demo: Server) -> None:
    with window(chromium, demo.address, PHONE) as page:
        enter(page, READER)
        page.goto("/notices")
        follow(page, TITLE)
        submit(page, "快进到公示期满")
        expect(page.locator(".sp-note").first).to_contain_text("公示已经结束")
        paper = page.locator("a:has-text('公示证明')").get_attribute("href")
        certificate = page.request.get(f"{demo.address}{paper}")
        assert (certificate.status, certificate.headers["content-type"]) == (200, "application/pdf")
        assert page.locator("text=快进到公示期满").count() == 0
