"""Pages: what each weighs with nothing cached, and how soon Chromium has it ready, on the demo city."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

from bench.databases import Database
from bench.figures import Figure
from tests.browser.server import running
from tests.browser.windows import enter, window

ROUNDS, SHORT_ROUNDS = 7, 1
YARDSTICK, YARDSTICK_NAME = "/healthz", "最小的答复"
PERSONA = "周敏老师"
PAGES = {
    "登录": "/sign-in",
    "待办": "/",
    "已办": "/inbox?box=done",
    "发起": "/start",
    "填报销": "/start/expense_approval",
    "台账": "/ledger",
    "预算": "/budgets",
    "规则": "/rules",
    "通知": "/notifications",
    "我的": "/profile",
    "核对凭证": "/verify",
}
# Reached from a list: the first row's page, and from a case its drawing.
FROM_LISTS = {"办理": "/", "一件事": "/inbox?box=done"}
FIRST_ROW, DRAWING = ".sp-item a", "a[href$='/diagram']"
READY = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass(frozen=True)
class Visit:
    """One opening of a page: requests, bytes over the wire, milliseconds until it is loaded."""

    requests: int
    size: int
    ready: float


def run(database: Database, *, short: bool) -> list[Figure]:
    """Measure every page once: they do not depend on the product of the database."""
    if database.engine.dialect.name != "sqlite":
        return []
    with (
        tempfile.TemporaryDirectory(prefix="shenpi-bench-") as folder,
        running(Path(folder), "--demo") as server,
        sync_playwright() as playwright,
    ):
        program, options = shutil.which("chromium"), ["--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        try:
            return _Tour(chromium, server.address, SHORT_ROUNDS if short else ROUNDS).figures()
        finally:
            chromium.close()


class _Tour:
    """Opens each page in a fresh browser that is signed in and has nothing cached."""

    def __init__(self, chromium: Browser, address: str, rounds: int) -> None:
        self._chromium, self._address, self._rounds = chromium, address, rounds
        with window(chromium, address) as page:
            enter(page, PERSONA)
            self._paths = PAGES | {name: self._first(page, start) for name, start in FROM_LISTS.items()}
            page.goto(self._paths["一件事"])
            self._paths["流程图"] = page.locator(DRAWING).first.get_attribute("href") or ""
            self._signed_in: Any = page.context.storage_state()

    def figures(self) -> list[Figure]:
        """Measure all pages beside the smallest answer."""
        bare = self._median(YARDSTICK)
        return [self._figure(name, path, bare.ready) for name, path in self._paths.items()]

    def _figure(self, name: str, path: str, bare: float) -> Figure:
        found = self._median(path)
        notes = {"大小": f"{found.size / 1024:.0f} kB", "请求": str(found.requests)}
        return Figure("页面", name, "—", found.ready, bare, YARDSTICK_NAME, notes=notes)

    def _first(self, page: Any, start: str) -> str:
        page.goto(start)
        return page.locator(FIRST_ROW).first.get_attribute("href") or ""

    def _median(self, path: str) -> Visit:
        visits = sorted((self._visit(path) for _ in range(self._rounds)), key=lambda visit: visit.ready)
        return visits[len(visits) // 2]

    def _visit(self, path: str) -> Visit:
        context = self._chromium.new_context(base_url=self._address, storage_state=self._signed_in)
        try:
            page = context.new_page()
            requests: list[Request] = []
            page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108 - the driver marks its handlers
            page.goto(path, wait_until="networkidle")
            sizes = [request.sizes() for request in requests]
            size = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
            return Visit(len(sizes), size, page.evaluate(READY))
        finally:
            context.close()
