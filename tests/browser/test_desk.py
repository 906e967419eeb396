"""What makes daily work light: drafts that save themselves, own sentences, unread marks, single keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import DESK, PHONE, enter, window

pytestmark = pytest.mark.browser
WIDTHS = pytest.mark.parametrize("width", [DESK, PHONE])
START = "/start/semester_plan"


def told(page: Page):
    return page.locator("[data-draft-said]")


@WIDTHS
def test_what_is_typed_saves_itself_and_is_found_on_another_device(chromium, demo, width):
    goals = f"在 {width} 宽的屏幕上写的目标。"
    with window(chromium, demo.address, width) as first, window(chromium, demo.address, PHONE) as second:
        for page in (first, second):
            enter(page, "周敏老师")
            page.goto(START)
        first.fill("[name=goals]", goals)
        expect(told(first)).to_have_text(re.compile(r"已自动保存 \d\d:\d\d"))
        # The other device had the form open before: it is told, and chooses.
        second.fill("[name=results]", "预期成果两份。")
        expect(told(second)).to_contain_text("另一台设备")
        told(second).locator("button:has-text('看那一份')").click()
        expect(second.locator("[name=goals]")).to_have_value(goals)
        expect(second.locator(".sp-note").first).to_contain_text("的草稿")
        second.click("button:has-text('丢弃草稿')")
        expect(second.locator(".sp-note").first).to_contain_text("已丢弃草稿")
        expect(second.locator("[name=goals]")).to_have_value("")
        first.fill("[name=goals]", "这里填的。")
        told(first).locator("button:has-text('用这里填的')").click()
        expect(told(first)).to_contain_text("已自动保存")
        first.goto(START)
        first.click("button:has-text('丢弃草稿')")


def test_offline_it_says_so_and_saves_later(chromium, demo):
    with window(chromium, demo.address, may_be_offline=True) as page:
        enter(page, "苏老师")
        page.goto(START)
        page.route("**/start/**", lambda route: route.abort("internetdisconnected"))
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.fill("[name=goals]", "断了网也不丢。")
        expect(told(page)).to_contain_text("没有保存")
        page.unroute("**/start/**")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(told(page)).to_contain_text("已自动保存")
        page.goto(START)
        expect(page.locator("[name=goals]")).to_have_value("断了网也不丢。")
        page.click("button:has-text('丢弃草稿')")


@WIDTHS
def test_own_sentences_are_one_tap_away(chromium, demo, width):
    words = f"同意，{width} 起按计划办。"
    with window(chromium, demo.address, width) as page:
        enter(page, "陆老师")
        page.goto("/profile")
        page.click("a:has-text('常用意见')")
        page.fill("#f-text", words)
        page.click("button:has-text('添上')")
        expect(page.locator(f"input[value='{words}']")).to_be_visible()
        page.goto("/")
        page.locator(".sp-item a", has_text="审核").first.click()
        page.wait_for_url("**/tasks/*")
        task = page.url
        if width == PHONE:
            page.click("[name=verdict][value=return]")
        page.locator(".sp-picks button", has_text=words).click()
        expect(page.locator("[name=comment]")).to_have_value(words)
        expect(told(page)).to_contain_text("已自动保存")
        page.goto(task)
        expect(page.locator("[name=comment]")).to_have_value(words)
        with page.expect_navigation():
            page.click("button:has-text('丢弃草稿')")
        page.goto("/profile/opinions")
        page.locator("li", has=page.locator(f"input[value='{words}']")).locator("[name=delete]").click()
        expect(page.locator(f"input[value='{words}']")).to_have_count(0)


@WIDTHS
def test_what_was_not_opened_has_a_dot(chromium, demo, width):
    persona = "丁会计" if width == DESK else "潘校长"
    with window(chromium, demo.address, width) as page:
        enter(page, persona)
        unread = page.locator(".sp-item.is-unread")
        before = unread.count()
        assert before > 0
        title = unread.first.locator("a").inner_text()
        expect(unread.first.locator(".sp-dot")).to_be_visible()
        with page.expect_navigation():
            unread.first.locator("a").click()
        page.goto("/")
        expect(page.locator(".sp-item.is-unread")).to_have_count(before - 1)
        assert title.strip() not in page.locator(".sp-item.is-unread").all_inner_texts()


def _turn(page: Page, words: str) -> None:
    """Press a button, and wait for the page that it leads to: keys pressed meanwhile would be lost."""
    with page.expect_navigation():
        page.click(f"button:has-text('{words}')")


def test_keys_move_open_and_can_be_switched_off(chromium, demo):
    with window(chromium, demo.address) as page:
        enter(page, "陈校长")
        links = page.locator(".sp-item__what a")
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("/")
        expect(page.locator("[type=search]")).to_be_focused()
        # What is typed is typed: no key acts in a field.
        page.keyboard.type("jk?v")
        expect(page.locator("[type=search]")).to_have_value("jk?v")
        page.goto("/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/tasks/*")
        page.wait_for_load_state()
        page.keyboard.press("v")
        expect(page.locator(".sp-verdict button").first).to_be_focused()
        page.keyboard.press("c")
        expect(page.locator("[name=comment]")).to_be_focused()
        page.locator("h1").click()
        page.keyboard.press("?")
        page.wait_for_url("**/keyboard")
        _turn(page, "关掉快捷键")
        page.goto("/")
        page.keyboard.press("j")
        expect(page.locator(".sp-item__what a").first).not_to_be_focused()
        page.goto("/keyboard")
        _turn(page, "打开快捷键")
        page.keyboard.press("g")
        page.keyboard.press("i")
        page.wait_for_url(re.compile(r"/$"))


def test_the_keys_are_listed_on_the_phone_too(chromium, demo):
    with window(chromium, demo.address, PHONE) as page:
        enter(page, "陈校长")
        page.goto("/profile")
        page.click("a:has-text('键盘')")
        expect(page.locator("main")).to_contain_text("先按 g 再按 i：待办")
