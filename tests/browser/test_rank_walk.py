"""A rank from the application to the certificate: teacher, office, panel, principal, district and city at work."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.rank_people import Walk
from tests.browser.rank_story import ACTS
from tests.browser.server import running_demo

pytestmark = pytest.mark.browser


def test_a_rank_from_the_application_to_the_certificate(chromium: Browser, built_demo: Path, tmp_path: Path) -> None:
    with running_demo(built_demo, tmp_path) as server:
        walk = Walk(chromium, server)
        with walk.open():
            walk.begin()
            for act in ACTS:
                act(walk)
