"""Returning by the API: targets with who and when, both ways, once for a key, and what is refused."""

from tests.integration.api import Served
from tests.integration.returning import BOOKING


def test_the_api_lists_targets_and_returns_straight_back(served: Served) -> None:
    school = served.school
    school.confirm_budget()
    case = served.filed()
    for name, element in (("host", "host_sign"), ("legal", "legal_sign")):
        assert served.as_(name).complete(element, "sign").status_code == 200
    finance = served.as_("finance")
    task = finance.task("finance_book")
    path = f"/tasks/{task['id']}"
    found = finance.get(f"{path}/return-targets").get_json()
    assert found["barred"] == []
    assert {
        one["to"]: (one["person"], one["is_initiator"], one["is_previous"], one["modes"]) for one in found["items"]
    } == {
        "host_sign": ("周敏", False, False, ["again", "back"]),
        "legal_sign": ("陈国栋", False, True, ["again", "back"]),
        "revise_draft": ("周敏", True, False, ["again", "back"]),
    }
    assert served.as_("legal").get(f"{path}/return-targets").status_code == 403
    assert served.as_("other_legal").get(f"{path}/return-targets").status_code == 404
    body = {"to": "legal_sign", "mode": "back", "reason": "发票抬头请再核对", "revision": task["revision"]}
    assert finance.post(f"{path}/return", body | {"mode": "sideways"}).status_code == 422
    assert list(finance.post(f"{path}/return", body | {"to": "booked"}).get_json()["errors"]) == ["to"]
    assert list(finance.post(f"{path}/return", body | {"reason": ""}).get_json()["errors"]) == ["reason"]
    returned = finance.post(f"{path}/return", body, key="return-1")
    assert (returned.status_code, returned.get_json()["task"]["status"]) == (200, "done")
    assert [one["element"] for one in returned.get_json()["instance"]["open_tasks"]] == ["legal_sign"]
    assert finance.post(f"{path}/return", body, key="return-1").status_code == 200
    assert finance.post(f"{path}/return", body).status_code == 409
    assert finance.get(f"{path}/return-targets").status_code == 409
    assert served.as_("legal").complete("legal_sign", "sign").status_code == 200
    again = finance.task("finance_book")
    assert again["id"] != task["id"]
    booked = {**BOOKING, "originals_checked": True}
    assert finance.complete("finance_book", "accept", values=booked).status_code == 200
    kinds = [event["kind"] for event in served.seen("host", case)["history"]]
    assert {"return", "came_back"} <= set(kinds)


def test_the_api_returns_to_the_initiator_and_the_previous_step_by_name(served: Served) -> None:
    served.school.confirm_budget()
    served.filed()
    host = served.as_("host")
    assert host.complete("host_sign", "sign").status_code == 200
    legal = served.as_("legal")
    task = legal.task("legal_sign")
    assert legal.post(f"/tasks/{task['id']}/return", {"to": "previous", "reason": "请再核对"}).status_code == 200
    task = host.task("host_sign")
    assert host.post(f"/tasks/{task['id']}/return", {"to": "initiator", "reason": "换一张发票"}).status_code == 200
    assert host.task("revise_draft")["status"] == "open"
