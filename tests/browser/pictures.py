"""Take the pictures of the documents from the demo: `python -m tests.browser.pictures`.

Not a test: the demo's dates follow today's, so every run would change the pictures.
"""

import shutil
import tempfile
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from sqlalchemy.orm import Session

from app.db.engine import connect
from app.services.demo import DEMO_PASSWORD
from tests.browser import scoring
from tests.browser.register_pictures import registers
from tests.browser.server import ROOT, Server, running
from tests.browser.windows import DESK, PHONE, enter, sign_in, window

FOLDER = ROOT / "docs" / "images"
MOST_BYTES = 200_000
SCORES = (("27", "26", "17", "15.5"), ("25", "27", "18", "12"), ("26", "24", "15", "13"))
TASK = "跨校主题班会"


def take(page: Page, name: str, width: int, height: int) -> None:
    """Take what stands in a window of that size, so that rail and docked bar lie as on a screen."""
    page.set_viewport_size(ViewportSize(width=width, height=height))
    picture = FOLDER / f"{name}.png"
    page.screenshot(path=picture)
    if picture.stat().st_size > MOST_BYTES:
        message = f"{picture} is larger than {MOST_BYTES} bytes"
        raise ValueError(message)


def desk(chromium: Browser, address: str) -> None:
    with window(chromium, address) as page:
        page.goto("/sign-in")
        take(page, "sign-in", DESK, 940)
        enter(page, "陈校长")
        page.click(f".sp-item a:has-text('{TASK}')")
        take(page, "task", DESK, 940)
        page.click("[value=sign]")
        take(page, "sign", DESK, 900)
        page.context.clear_cookies()
        enter(page, "韩老师")
        page.goto("/rules")
        take(page, "rules", DESK, 940)
        page.context.clear_cookies()
        enter(page, "叶老师")
        page.goto("/ledger")
        take(page, "ledger", DESK, 940)


def away(chromium: Browser, address: str) -> None:
    with window(chromium, address) as page:
        enter(page, "潘校长")
        page.wait_for_selector(".sp-for--deputy")
        take(page, "absence", DESK, 700)


def at_hand(chromium: Browser, address: str) -> None:
    """Take a draft that was found again, own sentences beside an opinion, and what is unread."""
    with window(chromium, address) as page:
        enter(page, "许副校长")
        page.click(f".sp-item a:has-text('{TASK}')")
        page.wait_for_selector("#ask")
        page.goto("/")
        take(page, "unread", DESK, 620)
        page.context.clear_cookies()
        enter(page, "陆老师")
        page.click(".sp-item a:has-text('自信心')")
        page.wait_for_selector("#ask")
        take(page, "drafts", DESK, 760)
    with window(chromium, address, PHONE) as page:
        enter(page, "陆老师")
        page.click(".sp-item a:has-text('自主管理')")
        page.click("[value=return]")
        page.wait_for_selector(".sp-picks button")
        page.locator(".sp-picks button").nth(1).click()
        take(page, "opinions", PHONE, 700)


def printed(chromium: Browser, address: str) -> None:
    with window(chromium, address) as page:
        enter(page, "陈校长")
        take(page, "summaries", DESK, 700)
        page.click(f".sp-item a:has-text('{TASK}')")
        href = page.get_attribute("a:has-text('打印审批单')", "href") or ""
        paper = pypdfium2.PdfDocument(page.request.get(href).body())
        paper[0].render(scale=1.2).to_pil().quantize(32).save(FOLDER / "printing.png", optimize=True)
        paper.close()


def telling(chromium: Browser, address: str) -> None:
    with window(chromium, address) as page:
        enter(page, "刘会计")
        page.goto("/notifications")
        take(page, "notifications", DESK, 700)
        page.context.clear_cookies()
        enter(page, "韩老师")
        page.goto("/notifications/undelivered")
        take(page, "undelivered", DESK, 420)
        page.context.clear_cookies()
        enter(page, "周敏老师")
        page.goto(f"/?box=initiated&q={TASK}")
        page.click(".sp-item a")
        page.locator("#f-text").press_sequentially("请您核对一下金额 @刘")
        page.locator(".sp-pick button").first.scroll_into_view_if_needed()
        page.mouse.wheel(0, 2000)
        page.wait_for_timeout(300)
        take(page, "comments", DESK, 760)


def noticed(chromium: Browser, address: str) -> None:
    """Take a public notice as a teacher sees it."""
    with window(chromium, address) as page:
        enter(page, "周敏老师")
        page.goto("/notices")
        page.locator("tbody th a").first.click()
        page.wait_for_selector(".sp-docs img")
        page.wait_for_timeout(300)
        take(page, "notice", DESK, 900)
        page.locator("a:has-text('我要提出异议')").click()
        page.wait_for_load_state()
        take(page, "objection", DESK, 900)


def phone(chromium: Browser, address: str) -> None:
    with window(chromium, address, PHONE) as page:
        enter(page, "刘会计")
        take(page, "inbox-phone", PHONE, 844)
        page.context.clear_cookies()
        enter(page, "陈校长")
        page.click(f".sp-item a:has-text('{TASK}')")
        take(page, "task-phone", PHONE, 844)


def late(chromium: Browser, address: str) -> None:
    """Take a task that was escalated, and one that nobody holds."""
    with window(chromium, address) as page:
        sign_in(page, "tangshuhua", DEMO_PASSWORD)
        page.click(".sp-item a:has-text('青春期')")
        page.wait_for_selector("#ask")
        take(page, "overdue", DESK, 760)
        page.context.clear_cookies()
        sign_in(page, "shipeng", DEMO_PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/unheld")
        page.click("a:has-text('指定办理人')")
        page.wait_for_selector("#who")
        take(page, "unheld", DESK, 760)


def handed_on(chromium: Browser, address: str) -> None:
    """Take what can be done with a task, opinions that were given, who read a copy, and a hand-over."""
    with window(chromium, address) as page:
        enter(page, "陆老师")
        page.click(".sp-item a:has-text('自信心')")
        page.click("a:has-text('更多')")
        page.wait_for_selector(".sp-ways")
        take(page, "hands", DESK, 820)
        page.context.clear_cookies()
        sign_in(page, "xielan", DEMO_PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/inbox?box=done&q=微活动")
        page.click(".sp-item a")
        page.wait_for_selector("#answers")
        take(page, "opinions-asked", DESK, 760)
        page.context.clear_cookies()
        sign_in(page, "hejing", DEMO_PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/inbox?box=initiated&q=轮岗")
        page.click(".sp-item a")
        page.locator("#copies").scroll_into_view_if_needed()
        take(page, "copies", DESK, 760)
        page.context.clear_cookies()
        sign_in(page, "jiangfan", DEMO_PASSWORD)
        page.wait_for_selector("h1")
        page.goto("/people?q=汤越")
        page.click("main a:has-text('汤越')")
        page.click("a:has-text('办交接')")
        page.wait_for_selector("#which")
        take(page, "hand-over", DESK, 760)


def sent_back(chromium: Browser, address: str) -> None:
    """Take where a case may be returned to, and its path before it is filed."""
    with window(chromium, address) as page:
        enter(page, "刘会计")
        page.click(".sp-item a:has-text('家庭教育指导用书')")
        page.click("a:has-text('退回到前面的某一步')")
        page.check("[name=mode][value=back]")
        page.fill("[name=reason]", "发票抬头少了“小学”两个字，请核对后直接交回。")
        take(page, "returns", DESK, 930)
        page.context.clear_cookies()
        enter(page, "周敏老师")
        page.goto("/start/semester_plan")
        page.select_option("[name=studio]", index=1)
        page.click("button:has-text('按填的内容再看')")
        page.locator("section[aria-labelledby=path]").scroll_into_view_if_needed()
        take(page, "path-ahead", DESK, 760)


def scored(chromium: Browser, server: Server) -> None:
    """Take the sheet on which a member of a panel scores, and the score sheet that comes of it."""
    engine = connect(f"sqlite:///{server.output.parent / 'data' / 'shenpi.sqlite3'}")
    with Session(engine) as session, window(chromium, server.address) as page:
        instance, names = scoring.ask(session)
        enter(page, scoring.MEMBER)
        page.click(".sp-item a:has-text('推荐主持人')")
        for name, points in zip(names, SCORES, strict=False):
            scoring.fill(page, name, *points)
        page.wait_for_selector("[data-draft-said]:not(:empty)")
        take(page, "panel", DESK, 760)
        page.click("button:has-text('提交评议')")
        page.wait_for_selector(".sp-list")
        scoring.hand_in_for_the_others(session, instance)
        page.goto(f"/cases/{instance}")
        page.click("a:has-text('看评分表')")
        page.wait_for_selector("#lines")
        take(page, "score-sheet", DESK, 760)
    engine.dispose()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "--demo") as server,
        sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        scored(chromium, server)
        desk(chromium, server.address)
        away(chromium, server.address)
        at_hand(chromium, server.address)
        printed(chromium, server.address)
        late(chromium, server.address)
        telling(chromium, server.address)
        noticed(chromium, server.address)
        handed_on(chromium, server.address)
        sent_back(chromium, server.address)
        phone(chromium, server.address)
        registers(chromium, server.address, take)
        chromium.close()


if __name__ == "__main__":
    main()
