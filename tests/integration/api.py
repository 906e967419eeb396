"""A client of the API for tests: the real application on a database with the small real world."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.config import Settings
from app.factory import create_app
from tests.integration.school import PASSWORD, PDF, School

API = "/api/v1"
BOOKING = {"voucher_number": "记-0318", "payment_method": "transfer", "originals_checked": True}


class Caller:
    """One person who calls the API with a token."""

    def __init__(self, app: Flask, username: str) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.username = username
        answer = self.client.post(f"{API}/tokens", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 201, answer.json
        self.headers = {"Authorization": f"Bearer {answer.get_json()['token']}"}

    def again(self) -> "Caller":
        """Return the same caller on a connection of its own."""
        other = copy(self)
        other.client = self.app.test_client()
        return other

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.client.get(API + path, query_string=query or None, headers=self.headers)

    def post(self, path: str, body: Any = None, key: str | None = None, **more: Any) -> TestResponse:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.client.post(API + path, json=body, headers=headers, **more)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.client.put(API + path, json=body, headers=self.headers)

    def upload(self, content: bytes = PDF, name: str = "发票.pdf") -> TestResponse:
        files = {"file": (BytesIO(content), name)}
        return self.client.post(
            f"{API}/attachments", data=files, headers=self.headers, content_type="multipart/form-data"
        )

    def task(self, element: str) -> dict[str, Any]:
        """Return the one open task of this element in the person's inbox, in detail."""
        found = [item for item in self.get("/tasks", box="todo").get_json()["items"] if item["element"] == element]
        assert len(found) == 1, found
        detail: dict[str, Any] = self.get(f"/tasks/{found[0]['id']}").get_json()
        return detail

    def complete(self, element: str, verdict: str, **changes: Any) -> TestResponse:
        """Complete the open task of this element as a client does: with what it has seen."""
        task = self.task(element)
        body = {"revision": task["revision"], "verdict": verdict}
        if verdict == "sign":
            body |= {"password": PASSWORD, "content_hash": task["signature"]["content_hash"]}
        if verdict in {"return", "refuse"}:
            body["comment"] = "请把发票拍清楚。"
        return self.post(f"/tasks/{task['id']}/complete", {**body, **changes})

    def expense(
        self, school: School, amount: int = 448_800, number: str = "26440826", **changes: Any
    ) -> dict[str, Any]:
        """Return the values of an expense, filled in from the form that the API gives."""
        form = start_form(self, school, "expense_approval")
        lines = {one["label"].split(" · ")[0]: one["value"] for one in choices(form, "budget_line")}
        chosen = {"studio": choices(form, "studio")[0]["value"], "budget_line": lines["课程资源与培训"]}
        invoice = {"number": number, "amount": amount, "attachment": self.upload().get_json()["id"]}
        return {
            **chosen,
            "category": "training",
            "purpose": "跨校主题班会观摩活动：研修资料印制",
            "items": [{"name": "研修资料印制", "quantity": 40, "amount": amount}],
            "payee": "云澜市青禾图文印务",
            "invoices": [invoice],
            "fixed_assets": False,
            "declared": True,
            **changes,
        }

    def file(self, school: School, values: Mapping[str, Any], process: str = "expense_approval", **more: Any) -> Any:
        body = {"process": process, "organization": school.organizations["school"], "values": values}
        return self.post("/instances", body, **more)


def start_form(caller: Caller, school: School, process: str) -> dict[str, Any]:
    found = caller.get("/processes", organization=school.organizations["school"]).get_json()["items"]
    form: dict[str, Any] = next(item["start_form"] for item in found if item["key"] == process)
    return form


def choices(form: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(one["values"] for one in form["components"] if one.get("key") == key)
    return found


def budget(school: School, year: int) -> dict[str, Any]:
    return {
        "studio": school.studio,
        "year": year,
        "grants": [{"source": "city", "amount": 4_000_000}, {"source": "district_match", "amount": 4_000_000}],
        "lines": [{"category": "training", "amount": 3_000_000}, {"category": "books", "amount": 1_000_000}],
    }


@dataclass
class Served:
    """The application over the small world, and its callers, each with one token."""

    app: Flask
    school: School
    callers: dict[str, Caller] = field(default_factory=dict)

    def as_(self, username: str) -> Caller:
        if username not in self.callers:
            self.callers[username] = Caller(self.app, username)
        return self.callers[username]

    def filed(self, **changes: Any) -> dict[str, Any]:
        """File an expense as the host and return the case."""
        host = self.as_("host")
        answer = host.file(self.school, host.expense(self.school, **changes))
        assert answer.status_code == 201, answer.json
        case: dict[str, Any] = answer.json
        return case

    def seen(self, username: str, case: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.as_(username).get(f"/instances/{case['id']}").get_json()
        return found


def served_on(url: str, school: School, files: Path) -> Served:
    """Compose the application on a database that holds the world."""
    app = create_app(Settings(url, "0123456789abcdef0123456789abcdef", files))
    app.testing = True
    return Served(app, school)
