"""A whole round of a demo school as its people play it: who applies, checks, scores, votes, counts, decides, reads."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.db.work import IS_OPEN, WorkItem
from app.domain import clock
from app.services.accounts.actors import load_actor
from app.services.ballots import openings, votes
from app.services.starting import starts
from app.services.timing import calendars
from tests.browser.players import follow, look, press
from tests.browser.scoring import hand_in_for_the_others
from tests.browser.selection_people import (
    APPLICANT,
    HANDLER,
    LEADER,
    MEMBER,
    OBJECTOR,
    OFFICE,
    PASSPHRASE,
    POINTS,
    REVIEWER,
    RIVAL,
    SCRUTINEERS,
    TITLE,
    VOTER,
    Selection,
)


def open_round(story: Selection) -> None:
    page = story.page(OFFICE)
    page.goto("/rounds")
    look(page)
    follow(page, page.locator("a:has-text('开启评选')").first)
    today = clock.today()
    look(page)
    days = {
        "term_from": today + timedelta(days=60),
        "term_until": today + timedelta(days=700),
        "apply_from": today,
        "apply_until": calendars.national().add_working_days(today, 8).on,
    }
    page.fill("[name=title]", TITLE)
    page.fill("[name=seats]", "5")
    for name, day in days.items():
        page.fill(f"[name={name}]", day.isoformat())
    press(page, "提交")
    look(page)
    page.goto("/rounds")
    follow(page, page.locator(f"a:has-text('{TITLE}')"))
    look(page)


def apply(story: Selection) -> None:
    """Find the round on the phone and apply; the rival and a member do so, too."""
    page = story.page(APPLICANT)
    look(page)
    page.goto("/notifications")
    look(page)
    page.goto("/rounds")
    follow(page, page.locator(f"a:has-text('{TITLE}')"))
    look(page)
    follow(page, page.locator("a:has-text('填写申报表')"))
    look(page)
    page.fill("[name=homeroom_years]", "9")
    page.fill("[name=work]", "带班九年，以班级自主管理见长。")
    page.fill("[name=plan]", "带五位年轻班主任做主题班会。")
    page.fill("[name='materials.0.name']", "带班案例集")
    page.check("[name='materials.0.is_paper']")
    page.check("[name=stays]")
    page.check("[name=agreed]")
    press(page, "提交")
    look(page)
    school = story.round.organization_id
    for name, kind in ((RIVAL, "host"), (MEMBER, "member")):
        filled = {"round": story.round.id, "kind": kind, "homeroom_years": 6, "work": "带班六年。", "agreed": True}
        filled |= {"plan": "带年轻班主任。", "stays": True} if kind == "host" else {"accepts_allocation": True}
        starts.start(story.session, story.actor(name), "host_application", school, filled)


def receive(story: Selection) -> None:
    """Accept all applications at the office; the paper that was announced gets a receipt."""
    page = story.page(OFFICE)
    page.goto("/")
    look(page)
    for name, kind in ((APPLICANT, "主持人"), (RIVAL, "主持人"), (MEMBER, "成员")):
        page = story.task(OFFICE, f"{name} 申报{kind}")
        if name == APPLICANT:
            look(page)
            press(page, "收到，开收据")
            look(page)
            follow(page, page.locator("a:has-text('政教处受理')"))
        press(page, "受理")
    look(page)
    page = story.page(APPLICANT)
    page.goto("/?box=initiated")
    look(page)
    follow(page, page.locator(f".sp-item a:has-text('{APPLICANT}')"))
    look(page)


def go_on_with_fewer(story: Selection) -> None:
    """Let the window close with fewer candidates than seats: the leader decides to go on."""
    story.settle(clock.at(date.fromisoformat(story.round.dates["apply_until"]) + timedelta(days=1), 1))
    page = story.task(LEADER, TITLE)
    look(page)
    page.get_by_label("按现有人选继续").check()
    page.fill("[name=reason]", "两位都够条件。")
    press(page, "提交")
    look(page)


def ask_scrutineers(story: Selection) -> None:
    page = story.task(OFFICE, TITLE)
    look(page)
    for name, keeper in zip(("first", "second", "third"), SCRUTINEERS, strict=True):
        page.select_option(f"[name={name}]", str(story.person(keeper)))
    press(page, "提交")
    look(page)


def score(story: Selection) -> None:
    """Score on the phone; the other members hand in, too."""
    page = story.task(REVIEWER, TITLE)
    look(page)
    for name, points in POINTS.items():
        boxes = page.locator(f"input[aria-label^='{name} ']")
        for number, most in enumerate(points):
            boxes.nth(number).fill(str(most))
    press(page, "提交评议")
    look(page)
    page.goto(f"/rounds/{story.round.id}")
    look(page)
    hand_in_for_the_others(story.session, story.round.instance_id)
    story.settle()


def vote(story: Selection) -> None:
    """Set the passphrases, vote on the phone, and let the days of the vote pass."""
    page = story.page(SCRUTINEERS[0])
    page.goto("/")
    look(page)
    follow(page, page.locator(f".sp-item a:has-text('{TITLE}')").first)
    look(page)
    follow(page, page.locator("a:has-text('去设监票口令')"))
    look(page)
    for name in ("passphrase", "passphrase_again"):
        page.fill(f"[name={name}]", PASSPHRASE)
    press(page, "设好口令")
    look(page)
    ballot = story.collective("vote").id
    for name in SCRUTINEERS[1:]:
        openings.set_passphrase(story.session, story.actor(name), ballot, PASSPHRASE)
    page = story.page(VOTER)
    page.goto("/")
    look(page)
    page = story.task(VOTER, TITLE)
    look(page)
    page.click(f".sp-ballot label:has-text('{APPLICANT}')")
    press(page, "下一步：核对选票")
    look(page)
    press(page, "投出选票")
    look(page)
    vote_for_the_others(story, ballot)
    look(page)
    due_at = story.collective("vote").due_at
    assert due_at is not None
    page.goto(f"/rounds/{story.round.id}")
    expect(page.locator(".sp-stages .is-now")).to_contain_text("投票约 100%")
    look(page)
    story.settle(due_at + timedelta(minutes=1))


def vote_for_the_others(story: Selection, ballot: int) -> None:
    """Let whoever is on the roll and has not voted do so."""
    chosen = [str(story.person(name)) for name in (RIVAL, APPLICANT, APPLICANT)]
    asked = select(WorkItem.assignee_id).where(WorkItem.collective_id == ballot, IS_OPEN)
    for place, person in enumerate(story.all(asked.where(WorkItem.assignee_id != story.person(VOTER)))):
        votes.vote(story.session, load_actor(story.session, person or 0), ballot, [chosen[place % len(chosen)]])


def count(story: Selection) -> None:
    """Count by two scrutineers, each with the own passphrase; the tally is there for the voter."""
    ballot, page = story.collective("vote").id, story.page(SCRUTINEERS[1])
    for name, words in ((SCRUTINEERS[0], "您这一道锁已经打开"), (SCRUTINEERS[1], "计票结果")):
        page = story.page(name)
        page.goto(f"/ballots/{ballot}/count")
        page.fill("[name=passphrase]", PASSPHRASE)
        press(page, "开启选票")
        expect(page.locator("main")).to_contain_text(words)
        look(page)
    confirm(page)
    page = story.page(SCRUTINEERS[0])
    page.goto(f"/ballots/{ballot}/count")
    page.fill("[name=passphrase]", PASSPHRASE)
    press(page, "开启选票")
    confirm(page)
    story.settle()
    page = story.page(VOTER)
    page.goto(f"/ballots/{ballot}")
    expect(page.locator("main")).to_contain_text("计票单")
    look(page)


def confirm(page: Page) -> None:
    page.fill("[name=passphrase]", PASSPHRASE)
    press(page, "确认计票")


def decide(story: Selection) -> None:
    page = story.task(LEADER, TITLE)
    look(page)
    follow(page, page.locator("a:has-text('决定表')").first)
    look(page)
    page = story.task(LEADER, TITLE)
    page.get_by_label(APPLICANT).first.check()
    page.get_by_label(RIVAL).first.check()
    press(page, "定下人选")
    look(page)
    page = story.task(LEADER, TITLE)
    look(page)
    if not page.locator("[name='members.0.person']").count():
        page.click("button[name=_add]")
    page.select_option("[name='members.0.person']", str(story.person(MEMBER)))
    page.select_option("[name='members.0.host']", str(story.person(APPLICANT)))
    press(page, "提交")
    look(page)
    story.settle()


def prepare_notice(story: Selection) -> None:
    page = story.task(OFFICE, TITLE)
    look(page)
    follow(page, page.locator("a:has-text('看公示稿')"))
    look(page)
    page = story.task(OFFICE, TITLE)
    press(page, "提交")


def release_notice(story: Selection) -> None:
    page = story.task(LEADER, TITLE)
    look(page)
    press(page, "发布公示")
    look(page)
    page = story.page(OBJECTOR)
    page.goto("/notices")
    look(page)
    follow(page, page.locator(f"main a:has-text('{TITLE}')").first)
    look(page)


def object_to(story: Selection) -> None:
    """Object on the phone, by real name; the handler looks into it, and the group dismisses it."""
    page = story.page(OBJECTOR)
    follow(page, page.locator("a:has-text('我要提出异议')"))
    look(page)
    page.get_by_label(RIVAL).check()
    page.fill("[name=reason]", "去年的班级获奖名单里没有他的班。")
    press(page, "提出异议")
    look(page)


def look_into_it(story: Selection) -> None:
    page = story.page(HANDLER)
    page.goto("/")
    look(page)
    follow(page, page.locator(".sp-item a:has-text('异议')").first)
    look(page)
    press(page, "认领")
    look(page)
    follow(page, page.locator("a:has-text('打开异议')").first)
    expect(page.locator("main")).to_contain_text(OBJECTOR)
    look(page)
    page = story.task(HANDLER, f"关于{RIVAL}的异议")
    page.fill("[name=gist]", "班级获奖情况是否属实。")
    press(page, "提交")
    look(page)


def hear(story: Selection) -> None:
    """Let the person make a statement on the phone, and the handler write the report."""
    page = story.page(RIVAL)
    page.goto("/")
    look(page)
    follow(page, page.locator(".sp-item a:has-text('异议')").first)
    look(page)
    page.fill("[name=statement]", "证书原件在政教处，可以核对。")
    press(page, "提交")
    page = story.task(HANDLER, f"关于{RIVAL}的异议")
    look(page)
    page.fill("[name=findings]", "查了证书原件，属实。")
    page.get_by_label("不成立").first.check()
    press(page, "提交")
    look(page)


def conclude(story: Selection) -> None:
    """Dismiss the objection in the group; the objector reads the reply."""
    page = story.task(REVIEWER, f"关于{RIVAL}的异议")
    look(page)
    press(page, "不同意")
    look(page)
    story.answer_for_the_others("conclude_objection", "disagree")
    story.settle()
    page = story.task(HANDLER, f"关于{RIVAL}的异议")
    look(page)
    page.fill("[name=reply]", "查了证书原件，获奖属实，异议不成立。")
    press(page, "提交")
    story.settle()
    page = story.page(OBJECTOR)
    page.goto("/objections")
    follow(page, page.locator(f"main a:has-text('对{RIVAL}的异议')"))
    expect(page.locator("main")).to_contain_text("异议不成立")
    look(page)


def fast_forward(story: Selection) -> None:
    page = story.page(OBJECTOR)
    page.goto("/notices")
    follow(page, page.locator(f"main a:has-text('{TITLE}')").first)
    press(page, "快进到公示期满")
    look(page)
    story.settle()


def accept(story: Selection) -> None:
    page = story.page(APPLICANT)
    page.goto("/")
    look(page)
    page = story.task(APPLICANT, f"{APPLICANT} 申报主持人")
    look(page)
    press(page, "接受")
    look(page)
    story.answer_for_the_others("accept_appointment", "accept")
    story.settle()


def read_the_letter(story: Selection) -> None:
    """Find the letter of appointment on the phone, and the end of the round at the office."""
    page = story.page(APPLICANT)
    page.goto("/notifications")
    look(page)
    page.goto(f"/rounds/{story.round.id}")
    look(page)
    page.goto("/?box=initiated")
    follow(page, page.locator(f".sp-item a:has-text('{APPLICANT} 申报主持人')"))
    look(page)
    letter = page.locator("a:has-text('聘书')").first.get_attribute("href")
    assert page.request.get(f"{story.server.address}{letter}").headers["content-type"] == "application/pdf"
    page = story.page(OFFICE)
    page.goto(f"/rounds/{story.round.id}")
    expect(page.locator("main")).to_contain_text("已聘任")
    look(page)


ACTS = (
    open_round,
    apply,
    receive,
    go_on_with_fewer,
    ask_scrutineers,
    score,
    vote,
    count,
    decide,
    prepare_notice,
    release_notice,
    object_to,
    look_into_it,
    hear,
    conclude,
    fast_forward,
    accept,
    read_the_letter,
)
