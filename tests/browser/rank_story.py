"""A review of ranks as its people play it: who applies, verifies, votes, determines, signs, audits, corrects, files, reads."""

from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.domain.ranks import RankReviewStage
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.completions import Completion
from tests.browser.players import follow, look, press
from tests.browser.rank_people import Walk

REASON = "任职证明缺最近一个学年的，请补上。"


def apply(walk: Walk) -> None:
    """Read what the own file reaches, and apply on the phone with what it fills in."""
    page = walk.page("teacher")
    page.goto("/start/rank_application")
    expect(page.locator("main")).to_contain_text("够得上哪一档职级")
    expect(page.locator("#eligibility")).to_contain_text("的条件")
    look(page)
    page.fill("[name='evidence.0.condition']", "任班主任年限")
    page.fill("[name='evidence.0.name']", "任职证明")
    page.check("[name='evidence.0.is_paper']")
    page.fill("[name=summary]", "带班以来坚持每周一次主题班会，家访覆盖全班。")
    page.check("[name=agreed]")
    press(page, "提交")
    expect(page.locator("main")).to_contain_text("核对材料")
    look(page)


def verify(walk: Walk) -> None:
    page = walk.task("office", walk.name)
    look(page)
    page.fill("[name=seen_on]", clock.today().isoformat())
    page.check("[name=is_original]")
    with page.expect_navigation():
        page.click("[name=verdict][value=accept]")
    walk.settle()


def vote(walk: Walk) -> None:
    """Vote on the sheet: against only for a reason, and what is typed stays; the others vote, too."""
    for name, verdict in (("first", "disagree"), ("second", "agree")):
        page = walk.page(name)
        page.goto(f"/rank-reviews/{walk.review.id}")
        look(page)
        follow(page, page.locator("a:has-text('打开评审表')"))
        look(page)
        with page.expect_navigation():
            page.click(f"main [name=verdict][value={verdict}]")
        if verdict == "disagree":
            expect(page.locator(".sp-err")).to_contain_text("请写一句理由")
            look(page)
            page.fill("main textarea", "案例只有两篇。")
            with page.expect_navigation():
                page.click(f"main [name=verdict][value={verdict}]")
        expect(page.locator("main")).to_contain_text("都投完了")
    case = walk.application.instance_id
    for item_id in walk.all(select(WorkItem.id).where(WorkItem.instance_id == case, IS_OPEN)):
        item = walk.session.get_one(WorkItem, item_id)
        revision, actor = item.revision, load_actor(walk.session, item.assignee_id or 0)
        walk.session.rollback()
        completions.complete(walk.session, actor, item_id, Completion(revision, "agree"))
    walk.settle()


def determine(walk: Walk) -> None:
    page = walk.task("principal", walk.name)
    look(page)
    with page.expect_navigation():
        page.click("[name=verdict][value=agree]")
    walk.settle()


def sign(walk: Walk) -> None:
    """Let the window close and the notice hang; the principal signs the list on the phone."""
    walk.settle(clock.at(date.fromisoformat(walk.review.dates["apply_until"]) + timedelta(days=1), 1))
    case = walk.review.instance_id
    if walk.review.stage == RankReviewStage.NOTICING:
        walk.answer("office", case, "submit")
        walk.answer("principal", case, "accept")
        walk.settle(clock.now() + timedelta(days=40))
    page = walk.task("principal", "职级评审")
    look(page)
    walk.sign("principal", "职级评审")
    page.goto(f"/rank-reviews/{walk.review.id}")
    look(page)


def audit(walk: Walk, where: str, verdict: str, reason: str = "") -> None:
    """Let the clerk of a bureau write a verdict and hand it in, and another person confirm it."""
    page = walk.page(f"{where}_clerk")
    page.goto(f"/filings/{walk.run(where)}")
    look(page)
    rows = page.locator("form:has([name=row])")
    rows.locator(f"tr:has-text('{walk.name}') [name=row]").check()
    rows.locator(f"[name=verdict][value={verdict}]").check()
    rows.locator("[name=reason]").fill(reason)
    press(page, "写上审核意见")
    walk.verdict(f"{where}_clerk", "职级", "submit")
    walk.verdict(f"{where}_reviewer", "职级", "accept")


def send_back(walk: Walk) -> None:
    audit(walk, "district", "return", REASON)


def correct(walk: Walk) -> None:
    """Find the row that came back with its reason on the phone; the principal signs again."""
    page = walk.task("office", "职级备案")
    expect(page.locator("#f-rows")).to_contain_text(f"{walk.name}")
    expect(page.locator("#f-rows")).to_contain_text(f"退回：{REASON}")
    expect(page.locator("#f-rows li")).to_have_count(1)
    look(page)
    page.fill("[name='rows.0.note']", "补上了盖章的任职证明。")
    with page.expect_navigation():
        page.click("[name=verdict][value=submit]")
    walk.settle()
    walk.sign("principal", "职级备案")


def pass_up(walk: Walk) -> None:
    audit(walk, "district", "accept")
    walk.verdict("district_clerk", "职级", "submit")
    page = walk.task("district_leader", "职级")
    look(page)
    walk.verdict("district_leader", "职级", "agree")


def file(walk: Walk) -> None:
    audit(walk, "city", "accept")


def read(walk: Walk) -> None:
    """See the rank in effect on the phone, and open its certificate."""
    page = walk.page("teacher")
    page.goto(f"/ranks/people/{walk.person('teacher')}")
    row = page.locator("tr:has-text('现在的')")
    expect(row).to_have_count(1)
    look(page)
    paper = row.locator("a:has-text('看证书 PDF')").get_attribute("href")
    assert page.request.get(f"{walk.server.address}{paper}").headers["content-type"] == "application/pdf"


ACTS = (apply, verify, vote, determine, sign, send_back, correct, pass_up, file, read)
