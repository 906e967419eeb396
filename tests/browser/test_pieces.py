"""The pieces in a browser: no message under the strict policy, nothing for axe, nothing wider than a phone."""

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from werkzeug.serving import make_server

from tests.browser.pieces_app import create_pieces_app

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = ["task", "inbox", "fill", "sign", "signin", "error", "diagram"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_pieces_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def opened(chromium: Browser, url: str, width: int, *, has_script: bool = True) -> Iterator[Page]:
    viewport = ViewportSize(width=width, height=900)
    context = chromium.new_context(
        viewport=viewport, java_script_enabled=has_script, locale="zh-CN", reduced_motion="reduce"
    )
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(url)
    if page.locator("[data-diagram]").count():
        page.wait_for_selector("[data-ready]")
    yield page
    context.close()
    assert messages == []


def findings(page: Page) -> list[str]:
    """Run axe; its script comes in past the page's policy, through the driver."""
    page.evaluate(AXE.read_text("utf-8") + "; undefined")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    options = json.dumps({"runOnly": {"type": "tag", "values": tags}})
    violations = page.evaluate(f"axe.run(document, {options}).then(result => result.violations)")
    return [f"{found['id']}: {node['html']}" for found in violations for node in found["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(chromium, address, name):
    with opened(chromium, f"{address}/{name}", 1440) as page:
        for width in (1440, 390):
            page.set_viewport_size(ViewportSize(width=width, height=900))
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert findings(page) == [], f"{width} {scheme}"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_narrowest_phone(chromium, address, name):
    with opened(chromium, f"{address}/{name}", 320) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", PAGES)
def test_controls_are_large_enough_for_a_thumb(chromium, address, name):
    small = """() => [...document.querySelectorAll('a.btn, button, select, .sp-choice, .sp-tabs a, .sp-chips a, input.form-control')]
        .filter(each => each.getClientRects().length && each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""
    with opened(chromium, f"{address}/{name}", 390) as page:
        assert page.evaluate(small) == []


def test_icons_are_drawn(chromium, address):
    with opened(chromium, f"{address}/task", 1440) as page:
        box = page.locator(".sp-rail li use").first.evaluate("each => each.getBBox().width")
        assert box > 0


def test_rows_come_and_go_and_the_total_follows(chromium, address):
    with opened(chromium, f"{address}/fill", 1440) as page:
        page.fill("[name='items.1.amount']", "120.5")
        expect(page.locator("output")).to_have_text("2,120.50")
        page.click("button[name='_add']")
        page.wait_for_selector("[name='items.2.name']")
        page.wait_for_function("document.activeElement.name === 'items.2.name'")
        page.fill("[name='items.2.amount']", "1")
        page.click("button[name='_remove'][value='items.0']")
        page.wait_for_selector("[name='items.2.name']", state="detached")
        expect(page.locator("output")).to_have_text("121.50")


def test_rows_come_without_a_script(chromium, address):
    with opened(chromium, f"{address}/fill", 390, has_script=False) as page:
        page.click("button[name='_add']")
        assert page.locator("[name='items.2.name']").count() == 1


def test_a_choice_redraws_the_form(chromium, address):
    with opened(chromium, f"{address}/fill", 1440) as page:
        page.fill("[name=payee]", "周敏")
        page.check("[name=asset][value=yes]")
        page.wait_for_selector("[name=place]")
        assert page.evaluate("document.activeElement.value") == "yes"


def test_chosen_pictures_are_shown(chromium, address, tmp_path):
    picture = tmp_path / "票.png"
    picture.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
            "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
        )
    )
    with opened(chromium, f"{address}/fill", 390) as page:
        page.set_input_files("input[capture]", picture)
        page.wait_for_selector(".sp-preview img[src^='data:image/png']")


def test_the_diagram_says_in_words_where_it_stands(chromium, address):
    with opened(chromium, f"{address}/diagram", 1440) as page:
        page.wait_for_selector("[data-ready]")
        assert page.locator(".sp-mark").all_inner_texts() == ["已办", "现在"]
        assert page.locator(".bjs-powered-by").is_visible()
