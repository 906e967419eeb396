"""The browser, and the demo city behind a real server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import once
from tests.browser.server import Server, running, running_demo


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
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data of a demo as it was built, once for all workers of a run, to be copied."""
    return once.built(tmp_path_factory, "built_demo", _build) / "data"


def _build(folder: Path) -> None:
    with running(folder, "--demo"):
        pass


@pytest.fixture(scope="session")
def demo(built_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run the demo city; tests only read it, or act on cases that no other test needs."""
    with running_demo(built_demo, tmp_path_factory.mktemp("demo")) as server:
        yield server
