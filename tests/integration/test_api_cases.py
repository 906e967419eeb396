"""Cases through the API: repeated requests, neighbours, lists, rules, and what belongs to one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db.processes import ProcessInstance
from app.domain import clock
from tests.integration.api import Served

ITEM = {"id", "element", "title", "instance", "organization", "kind", "status", "due_at", "revision", "assignee"}


@pytest.fixture
def funded(served: Served) -> Served:
    served.school.confirm_budget()
    return served


def cases(served: Served) -> int:
    session = served.school.session
    session.rollback()
    counted = select(func.count()).where(ProcessInstance.process_key == "expense_approval")
    return session.scalar(counted) or 0


def test_a_repeated_request_gets_the_first_answer(funded):
    host = funded.as_("host")
    values = host.expense(funded.school)
    first = host.file(funded.school, values, key="k1")
    again = host.file(funded.school, values, key="k1")
    assert (first.status_code, again.status_code, first.get_json()["id"]) == (201, 201, again.get_json()["id"])
    other = host.file(funded.school, {**values, "payee": "别人"}, key="k1")
    assert (other.status_code, list(other.get_json()["errors"])) == (422, ["Idempotency-Key"])
    assert host.file(funded.school, values, key="汉字".encode().decode("latin-1")).status_code == 422
    task = host.task("host_sign")
    body = {"revision": task["revision"], "verdict": "return", "comment": "请改。"}
    done = [host.post(f"/tasks/{task['id']}/complete", body, key="k2") for _ in range(2)]
    assert [answer.status_code for answer in done] == [200, 200]
    assert done[0].json == done[1].json


def test_requests_at_the_same_time_under_one_key_make_one_case(funded):
    host = funded.as_("host")
    values = host.expense(funded.school)

    def file(_turn):
        return host.again().file(funded.school, values, key="race")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(file, range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["id"] for answer in answers}) == 1
    assert cases(funded) == 1


def test_neighbours_see_nothing(funded):
    case = funded.filed()
    task = case["open_tasks"][0]["id"]
    file = case["values"]["submit_draft"]["invoices"][0]["attachment"]
    for name in ("other_host", "other_legal", "other_finance", "other_admin", "teacher"):
        caller = funded.as_(name)
        for path in (f"/instances/{case['id']}", f"/tasks/{task}", f"/journal/{case['id']}", f"/attachments/{file}"):
            assert caller.get(path).status_code == 404, (name, path)
        told = caller.post(f"/tasks/{task}/complete", {"revision": 1, "verdict": "return", "comment": "x"})
        assert told.status_code == 404
        for path in ("/instances", "/tasks", "/tasks?box=done", "/tasks?box=initiated", "/notifications"):
            assert caller.get(path).json == {"items": [], "next": None}, (name, path)
    own = funded.school.organizations["school"]
    assert funded.as_("other_admin").get("/rules", organization=own).status_code == 404
    assert funded.as_("other_host").get("/processes", organization=own).status_code == 404
    assert funded.as_("other_finance").get("/registers/ledger").get_json()["items"] == []
    assert funded.as_("other_host").file(funded.school, {}).status_code == 404


def test_bureaus_read_and_do_not_act(funded):
    case = funded.filed()
    task = case["open_tasks"][0]["id"]
    for name in ("district_finance", "city_auditor", "district_admin"):
        caller = funded.as_(name)
        assert caller.get(f"/instances/{case['id']}").status_code == 200
        assert caller.get(f"/tasks/{task}").get_json()["verdicts"] == []
        told = caller.post(f"/tasks/{task}/complete", {"revision": 1, "verdict": "return", "comment": "x"})
        assert told.status_code == 403


def test_lists_are_paged(funded):
    host = funded.as_("host")
    made = [funded.filed(number=str(number))["id"] for number in range(3)]
    first = host.get("/instances", limit=2, process="expense_approval").json
    rest = host.get("/instances", limit=2, process="expense_approval", cursor=first["next"]).json
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == made[::-1]
    assert rest["next"] is None
    todo = host.get("/tasks", box="todo", limit=1).json
    assert set(todo["items"][0]) >= ITEM
    assert todo["items"][0]["assignee"] is None
    assert todo["items"][0]["candidates"]["role"] == "studio_host"
    assert host.get("/tasks", box="todo", cursor=todo["next"]).get_json()["next"] is None
    mine = host.get("/tasks", box="initiated", process="expense_approval").get_json()["items"]
    assert [(one["id"], one["instance"], one["kind"]) for one in mine] == [(None, one, "case") for one in made[::-1]]


def test_a_copy_lets_a_colleague_read_and_comment(funded):
    case = funded.filed()
    host, teacher = funded.as_("host"), funded.as_("teacher")
    where = f"/instances/{case['id']}"
    stranger = host.post(f"{where}/copy", {"people": [funded.school.people["other_host"]]})
    assert (stranger.status_code, list(stranger.get_json()["errors"])) == (422, ["people"])
    assert host.post(f"{where}/copy", {"people": [funded.school.people["teacher"]]}).status_code == 200
    assert [one["instance"] for one in teacher.get("/tasks", box="copied").get_json()["items"]] == [case["id"]]
    assert teacher.post(f"{where}/comments", {"text": "已阅。"}).status_code == 201
    said = funded.seen("host", case)["history"][-1]
    assert (said["kind"], said["comment"], said["person"]["name"]) == ("comment", "已阅。", "何静")
    journal = host.get(f"/journal/{case['id']}").get_json()["items"]
    assert [entry["action"] for entry in journal] == ["start", "copy", "comment"]
    assert [entry["previous_hash"] for entry in journal[1:]] == [entry["entry_hash"] for entry in journal[:-1]]


def test_the_caller_is_told_who_and_where(served):
    told = served.as_("host").get("/me").json
    assert told["person"]["name"] == "周敏"
    post = next(one for one in told["positions"] if one["role"] == "studio_host")
    assert post["organization"] == {"id": served.school.organizations["school"], "name": "松风路小学"}
    assert {"from", "until"} <= set(post)
    seen = served.as_("district_admin").get("/organizations").get_json()["items"]
    assert [one["name"] for one in seen] == ["临溪区教育局", "松风路小学", "育新学校"]
    studios = served.as_("teacher").get("/registers/studios").get_json()["items"]
    assert [(one["name"], one["host"]["name"]) for one in studios] == [("周敏名班主任工作室", "周敏")]


def test_rules_are_changed_within_their_locks(served):
    admin, school = served.as_("admin"), served.school.organizations["school"]
    rules = admin.get("/rules", organization=school).get_json()["items"]
    fixed = next(
        rule for rule in rules if rule["lock"] == "fixed" and rule["clause"] and isinstance(rule["value"], int)
    )
    free = next(rule for rule in rules if rule["parameter"] == "expense.sign_working_days")
    today = clock.today()
    body = {"organization": school, "from": today.isoformat(), "reason": "学校人少"}
    refused = admin.put(f"/rules/{fixed['parameter']}", {**body, "value": fixed["value"] + 1})
    assert (refused.status_code, "value" in refused.get_json()["errors"], "clause" in refused.json) == (422, True, True)
    done = admin.put(f"/rules/{free['parameter']}", {**body, "value": free["value"] + 1})
    assert (done.status_code, done.get_json()["value"], done.get_json()["level"]) == (200, free["value"] + 1, "学校")
    assert done.get_json()["from"] == today.isoformat()
    late = admin.put(f"/rules/{free['parameter']}", {**body, "value": 3, "from": str(today - timedelta(days=1))})
    assert list(late.get_json()["errors"]) == ["from"]
    assert served.as_("legal").put(f"/rules/{free['parameter']}", {**body, "value": 3}).status_code == 403
    assert admin.put("/rules/no.such_rule", {**body, "value": 3}).status_code == 404
