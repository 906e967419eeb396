"""Claiming, releasing, transferring and asking for opinions by the API."""

from app.domain.vocabulary import Role
from tests.integration.api import Served
from tests.integration.plans import plan_values, staff_office
from tests.integration.prepared import grant


def test_the_api_claims_releases_and_transfers(served: Served) -> None:
    school = served.school
    school.confirm_budget()
    grant(school, "deputy", Role.FINANCE_OFFICER)
    case = served.filed()
    for name, element in (("host", "host_sign"), ("legal", "legal_sign")):
        assert served.as_(name).complete(element, "sign").status_code == 200
    finance, deputy = served.as_("finance"), served.as_("deputy")
    task = finance.task("finance_book")
    assert (task["kind"], task["assignee"]) == ("task", None)
    taken = finance.post(f"/tasks/{task['id']}/claim", {"revision": task["revision"]}, key="claim-1")
    assert taken.status_code == 200
    assert taken.get_json()["task"]["assignee"] == {"id": school.people["finance"], "name": "刘芸"}
    assert finance.post(f"/tasks/{task['id']}/claim", {"revision": task["revision"]}, key="claim-1").get_json()["task"]
    late = deputy.post(f"/tasks/{task['id']}/claim")
    assert (late.status_code, "刘芸" in late.get_json()["detail"]) == (409, True)
    assert deputy.get("/tasks", box="todo").get_json()["items"] == []
    assert finance.post(f"/tasks/{task['id']}/release").status_code == 200
    assert deputy.post(f"/tasks/{task['id']}/claim").status_code == 200
    wrong = deputy.post(f"/tasks/{task['id']}/transfer", {"to": school.people["other_host"], "reason": "x"})
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["to"])
    given = deputy.post(f"/tasks/{task['id']}/transfer", {"to": school.people["teacher"], "reason": "原件在何静处"})
    assert given.status_code == 200
    mine = served.as_("teacher").get("/tasks", box="todo").get_json()["items"][0]
    assert (mine["handed_by"]["name"], mine["handed_reason"]) == ("许文彬", "原件在何静处")
    told = [event for event in served.seen("host", case)["history"] if event["kind"] == "transfer"]
    assert [(event["person"]["name"], event["comment"]) for event in told] == [("许文彬", "原件在何静处")]
    assert told[0]["people"] == [{"id": school.people["teacher"], "name": "何静"}]


def test_the_api_asks_for_opinions_and_keeps_them_on_record(served: Served) -> None:
    school = served.school
    staff_office(school)
    case = served.as_("host").file(school, plan_values(school), "semester_plan").get_json()
    office, finance, legal = (served.as_(name) for name in ("teacher", "finance", "legal"))
    task = office.task("office_review")
    path = f"/tasks/{task['id']}"
    asked = office.post(f"{path}/delegate", {"to": school.people["finance"], "reason": "预算合适吗"})
    assert (asked.status_code, asked.get_json()["task"]["status"]) == (200, "waiting")
    assert [one["kind"] for one in asked.get_json()["instance"]["open_tasks"]] == ["task", "delegated"]
    opinion = finance.task("office_review")
    assert (opinion["kind"], opinion["verdicts"], opinion["form"], opinion["handed_by"]["name"]) == (
        "delegated",
        ["agree", "disagree", "remark"],
        None,
        "何静",
    )
    answer = {"revision": opinion["revision"], "verdict": "remark", "comment": "可以"}
    assert finance.post(f"/tasks/{opinion['id']}/complete", answer | {"values": {"budget": 1}}).status_code == 422
    assert finance.post(f"/tasks/{opinion['id']}/complete", answer).status_code == 200
    assert finance.post(f"/tasks/{opinion['id']}/complete", answer).status_code == 409
    signer = {"people": [school.people["legal"]], "when": "after"}
    assert office.post(f"{path}/add-signer", signer | {"when": "later"}).status_code == 422
    assert office.post(f"{path}/add-signer", signer).status_code == 200
    assert office.complete("office_review", "agree").get_json()["task"]["status"] == "waiting"
    assert legal.complete("office_review", "agree").status_code == 200
    history = [
        (one["kind"], one["verdict"], one["person"]["name"], one["comment"])
        for one in served.seen("host", case)["history"]
    ]
    assert history[1:] == [
        ("delegate", None, "何静", "预算合适吗"),
        ("give_opinion", "remark", "刘芸", "可以"),
        ("add_signer", None, "何静", None),
        ("agree", "agree", "何静", None),
        ("give_opinion", "agree", "陈国栋", None),
    ]
    recalled = office.post(f"{path}/recall")
    assert recalled.status_code == 409
