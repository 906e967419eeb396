"""A host proposes a change of the studio; an administrator hands posts over and the principal confirms."""

import pytest
from playwright.sync_api import Page, expect

from app.domain import clock
from app.services.demo import DEMO_PASSWORD
from tests.browser.papers import invoice_pdf
from tests.browser.windows import DESK, PHONE, enter, sign_in, window

pytestmark = pytest.mark.browser
DAY = f"{clock.today().year + 1}-02-01"
POSTS = {DESK: ("finance_officer", "傅昕", "秦舒"), PHONE: ("deputy_principal", "袁巧云", "鲍琳")}


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f".sp-verdict button:has-text('{words}')")


def agree(page: Page, words: str) -> None:
    page.goto(f"/?q={words}")
    page.click(".sp-item a")
    with page.expect_navigation():
        page.click("[name=verdict][value=agree]")


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_a_host_mends_a_proposal_sees_its_way_and_withdraws_it(chromium, demo, width):
    words = "主持人由周敏换成李若涵"
    with window(chromium, demo.address, width) as host:
        enter(host, "周敏老师")
        host.goto("/start/studio_change")
        host.check("[name=kind][value=host]")
        host.wait_for_selector("[name=new_host]")
        for name, text in {"new_host": "没有这人", "from_on": DAY, "reason": "支教一年。"}.items():
            host.fill(f"[name={name}]", text)
        host.check("[name=agreed]")
        press(host, "提交")
        expect(host.locator(".sp-err").first).to_contain_text("没有找到“没有这人”")
        host.fill("[name=new_host]", "李若涵")
        host.check("[name=host_stays]")
        press(host, "提交")
        expect(host.locator("h1")).to_contain_text(words)
        host.click("a:has-text('看流程图')")
        host.wait_for_selector("[data-ready]")
        assert host.locator(".djs-shape.sp-is-now").count() == 1
        host.go_back()
        host.click("a:text-is('撤回')")
        press(host, "撤回")
        expect(host.locator(".sp-head")).to_contain_text("已撤回")


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_posts_are_handed_over_and_confirmed(chromium, demo, width, tmp_path):
    post, leaver, successor = POSTS[width]
    words = f"由{leaver}换成{successor}"
    with window(chromium, demo.address, width) as admin, window(chromium, demo.address, width) as principal:
        sign_in(admin, "renqiang", DEMO_PASSWORD)
        admin.goto("/start/post_change")
        admin.select_option(
            "[name=leaver]", label=admin.locator(f"[name=leaver] option:has-text('{leaver}')").inner_text()
        )
        admin.check(f"[name=posts][value={post}]")
        admin.fill("[name=successor]", successor)
        admin.fill("[name=from_on]", DAY)
        admin.set_input_files("[name=document]", invoice_pdf(tmp_path))
        press(admin, "提交")
        expect(admin.locator("h1")).to_contain_text(words)
        sign_in(principal, "baiyu", DEMO_PASSWORD)
        agree(principal, words)
        expect(principal.locator(".sp-note").first).to_contain_text("已同意")
        admin.goto(f"/?box=initiated&q={words}")
        expect(admin.locator(".sp-list")).to_contain_text("已办结")
