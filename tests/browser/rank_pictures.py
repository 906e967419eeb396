"""Take the pictures of a review of ranks and its filing while it is played: `python -m tests.browser.rank_pictures`.

Not a test: the demo's dates follow today's, so every run would change the pictures.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import rank_story
from tests.browser.pictures import take
from tests.browser.rank_people import Walk
from tests.browser.server import running
from tests.browser.windows import DESK, PHONE

Act = Callable[[Walk], None]


def _at(walk: Walk, name: str, path: str) -> Page:
    page = walk.page(name)
    page.goto(path)
    return page


def applying(walk: Walk) -> None:
    take(_at(walk, "teacher", "/start/rank_application"), "rank-application", PHONE, 1400)


def voting(walk: Walk) -> None:
    take(_at(walk, "first", f"/rank-reviews/{walk.review.id}/votes"), "rank-votes", PHONE, 700)


def auditing(walk: Walk) -> None:
    take(_at(walk, "district_clerk", f"/filings/{walk.run('district')}"), "filing-rows", DESK, 900)


def correcting(walk: Walk) -> None:
    page = walk.task("office", "职级备案")
    page.locator("#f-rows").scroll_into_view_if_needed()
    take(page, "filing-correction", PHONE, 844)


# What is taken before which act.
BEFORE: Mapping[Act, Act] = {
    rank_story.apply: applying,
    rank_story.vote: voting,
    rank_story.send_back: auditing,
    rank_story.correct: correcting,
}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "--demo") as server,
        sync_playwright() as played,
    ):
        browser = played.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        walk = Walk(browser, server)
        with walk.open():
            walk.begin()
            for act in rank_story.ACTS[: rank_story.ACTS.index(rank_story.correct) + 1]:
                if act in BEFORE:
                    BEFORE[act](walk)
                act(walk)
        browser.close()


if __name__ == "__main__":
    main()
