"""An expense from budget to voucher, through the API alone, on both databases."""

import pytest

from app.domain import clock
from tests.integration.api import BOOKING, Served, budget, start_form
from tests.integration.school import PASSWORD

KEYS = {
    "id",
    "serial",
    "process",
    "version",
    "title",
    "organization",
    "status",
    "outcome",
    "values",
    "open_tasks",
    "history",
    "rules",
    "due_at",
}


@pytest.fixture
def funded(served: Served) -> Served:
    """A school whose studio has a confirmed budget."""
    host, school = served.as_("host"), served.school
    made = host.file(school, budget(school, clock.today().year), "annual_budget")
    assert made.status_code == 201, made.json
    done = served.as_("finance").complete("finance_confirm", "accept")
    assert (done.status_code, done.get_json()["instance"]["outcome"]) == (200, "confirmed")
    return served


def book(served: Served):
    values = {**BOOKING, "paid_on": clock.today().isoformat()}
    return served.as_("finance").complete("finance_book", "accept", values=values)


def line(served: Served) -> dict[str, int]:
    budgets = served.as_("finance").get("/registers/budgets").get_json()["items"]
    found = next(one for one in budgets[0]["lines"] if one["category"] == "training")
    return {name: found[name] for name in ("reserved", "booked", "available")}


def test_the_whole_way_with_a_return_and_a_voided_signature(funded):
    host, legal = funded.as_("host"), funded.as_("legal")
    case = funded.filed(amount=488_800)
    assert set(case) >= KEYS
    assert (case["status"], case["outcome"], case["process"]) == ("running", None, "expense_approval")
    assert case["open_tasks"][0]["element"] == "host_sign"
    assert case["due_at"] == case["open_tasks"][0]["due_at"]
    assert case["due_at"].endswith("17:30:00+08:00")
    assert line(funded) == {"reserved": 488_800, "booked": 0, "available": 2_511_200}

    assert host.complete("host_sign", "sign").status_code == 200
    returned = legal.complete("legal_sign", "return", comment="发票抬头不对。").get_json()["instance"]
    assert [task["element"] for task in returned["open_tasks"]] == ["revise_draft"]

    changed = host.expense(funded.school, amount=448_800)
    again = host.complete("revise_draft", "submit", values=changed).get_json()["instance"]
    void = next(event for event in again["history"] if event["kind"] == "void")
    assert (void["element"], void["person"]["name"]) == ("host_sign", "周敏")
    assert again["open_tasks"][0]["element"] == "host_sign"

    assert host.complete("host_sign", "sign").status_code == 200
    assert legal.complete("legal_sign", "sign").status_code == 200
    done = book(funded).json
    assert (done["task"]["status"], done["instance"]["status"]) == ("done", "completed")
    assert (done["instance"]["outcome"], done["instance"]["due_at"]) == ("booked", None)
    assert line(funded) == {"reserved": 0, "booked": 448_800, "available": 2_551_200}
    verdicts = [(event["element"], event["verdict"]) for event in done["instance"]["history"] if event["verdict"]]
    assert verdicts == [
        ("submit_draft", "submit"),
        ("host_sign", "sign"),
        ("legal_sign", "return"),
        ("revise_draft", "submit"),
        ("host_sign", "sign"),
        ("legal_sign", "sign"),
        ("finance_book", "accept"),
    ]
    entries = funded.as_("finance").get("/registers/ledger").get_json()["items"]
    assert [(entry["amount"], entry["serial"]) for entry in entries] == [(448_800, case["serial"])]


def test_a_signature_needs_the_password_and_what_was_seen(funded):
    funded.filed()
    host = funded.as_("host")
    task = host.task("host_sign")
    assert task["verdicts"] == ["sign", "return"]
    assert task["signature"]["statement"].startswith("我已核对本单")
    wrong = host.complete("host_sign", "sign", password="不是这个密码")
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["password"])
    missing = host.complete("host_sign", "sign", password=None)
    assert (missing.status_code, list(missing.get_json()["errors"])) == (422, ["password"])
    unseen = host.complete("host_sign", "sign", content_hash=None)
    assert (unseen.status_code, list(unseen.get_json()["errors"])) == (422, ["content_hash"])
    assert host.complete("host_sign", "sign", content_hash="0" * 64).status_code == 409
    assert host.complete("host_sign", "sign", revision=task["revision"] + 1).status_code == 409
    assert host.complete("host_sign", "sign").status_code == 200
    closed = host.post(f"/tasks/{task['id']}/complete", {"revision": task["revision"], "verdict": "return"})
    assert closed.status_code == 409


def test_a_refusal_gives_money_and_invoice_back(funded):
    case = funded.filed(number="77")
    host, legal = funded.as_("host"), funded.as_("legal")
    taken = host.file(funded.school, host.expense(funded.school, number="77"))
    assert (taken.status_code, list(taken.get_json()["errors"])) == (422, ["invoices.0.number"])
    host.complete("host_sign", "sign")
    done = legal.complete("legal_sign", "refuse").get_json()["instance"]
    assert (done["status"], done["outcome"]) == ("completed", "refused")
    assert line(funded)["reserved"] == 0
    assert funded.filed(number="77")["id"] != case["id"]


def test_a_withdrawal_gives_the_money_back_until_others_decided(funded):
    host = funded.as_("host")
    case = funded.filed()
    assert funded.as_("finance").post(f"/instances/{case['id']}/withdraw").status_code == 403
    gone = host.post(f"/instances/{case['id']}/withdraw")
    assert (gone.status_code, gone.get_json()["status"], gone.get_json()["open_tasks"]) == (200, "withdrawn", [])
    assert line(funded)["reserved"] == 0
    assert host.post(f"/instances/{case['id']}/withdraw").status_code == 409


def test_returning_ad_hoc_walks_the_steps_again(funded):
    case = funded.filed()
    host, legal = funded.as_("host"), funded.as_("legal")
    host.complete("host_sign", "sign")
    task = legal.task("legal_sign")
    where = f"/tasks/{task['id']}/return"
    other = legal.post(where, {"to": "host_sign", "mode": "straight", "reason": "请重看。"})
    assert (other.status_code, list(other.get_json()["errors"])) == (422, ["mode"])
    nowhere = legal.post(where, {"to": "finance_book", "reason": "请重看。"})
    assert (nowhere.status_code, list(nowhere.get_json()["errors"])) == (422, ["to"])
    assert host.post(where, {"to": "host_sign", "reason": "请重看。"}).status_code == 403
    back = legal.post(where, {"to": "host_sign", "mode": "again", "reason": "请重看。"})
    assert (back.status_code, back.get_json()["task"]["status"]) == (200, "done")
    assert [one["element"] for one in back.get_json()["instance"]["open_tasks"]] == ["host_sign"]
    assert "void" in [event["kind"] for event in funded.seen("host", case)["history"]]
    assert host.complete("host_sign", "sign").status_code == 200


def test_a_reversal_takes_money_back(funded):
    funded.filed()
    finance, legal = funded.as_("finance"), funded.as_("legal")
    funded.as_("host").complete("host_sign", "sign")
    legal.complete("legal_sign", "sign")
    book(funded)
    form = start_form(finance, funded.school, "expense_reversal")
    bookings = next(one["values"] for one in form["components"] if one.get("key") == "booking")
    values = {
        "booking": bookings[0]["value"],
        "kind": "refund",
        "amount": 48_800,
        "reason": "对方多收，退回。",
        "voucher_number": "记-0320",
        "paid_on": clock.today().isoformat(),
    }
    assert finance.file(funded.school, values, "expense_reversal").status_code == 201
    done = legal.complete("legal_sign", "sign").get_json()["instance"]
    assert (done["outcome"], line(funded)["booked"]) == ("reversed", 400_000)


def test_a_draft_is_kept_and_nothing_else(funded):
    funded.filed()
    host = funded.as_("host")
    host.complete("host_sign", "return")
    task = host.task("revise_draft")
    where = f"/tasks/{task['id']}/draft"
    kept = host.post(where, {"values": {"purpose": "换一个说法"}})
    assert (kept.status_code, kept.get_json()["values"]) == (200, {"purpose": "换一个说法"})
    assert host.task("revise_draft")["values"] == {"purpose": "换一个说法"}
    unknown = host.post(where, {"values": {"amount": 1}})
    assert (unknown.status_code, list(unknown.get_json()["errors"])) == (422, ["amount"])
    assert funded.as_("finance").post(where, {"values": {}}).status_code == 403
    assert PASSWORD not in kept.text
