"""A whole round of a demo school, from the call to the letters of appointment, with the eyes of all who take part."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.selection_people import Selection
from tests.browser.selection_story import ACTS
from tests.browser.server import running_demo

pytestmark = pytest.mark.browser


def test_a_round_from_the_call_to_the_letter(chromium: Browser, built_demo: Path, tmp_path: Path) -> None:
    with running_demo(built_demo, tmp_path) as server:
        story = Selection(chromium, server)
        with story.open():
            for act in ACTS:
                act(story)
