"""Browser windows: each is one person's, at one width, and must leave the console silent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize

Scheme = Literal["light", "dark"]
DESK, PHONE, NARROWEST = 1440, 390, 320
HEIGHT = 900
# The browser itself notes answers such as 422 to a form: a page with errors is no fault.
_ANSWER = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
_LOST = "net::ERR_INTERNET_DISCONNECTED"


@contextmanager
def window(
    chromium: Browser, address: str, width: int = DESK, *, has_script: bool = True, may_be_offline: bool = False
) -> Iterator[Page]:
    """Open a window; on the phone's width it is a phone, with a touch screen."""
    context = chromium.new_context(
        base_url=address,
        viewport=ViewportSize(width=width, height=HEIGHT),
        is_mobile=width <= PHONE,
        has_touch=width <= PHONE,
        java_script_enabled=has_script,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: None if _is_answer(message) else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert [words for words in said if not (may_be_offline and _LOST in words)] == []


def _is_answer(message: ConsoleMessage) -> bool:
    return bool(_ANSWER.match(message.text)) and "/static/" not in message.location["url"]


def enter(page: Page, persona: str) -> None:
    """Enter the demo by the card of a persona, and wait for the inbox: what is done before it stands is lost."""
    page.goto("/sign-in")
    with page.expect_navigation():
        page.click(f".sp-person:has-text('{persona} ·')")


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    with page.expect_navigation():
        page.click("main button:has-text('登录')")


def resize(page: Page, width: int) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=HEIGHT))
