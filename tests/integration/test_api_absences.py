"""Absences through the API, and what each role sees and may do from sign-in on."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain import clock
from tests.integration.absence_world import ask, publish
from tests.integration.api import Caller, Served

NOBODY = ("teacher", "legal", "other_admin", "district_finance", "city_auditor")


@pytest.fixture
def office(served: Served) -> Served:
    publish(served.school)
    ask(served.school, "host")
    return served


def today(days: int = 0) -> str:
    on: date = clock.today() + timedelta(days=days)
    return on.isoformat()


def set_by(caller: Caller, school: Any, **changes: Any) -> Any:
    body = {"substitute": school.people["finance"], "from": today(), "until": today(2), **changes}
    return caller.post("/absences", body)


def tasks(caller: Caller, **query: Any) -> list[tuple[str, str | None]]:
    items = caller.get("/tasks", **query).get_json()["items"]
    return [(one["element"], one["on_behalf_of"] and one["on_behalf_of"]["name"]) for one in items]


def test_days_count_whole_and_the_task_says_for_whom(office: Served) -> None:
    deputy, finance = office.as_("deputy"), office.as_("finance")
    made = set_by(deputy, office.school)
    assert made.status_code == 201, made.json
    told = made.get_json()
    assert (told["from"], told["until"]) == (f"{today()}T00:00:00+08:00", f"{today(3)}T00:00:00+08:00")
    assert (told["status"], told["principal"]["name"], told["substitute"]["name"]) == ("present", "许文彬", "刘芸")
    assert told["processes"] is None
    assert tasks(finance) == [("first", "许文彬")]
    assert tasks(finance, on_behalf_of=office.school.people["deputy"]) == [("first", "许文彬")]
    assert tasks(finance, on_behalf_of=office.school.people["legal"]) == []
    assert tasks(deputy) == [("first", None)]
    task = finance.task("first")
    assert (task["on_behalf_of"]["name"], task["verdicts"]) == ("许文彬", ["agree", "disagree"])
    done = finance.complete("first", "agree").get_json()
    assert done["task"]["on_behalf_of"]["name"] == "许文彬"
    assert "分管德育副校长（代许文彬）" in {one["position"] for one in done["instance"]["history"]}
    assert tasks(finance, box="done") == [("first", "许文彬")]
    journal = finance.get(f"/journal/{done['instance']['id']}").get_json()["items"]
    entry = next(one for one in journal if one["action"] == "complete")
    assert entry["details"]["for"] == office.school.people["deputy"]


def test_an_instant_and_chosen_processes(office: Served) -> None:
    deputy, school = office.as_("deputy"), office.school
    begin = clock.shanghai(clock.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    told = set_by(deputy, school, **{"from": begin, "processes": ["annual_budget"]}).get_json()
    assert (told["from"], told["status"], told["processes"]) == (begin, "coming", ["annual_budget"])
    local = set_by(deputy, school, **{"from": f"{today(5)}T08:00", "until": today(6)}).get_json()
    assert local["from"] == f"{today(5)}T08:00:00+08:00"
    ended = deputy.post(f"/absences/{told['id']}/end").get_json()
    assert ended["status"] == "cancelled"
    assert deputy.post(f"/absences/{told['id']}/end").status_code == 409
    wrongs: list[dict[str, Any]] = [{"until": "soon"}, {"until": today(-1)}, {"processes": []}]
    for wrong in [*wrongs, {"substitute": school.people["deputy"]}]:
        answer = set_by(deputy, school, **wrong)
        assert answer.status_code == 422, wrong
        assert set(answer.get_json()["errors"]) == set(wrong)


def test_role_by_role(office: Served) -> None:
    """State what each sees of a deputy principal's absence that an administrator set, and may do about it."""
    school = office.school
    admin, principal = office.as_("admin"), {"principal": school.people["deputy"], "reason": "生病住院"}
    for name in ("finance", "teacher", "legal"):
        assert set_by(office.as_(name), school, **principal).status_code in {403, 422}, name
    for name in ("other_admin", "district_admin"):
        answer = set_by(office.as_(name), school, **principal, organization=school.organizations["school"])
        assert answer.status_code in {403, 404}, name
    assert set_by(admin, school, principal=school.people["deputy"]).get_json()["errors"].keys() == {"reason"}
    made = set_by(admin, school, **principal).get_json()
    assert (made["entered_by"]["name"], made["reason"]) == ("韩雪", "生病住院")
    for name in ("deputy", "finance", "admin"):
        assert [one["id"] for one in office.as_(name).get("/absences").get_json()["items"]] == [made["id"]], name
    for name in NOBODY:
        caller = office.as_(name)
        assert caller.get("/absences").get_json()["items"] == [], name
        assert caller.post(f"/absences/{made['id']}/end").status_code == 404, name
    # The substitute sees and does, and may not end it; the host of the case is asked nothing.
    assert tasks(office.as_("finance")) == [("first", "许文彬")]
    assert tasks(office.as_("host")) == []
    assert office.as_("finance").post(f"/absences/{made['id']}/end").status_code == 403
    assert office.as_("deputy").post(f"/absences/{made['id']}/end").get_json()["status"] == "ended"
    assert tasks(office.as_("finance")) == []


def test_whoever_stands_in_claims_for_who_is_away_and_hands_on_in_the_name_of_both(office: Served) -> None:
    school, finance = office.school, office.as_("finance")
    assert set_by(office.as_("deputy"), school).status_code == 201
    task = finance.task("first")
    # Claimed for the deputy: the end of the absence has nothing to take back.
    assert finance.post(f"/tasks/{task['id']}/claim").status_code == 200
    assert tasks(finance) == [("first", "许文彬")]
    assert finance.task("first")["assignee"]["name"] == "许文彬"
    handed = finance.post(
        f"/tasks/{task['id']}/transfer", {"to": school.people["teacher"], "reason": "何老师管场地，请她定。"}
    )
    assert handed.status_code == 200, handed.json
    entry = finance.get(f"/journal/{task['instance']}").get_json()["items"][-1]
    assert (entry["action"], entry["details"]["for"]) == ("transfer", school.people["deputy"])
    assert tasks(office.as_("teacher")) == [("first", None)]
    assert tasks(finance) == []
