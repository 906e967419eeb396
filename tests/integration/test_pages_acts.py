"""The pages by which people claim, hand on and ask for opinions, without scripts."""

import re

import pytest
from sqlalchemy import select

from app.db.people import Position
from app.db.work import WorkItem
from app.services.accounts import positions
from app.services.starting import starts
from tests.integration.conftest import Browser, Site
from tests.integration.plans import plan_values, staff_office
from tests.integration.school import School


@pytest.fixture
def plan(site: Site) -> int:
    """Start a plan that two people of the office may review; return the task."""
    school = _school(site)
    staff_office(school)
    place = school.organizations["school"]
    case = starts.start(school.session, school.actor("host"), "semester_plan", place, plan_values(school)).instance
    return school.open_item(case).id


def _school(site: Site) -> School:
    assert site.world is not None
    return site.world


def revision(browser: Browser, path: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', browser.get(path).text)
    assert found
    return found[1]


def act(browser: Browser, task: int, name: str, **fields: object) -> str:
    """Do an act as its page posts it; return the page that follows."""
    path = f"/tasks/{task}/more/{name}"
    answer = browser.post(path, {"revision": revision(browser, path), **fields})
    if answer.status_code != 302:
        return answer.text
    return browser.get(answer.location).text


def test_a_queue_offers_claiming_first(site: Site, plan: int) -> None:
    teacher, member = site.browser("teacher"), site.browser("member")
    page = teacher.get(f"/tasks/{plan}").text
    assert "先认领" in page
    assert page.count("btn-primary") == 1
    page = act(teacher, plan, "claim")
    assert "已认领" in page
    assert "先认领" not in page
    assert "政教处 · 待认领" not in member.get("/inbox").text
    late = member.post(f"/tasks/{plan}/more/claim", {"revision": "1"})
    assert (late.status_code, "何静已经认领" in late.text) == (409, True)
    assert teacher.post(f"/tasks/{plan}/more/claim", {"revision": "1"}).status_code == 302
    assert "放回" in teacher.get(f"/tasks/{plan}/more").text
    act(teacher, plan, "release")
    assert "政教处 · 待认领" in member.get("/inbox").text


def test_transferring_asks_for_a_colleague_and_a_reason(site: Site, plan: int) -> None:
    school, teacher = _school(site), site.browser("teacher")
    page = act(teacher, plan, "transfer", to=school.people["finance"], reason=" ")
    assert "请写明理由" in page
    assert "请选一位同事" in act(teacher, plan, "transfer", reason="出差")
    assert "刘芸" in act(teacher, plan, "transfer", _search="1", q="刘")
    assert "已转办" in act(teacher, plan, "transfer", to=school.people["finance"], reason="刘芸熟悉预算")
    inbox = site.browser("finance").get("/inbox").text
    assert ("何静转办" in inbox, "刘芸熟悉预算" in inbox) == (True, True)
    assert "转给您办" in site.browser("finance").get(f"/tasks/{plan}").text


def test_colleagues_of_the_same_position_are_listed_first(site: Site, plan: int) -> None:
    page = site.browser("teacher").get(f"/tasks/{plan}/more/transfer").text
    listed = re.findall(r'name="to" value="(\d+)"', page)
    school = _school(site)
    office = {school.people["teacher"], school.people["member"]}
    assert {int(one) for one in listed[:2]} == office


def test_an_opinion_is_asked_given_and_shown(site: Site, plan: int) -> None:
    school, teacher, finance = _school(site), site.browser("teacher"), site.browser("finance")
    assert "已请同事" in act(teacher, plan, "delegate", to=school.people["finance"], reason="预算合适吗")
    assert "等意见" in teacher.get("/inbox?box=done").text
    waiting = teacher.get(f"/tasks/{plan}").text
    assert "现在等刘芸的意见" in waiting
    asked = re.search(r'href="(/tasks/\d+)"', finance.get("/inbox").text)
    assert asked
    page = finance.get(asked[1]).text
    assert ("请您出意见" in page, "只说意见" in page, "更多：" in page) == (True, True, False)
    seen = revision(finance, asked[1])
    missing = finance.post(asked[1], {"revision": seen, "verdict": "remark", "comment": ""})
    assert "理由" in missing.text
    done = finance.post(asked[1], {"revision": seen, "verdict": "remark", "comment": "场地费偏高。"})
    assert "已把意见告诉何静" in finance.get(done.location).text
    page = teacher.get(f"/tasks/{plan}").text
    assert ("请来的意见" in page, "场地费偏高。" in page) == (True, True)


def test_signers_are_added_and_recalled(site: Site, plan: int) -> None:
    school, teacher = _school(site), site.browser("teacher")
    people = [school.people["finance"], school.people["legal"]]
    assert "请选先请他们还是办完再请" in act(teacher, plan, "add-signer", people=people)
    assert "已加签" in act(teacher, plan, "add-signer", people=people, when="after")
    assert "收回" in teacher.get(f"/tasks/{plan}/more").text
    assert "已收回" in act(teacher, plan, "recall")
    assert "已经请过" not in act(teacher, plan, "add-signer", people=people, when="before")
    assert "现在等" in teacher.get(f"/tasks/{plan}").text


def test_a_signature_offers_none_of_it(site: Site) -> None:
    school = _school(site)
    school.confirm_budget()
    item = school.open_item(school.start_expense()).id
    page = site.browser("host").get(f"/tasks/{item}/more").text
    assert "签字只能由规定的人" in page
    assert "more/transfer" not in page
    host = site.browser("host")
    assert host.get(f"/tasks/{item}/more/transfer").status_code == 403
    assert host.post(f"/tasks/{item}/more/transfer", {"to": school.people["member"], "reason": "x"}).status_code == 403


def test_a_leavers_tasks_are_offered_to_hand_over(site: Site, plan: int) -> None:
    school, admin = _school(site), site.browser("admin")
    act(site.browser("teacher"), plan, "transfer", to=school.people["finance"], reason="刘芸熟悉预算")
    leaver, place = school.people["finance"], school.organizations["school"]
    assert "名下的事" in admin.get(f"/people/{leaver}?organization={place}").text
    positions.end_position(school.session, school.actor("admin"), _post(school, leaver))
    # The task went back by itself, since its person is not of the school any more.
    assert "没有要交接的事" in admin.get(f"/people/{leaver}/hand-over").text
    act(site.browser("teacher"), plan, "transfer", to=school.people["deputy"], reason="许文彬看")
    path = f"/people/{school.people['deputy']}/hand-over"
    page = admin.get(path).text
    assert ("交接哪些" in page, "checked" in page) == (True, True)
    assert "请选一位同事" in admin.post(path, {"tasks": plan, "reason": "调离"}).text
    done = admin.post(path, {"tasks": plan, "to": school.people["member"], "reason": "调离"})
    assert "已把 1 件交给李若涵" in admin.get(done.location).text
    assert "韩雪转办" in site.browser("member").get("/inbox").text


def test_a_copy_shows_who_read_it_and_a_reminder_how_often(site: Site, plan: int) -> None:
    school, host = _school(site), site.browser("host")
    case = school.session.get_one(WorkItem, plan).instance_id
    host.get(f"/cases/{case}")
    people = {"people": [school.people["finance"], school.people["legal"]]}
    assert host.post(f"/cases/{case}/copy", people).status_code == 302
    assert "0 / 2 人看过" in host.get(f"/cases/{case}").text
    site.browser("finance").get(f"/cases/{case}")
    page = host.get(f"/cases/{case}").text
    assert ("1 / 2 人看过" in page, "还没看" in page) == (True, True)
    asked = host.get(f"/cases/{case}/acts/remind").text
    assert ("何静" in asked, "李若涵" in asked, "催过" in asked) == (True, True, False)
    host.post(f"/cases/{case}/acts/remind", {})
    assert "催过 1 次" in host.get(f"/cases/{case}").text
    assert "催过 1 次" in host.get(f"/cases/{case}/acts/remind").text
    assert "提醒了" in host.get(f"/cases/{case}").text
    assert "催过 1 次" in site.browser("teacher").get("/inbox").text


def _post(school: School, person: int) -> int:
    return school.session.scalars(select(Position.id).where(Position.person_id == person)).one()
