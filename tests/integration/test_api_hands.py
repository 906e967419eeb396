"""Claiming, releasing, transferring and asking for opinions by the API."""

from app.domain.vocabulary import Role
from tests.integration.api import Served
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
