"""What pages and API tell of a task of many people: enough to work it, and of a confidential one never who said what."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.work import Notification
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.collective import collective_history
from app.services.reading import cases
from app.services.timing import ticks
from tests.integration.api import Served
from tests.integration.conftest import Browser, Site
from tests.integration.panel_world import place_of, publish, seat, start_panel, task_of
from tests.integration.prepared import grant
from tests.integration.school import School

MEMBERS = ("legal", "deputy", "finance")
SECRET = "此人不宜，另有缘由"


def panel(school: School, **attributes: Any) -> None:
    publish(school, **attributes)
    for name in MEMBERS:
        grant(school, name, Role.LEADERSHIP_GROUP_MEMBER)


def filed(served: Served) -> int:
    values = {"topic": "推荐名班主任"}
    case = served.as_("teacher").file(served.school, values, "panel")
    assert case.status_code == 201, case.get_json()
    found: int = case.get_json()["id"]
    return found


def own_task(served: Served, name: str) -> dict[str, Any]:
    [item] = [one for one in served.as_(name).get("/tasks").get_json()["items"] if one["element"] == "judge"]
    found: dict[str, Any] = served.as_(name).get(f"/tasks/{item['id']}").get_json()
    return found


def answer(served: Served, name: str, verdict: str, **body: Any) -> Any:
    task = own_task(served, name)
    given = {"revision": task["revision"], "verdict": verdict, "comment": SECRET, **body}
    return served.as_(name).post(f"/tasks/{task['id']}/complete", given)


def everything(served: Served, name: str, instance: int) -> str:
    """Return all that a reader is told of a case by the API."""
    caller, task = served.as_(name), task_of(served.school.session, instance)
    addresses = (f"/instances/{instance}", f"/journal/{instance}", f"/collectives/{task.id}", "/tasks?box=done")
    more = (f"/collectives/{task.id}/answers", f"/collectives/{task.id}/missing", "/notifications")
    return "".join(json.dumps(caller.get(one).get_json(), ensure_ascii=False) for one in (*addresses, *more))


def test_who_has_answered_is_told_so(served: Served) -> None:
    panel(served.school)
    filed(served)
    task = own_task(served, "legal")
    given = {"revision": task["revision"], "verdict": "agree"}
    caller = served.as_("legal")
    assert caller.post(f"/tasks/{task['id']}/complete", given).status_code == 200
    again = caller.post(f"/tasks/{task['id']}/complete", {**given, "verdict": "disagree"})
    assert (again.status_code, "您已经办过" in again.get_json()["detail"]) == (409, True)


def test_a_member_works_an_ordinary_todo(served: Served) -> None:
    panel(served.school, form="opinion")
    instance = filed(served)
    task = own_task(served, "legal")
    assert task["verdicts"] == ["agree", "disagree", "abstain"]
    assert task["values"] == {}
    assert [field["key"] for field in task["form"]["components"]] == ["opinion", "candidate"]
    assert {name: task["collective"][name] for name in ("closing", "secrecy", "roll", "answered", "status")} == {
        "closing": "all",
        "secrecy": "named",
        "roll": 3,
        "answered": 0,
        "status": "open",
    }
    done = answer(served, "legal", "agree", values={"opinion": "扎实"}).get_json()
    assert done["task"]["status"] == "done"
    [waiting] = done["instance"]["open_tasks"]
    assert (waiting["id"], waiting["kind"], waiting["element"]) == (None, "collective", "judge")
    assert done["instance"]["collectives"][0]["answered"] == 1
    assert [one["id"] for one in served.as_("deputy").get(f"/instances/{instance}").get_json()["open_tasks"]] != [None]


def test_who_said_what_is_told_of_a_named_one_once_it_is_closed(served: Served) -> None:
    panel(served.school)
    instance = filed(served)
    for name in MEMBERS[:2]:
        assert answer(served, name, "agree").status_code == 200
    task_id = task_of(served.school.session, instance).id
    teacher = served.as_("teacher")
    assert SECRET not in everything(served, "teacher", instance)
    assert teacher.get(f"/collectives/{task_id}/answers").status_code == 404
    assert [one["name"] for one in teacher.get(f"/collectives/{task_id}/missing").get_json()["items"]] == ["刘芸"]
    answer(served, "finance", "disagree")
    case = teacher.get(f"/instances/{instance}").get_json()
    assert (case["outcome"], case["collectives"][0]["counts"]) == ("was_agree", {"agree": 2, "disagree": 1})
    told = [
        (one["person"]["name"], one["verdict"])
        for one in case["history"]
        if one["element"] == "judge" and one["verdict"]
    ]
    assert sorted(told) == sorted([("陈国栋", "agree"), ("许文彬", "agree"), ("刘芸", "disagree")])
    given = teacher.get(f"/collectives/{task_id}/answers", limit=2).get_json()
    assert [one["comment"] for one in given["items"]] == [SECRET, SECRET]
    assert given["next"] is not None


def test_the_history_tells_the_first_answers_in_their_order(served: Served) -> None:
    school = served.school
    panel(school)
    instance = filed(served)
    latest_first = sorted(MEMBERS, key=school.people.__getitem__, reverse=True)
    for name in latest_first:
        answer(served, name, "agree")
    view = cases.case_view(school.session, school.actor("admin"), instance)
    told = [one.person_id for one in collective_history.happenings(school.session, view) if one.person_id]
    assert told == [school.people[name] for name in latest_first]


def test_of_a_confidential_one_nobody_learns_who_said_what(served: Served) -> None:
    panel(served.school, secrecy="confidential", about="initiator")
    instance = filed(served)
    for name in MEMBERS[:2]:
        assert answer(served, name, "agree").status_code == 200
    task_id = task_of(served.school.session, instance).id
    missing = f"/collectives/{task_id}/missing"
    assert [one["name"] for one in served.as_("admin").get(missing).get_json()["items"]] == ["刘芸"]
    assert {served.as_(name).get(missing).status_code for name in ("teacher", "legal", "finance")} == {404}
    answer(served, "finance", "disagree")
    place = place_of(served.school.session, instance, served.school.people["finance"]).id
    for name in ("teacher", "admin", "legal", "district_admin"):
        told = everything(served, name, instance)
        own = 1 if name == "legal" else 0
        assert SECRET not in told, name
        assert told.count("disagree") <= own, name
        assert served.as_(name).get(f"/tasks/{place}").status_code == 404, name
        case = served.as_(name).get(f"/instances/{instance}").get_json()
        assert case["values"]["judge"].keys() == {"verdict", "roll", "answered", "recused", "closed_by"}
        assert case["collectives"][0]["counts"] is None
        assert all(one["person"] is None for one in case["history"] if one["element"] == "judge")


def test_a_confidential_place_is_nobody_elses_to_find(served: Served) -> None:
    panel(served.school, secrecy="confidential")
    filed(served)
    task = own_task(served, "legal")
    revision = {"revision": task["revision"], "reason": SECRET}
    acts = {
        "complete": {"revision": task["revision"], "verdict": "agree"},
        "recuse": revision,
        "return": {**revision, "to": "ask"},
        "draft": {"values": {}},
    }
    for name in ("teacher", "admin", "deputy", "district_admin"):
        caller = served.as_(name)
        assert caller.get(f"/tasks/{task['id']}").status_code == 404, name
        for act, body in acts.items():
            assert caller.post(f"/tasks/{task['id']}/{act}", body).status_code == 404, (name, act)
    assert served.as_("legal").get(f"/tasks/{task['id']}").status_code == 200


def test_a_member_steps_aside_by_that_act_alone(served: Served) -> None:
    panel(served.school)
    filed(served)
    refused = answer(served, "legal", "recused")
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["verdict"])
    assert own_task(served, "legal")["status"] == "open"


def test_counts_of_many_confidential_answers_are_published(served: Served) -> None:
    panel(served.school, secrecy="confidential")
    for name in ("host", "member"):
        grant(served.school, name, Role.LEADERSHIP_GROUP_MEMBER)
    instance = filed(served)
    for name in (*MEMBERS, "host", "member"):
        answer(served, name, "agree")
    case = served.as_("teacher").get(f"/instances/{instance}").get_json()
    assert case["values"]["judge"]["counts"] == case["collectives"][0]["counts"] == {"agree": 5}


def test_a_member_steps_aside_by_the_api(served: Served) -> None:
    panel(served.school)
    instance = filed(served)
    task = own_task(served, "legal")
    address = f"/tasks/{task['id']}/recuse"
    assert served.as_("legal").post(address, {"reason": ""}).status_code == 422
    assert served.as_("deputy").post(address, {"reason": "亲属"}).status_code == 403
    assert served.as_("other_admin").post(address, {"reason": "亲属"}).status_code == 404
    done = served.as_("legal").post(address, {"reason": "亲属", "revision": task["revision"]})
    assert (done.status_code, done.get_json()["task"]["status"]) == (200, "recused")
    assert served.as_("legal").post(address, {"reason": "亲属"}).status_code == 409
    assert task_of(served.school.session, instance).recused == 1


def test_who_is_missing_is_reminded_once_a_day(served: Served) -> None:
    panel(served.school)
    instance = filed(served)
    answer(served, "legal", "agree")
    address = f"/instances/{instance}/remind"
    assert served.as_("deputy").post(address, {}).status_code == 403
    assert served.as_("teacher").post(address, {}).status_code == 200
    assert served.as_("teacher").post(address, {}).status_code == 409
    ticks.tick(served.school.session)
    assert reminded(served.school) == {"deputy", "finance"}


def reminded(school: School) -> set[str]:
    school.session.rollback()
    rows = school.session.scalars(select(Notification.person_id).where(Notification.text.contains("还在等您办")))
    names = {person_id: name for name, person_id in school.people.items()}
    return {names[person_id] for person_id in rows}


def test_the_tick_reminds_once_before_the_deadline(served: Served) -> None:
    school = served.school
    panel(school, due="working_days(3)", remind="1")
    start = clock.at(clock.today().replace(year=2026, month=11, day=23), hour=10)
    with clock.frozen(start):
        instance = filed(served)
        task = task_of(school.session, instance)
        assert task.remind_at == clock.at(start.date().replace(day=25), hour=9)
        answer(served, "legal", "agree")
        assert ticks.tick(school.session)["reminders"] == 0
    for _again in range(2):
        with clock.frozen(start + timedelta(days=2)):
            ticks.tick(school.session)
    assert reminded(school) == {"deputy", "finance"}
    assert school.session.scalar(select(func.count(Notification.id)).where(Notification.text.contains("还在等"))) == 2


@pytest.fixture
def asked(site: Site) -> tuple[Site, School, int]:
    assert site.world is not None
    panel(site.world, secrecy="confidential", closing="quorum", quorum="2/3", majority="2/3")
    return site, site.world, start_panel(site.world)


def test_a_member_answers_on_the_page(asked: tuple[Site, School, int]) -> None:
    site, school, instance = asked
    browser = site.browser("legal")
    item = place_of(school.session, instance, school.people["legal"])
    page = browser.get(f"/tasks/{item.id}").text
    for words in ("3 人中已有 0 人办理", "成员的 2/3", "保密：谁怎样答复", "申报回避"):
        assert words in page
    sent = browser.post(f"/tasks/{item.id}", {"revision": "1", "verdict": "agree", "comment": SECRET})
    assert sent.status_code == 302
    assert "您办完了" in browser.get(f"/tasks/{item.id}").text
    assert "已办理" in browser.get("/inbox?box=done").text
    told = site.browser("teacher").get(f"/cases/{instance}").text
    assert "3 人中已有 1 人办理" in told
    assert SECRET not in told
    assert "陈国栋 同意" not in told


def test_a_member_steps_aside_on_the_page(asked: tuple[Site, School, int]) -> None:
    site, school, instance = asked
    browser = site.browser("legal")
    item = place_of(school.session, instance, school.people["legal"])
    address = f"/tasks/{item.id}/recuse"
    assert "回避的理由" in browser.get(address).text
    assert browser.post(address, {"revision": "1", "reason": ""}).status_code == 422
    assert browser.post(address, {"revision": "1", "reason": "亲属"}).status_code == 302
    assert browser.post(address, {"revision": "1", "reason": "亲属"}).status_code == 302
    assert task_of(school.session, instance).recused == 1
    assert "回避" in browser.get(f"/tasks/{item.id}").text


def test_the_office_sees_who_is_missing_and_the_result_without_small_counts(asked: tuple[Site, School, int]) -> None:
    site, school, instance = asked
    task_id = task_of(school.session, instance).id
    sheet = f"/collectives/{task_id}"
    names = ("陈国栋", "许文彬", "刘芸")
    office = site.browser("admin")
    assert all(name in office.get(sheet).text for name in names)
    assert site.browser("teacher").get(sheet).status_code == 404
    for name in MEMBERS:
        _agree(site.browser(name), school, instance, name)
    page = office.get(f"/cases/{instance}").text
    assert "评议结束：同意" in page
    assert "不足 5 人" in page
    assert site.browser("other_admin").get(sheet).status_code == 404


def _agree(browser: Browser, school: School, instance: int, name: str) -> None:
    item = place_of(school.session, instance, school.people[name])
    browser.get(f"/tasks/{item.id}")
    assert browser.post(f"/tasks/{item.id}", {"revision": "1", "verdict": "agree"}).status_code == 302


def test_a_large_roll_costs_a_page_no_more(asked: tuple[Site, School, int]) -> None:
    site, school, _instance = asked
    seat(school, 120)
    instance = start_panel(school)
    page = site.browser("teacher").get(f"/cases/{instance}").text
    assert "123 人中已有 0 人办理" in page
    assert "评委7" not in page
