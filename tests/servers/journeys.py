"""What people do over HTTP: an expense from its filing to its booking."""

from typing import Any

from app.domain import clock
from tests.integration.school import PASSWORD, School
from tests.servers.clients import Client, Reply

AMOUNT = 100


def expense(world: School, line: int, number: str, attachment: str) -> dict[str, Any]:
    """Return the values of a small expense; an invoice's number serves once."""
    return {
        "studio": world.studio,
        "budget_line": line,
        "category": "training",
        "purpose": f"研修资料印制 {number}",
        "items": [{"name": "研修资料印制", "quantity": 1, "amount": AMOUNT}],
        "payee": "云澜市青禾图文印务",
        "invoices": [{"number": number, "amount": AMOUNT, "attachment": attachment}],
        "fixed_assets": False,
        "declared": True,
    }


def file(world: School, host: Client, number: str, key: str | None = None) -> Reply:
    """Upload an invoice and file an expense with it."""
    attachment = host.upload()
    assert attachment.status == 201, attachment
    values = expense(world, budget_line(world, host), number, attachment.body["id"])
    body = {"process": "expense_approval", "organization": world.organizations["school"], "values": values}
    return host.post("/instances", body, key)


def budget_line(world: School, host: Client) -> int:
    """Return the budget line that expenses of the journeys are paid from."""
    processes = host.get(f"/processes?organization={world.organizations['school']}").body["items"]
    form = next(one["start_form"] for one in processes if one["key"] == "expense_approval")
    lines = next(one["values"] for one in form["components"] if one.get("key") == "budget_line")
    return next(int(one["value"]) for one in lines if one["label"].startswith("课程资源与培训"))


def act(client: Client, task_id: int, verdict: str, key: str | None = None, **changes: Any) -> Reply:
    """Complete a task as it stands now."""
    task = client.get(f"/tasks/{task_id}")
    if task.status != 200:
        return task
    body: dict[str, Any] = {"revision": task.body["revision"], "verdict": verdict}
    if verdict == "sign" and task.body.get("signature"):
        body |= {"password": PASSWORD, "content_hash": task.body["signature"]["content_hash"]}
    return client.post(f"/tasks/{task_id}/complete", {**body, **changes}, key)


def booking(number: str) -> dict[str, Any]:
    """Return what finance enters when an expense is booked."""
    return {
        "voucher_number": number,
        "paid_on": clock.today().isoformat(),
        "payment_method": "transfer",
        "originals_checked": True,
    }


def open_task(reply: Reply) -> int:
    """Return the one open task of a case in an answer."""
    return int(reply.body.get("instance", reply.body)["open_tasks"][0]["id"])
