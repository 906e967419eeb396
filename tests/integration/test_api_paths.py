"""The path ahead by the API: before a case is filed, with what is typed so far, and while it runs."""

from tests.integration.api import Served


def test_the_api_foresees_a_case_before_and_after_it_is_filed(served: Served) -> None:
    school = served.school
    school.confirm_budget()
    host, place = served.as_("host"), school.organizations["school"]
    body = {"organization": place, "values": {"studio": school.studio, "amount": "not a field", "purpose": 7}}
    answer = host.post("/processes/expense_approval/path", body)
    assert answer.status_code == 200
    steps = answer.get_json()["items"]
    assert [(one["element"], one["kind"], one["certainty"]) for one in steps] == [
        ("host_sign", "ahead", "expected"),
        ("legal_sign", "ahead", "expected"),
        ("finance_book", "ahead", "expected"),
        ("booked", "ahead", "expected"),
    ]
    legal = steps[1]
    assert (legal["handlers"]["names"], legal["handlers"]["count"], legal["working_days"]) == (["陈国栋"], 1, 3)
    assert {(one["answer"], tuple(one["to"])) for one in legal["otherwise"]} == {
        ("退回", ("revise_draft",)),
        ("不同意", ("refused",)),
    }
    assert served.as_("finance").post("/processes/expense_approval/path", body).status_code == 403
    assert served.as_("other_host").post("/processes/expense_approval/path", body).status_code == 404
    assert host.post("/processes/nothing/path", body).status_code == 404
    assert host.post("/processes/expense_approval/path", {"organization": place, "values": []}).status_code == 422
    case = served.filed()
    assert host.complete("host_sign", "sign").status_code == 200
    path = host.get(f"/instances/{case['id']}/path").get_json()["items"]
    assert [(one["element"], one["kind"], one["person"]) for one in path] == [
        ("submit_draft", "done", "周敏"),
        ("host_sign", "done", "周敏"),
        ("legal_sign", "now", None),
        ("finance_book", "ahead", None),
        ("booked", "ahead", None),
    ]
    assert path[2]["due_at"]
    assert served.as_("other_host").get(f"/instances/{case['id']}/path").status_code == 404
