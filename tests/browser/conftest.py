"""The browser, and the demo city behind a real server."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.server import Server, running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Launch the browser; a module's own, as two of the driver cannot run at once in one thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run the demo city; tests only read it, or act on cases that no other test needs."""
    with running(tmp_path_factory.mktemp("demo"), "--demo") as server:
        yield server
