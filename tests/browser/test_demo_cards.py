"""The demo's cards: one click enters, and what waits is what the card says."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.windows import PHONE, window

pytestmark = pytest.mark.browser


def test_every_card_keeps_what_it_says(chromium, demo):
    with window(chromium, demo.address, PHONE) as page:
        page.goto("/sign-in")
        cards = page.locator(".sp-person b").all_inner_texts()
        assert len(cards) >= 8
        for card in cards:
            page.goto("/sign-in")
            page.click(f".sp-person:has-text('{card}')")
            expect(page.locator("h1")).to_have_text("待办")
            said = re.search(r"(\d+) 件", card)
            page.wait_for_selector(".sp-item" if said else ".sp-empty")
            assert page.locator(".sp-item").count() == (int(said[1]) if said else 0), card
            page.context.clear_cookies()


def test_the_guide_can_be_followed(chromium, demo):
    with window(chromium, demo.address) as page:
        page.goto("/sign-in")
        steps = page.locator(".sp-door__steps li").all_inner_texts()
        assert [
            bool(re.search(words, step)) for words, step in zip(("签字", "签字", "入账", "PDF"), steps, strict=True)
        ]
