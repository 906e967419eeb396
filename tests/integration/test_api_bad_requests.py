"""What the API does with requests that are wrong: a problem document in Chinese, never a fault of its own."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from app.db.money import LedgerEntry
from app.views.database import get_session
from tests.integration.api import API, Served
from tests.integration.school import PASSWORD

TYPES: list[Any] = [None, True, 1.5, -1, 10**30, "1", [[]], {"id": 1}, "\x00"]


@pytest.fixture
def host(served: Served):
    served.school.confirm_budget()
    return served.as_("host")


def problem(answer) -> dict[str, Any]:
    assert answer.mimetype == "application/problem+json", answer.text
    found: dict[str, Any] = answer.json
    assert {"type", "title", "status", "detail"} <= set(found)
    assert found["status"] == answer.status_code
    for sentence in [
        found["title"],
        found["detail"],
        *(one for many in found.get("errors", {}).values() for one in many),
    ]:
        assert any("一" <= letter <= "鿿" for letter in sentence), sentence
    return found


@pytest.mark.parametrize("content", ["{", '{"process": NaN}', "[" * 2000, '"\\ud800"', "\xff", '{"a": 1e999}'])
def test_what_is_no_json_is_refused(host, content):
    answer = host.client.post(
        f"{API}/instances", data=content.encode("latin-1"), headers=host.headers, content_type="application/json"
    )
    assert problem(answer)["status"] == 400


def test_other_media_types_and_sizes_are_refused(host):
    form = host.client.post(f"{API}/instances", data={"process": "x"}, headers=host.headers)
    assert problem(form)["status"] == 415
    large = host.post("/instances", {"values": "x" * (2**20)})
    assert problem(large)["status"] == 413


def test_errors_are_told_by_field(host):
    told = problem(host.post("/instances", {"process": "expense_approval", "organization": "1", "extra": 1}))
    assert told["errors"] == {
        "organization": ["要填整数。"],
        "values": ["缺少这一项，请补上。"],
        "extra": ["没有这一项，请删去。"],
    }
    assert problem(host.post("/instances"))["errors"] == {"body": ["要填一组字段和值，例如 {…}。"]}


@pytest.mark.parametrize(
    "path", ["/instances/0", "/instances/99999999999999999999", "/tasks/987654", "/journal/987654", "/attachments/x"]
)
def test_what_does_not_exist_is_not_found(host, path):
    assert problem(host.get(path))["status"] == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/instances?status=lost", "status"),
        ("/notices?status=bogus", "status"),
        ("/tasks?box=secret", "box"),
        ("/tasks?limit=101", "limit"),
        ("/tasks?cursor=bm9uZQ", "cursor"),
        ("/instances?cursor=WyJhIl0", "cursor"),
        ("/instances?q=%00", "q"),
        ("/registers/ledger?category=cakes", "category"),
    ],
)
def test_wrong_filters_are_told(host, path, field):
    assert list(problem(host.get(path))["errors"]) == [field]


def test_empty_filters_are_none(host):
    paths = ("/instances?process=&status=&organization=&q=", "/tasks?box=&process=&q=", "/rules?organization=")
    for path in (*paths, "/notices?organization=&status=&subject="):
        assert host.get(path).status_code == 200


def spoiled(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield an expense with one value after the other replaced by what it should not be."""
    for name, bad in product(good, TYPES):
        yield {**good, name: bad}
    for rows, bad in product(("items", "invoices"), TYPES):
        for cell in good[rows][0]:
            yield {**good, rows: [{**good[rows][0], cell: bad}]}


def test_no_value_breaks_the_start(host, served):
    for values in spoiled(host.expense(served.school)):
        answer = host.file(served.school, values)
        assert answer.status_code in {201, 400, 422}, (values, answer.text)
        if answer.status_code == 201:
            assert host.post(f"/instances/{answer.get_json()['id']}/withdraw").status_code == 200
        else:
            problem(answer)


def test_no_body_breaks_a_task(host, served):
    host.file(served.school, host.expense(served.school))
    task = host.task("host_sign")
    good = {"revision": task["revision"], "verdict": "fly", "values": {}, "comment": None}
    for name, bad in product([*good, "password", "content_hash", "more"], TYPES):
        answer = host.post(f"/tasks/{task['id']}/complete", {**good, name: bad})
        assert answer.status_code in {400, 409, 422}, (name, bad, answer.text)
        problem(answer)


@pytest.mark.parametrize("kind", ["", "Basic eDp5", "Bearer", "Bearer nonsense"])
def test_without_a_token_nothing_is_told(served, kind):
    client = served.app.test_client()
    answer = client.get(f"{API}/tasks", headers={"Authorization": kind} if kind else {})
    assert problem(answer)["status"] == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_wrong_passwords_are_counted(served):
    client = served.app.test_client()
    answers = [client.post(f"{API}/tokens", json={"username": "host", "password": "猜"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    right = client.post(f"{API}/tokens", json={"username": "host", "password": PASSWORD})
    assert problem(right)["status"] == 429


def test_a_cookie_opens_pages_and_not_the_api(site):
    browser = site.browser("host")
    assert browser.get("/api/v1/me").status_code == 401


def test_uploads_are_typed_by_content(host):
    kept = host.upload()
    assert (kept.status_code, kept.get_json()["media_type"]) == (201, "application/pdf")
    read = host.get(f"/attachments/{kept.get_json()['id']}")
    assert (read.status_code, read.mimetype) == (200, "application/pdf")
    assert read.headers["Content-Disposition"].startswith("attachment")
    read.close()
    assert list(problem(host.upload(b"<script>alert(1)</script>"))["errors"]) == ["file"]
    assert list(problem(host.upload(b""))["errors"]) == ["file"]
    for sent in ({"other": "x"}, {"file": "a text"}):
        nothing = host.client.post(
            f"{API}/attachments", data=sent, headers=host.headers, content_type="multipart/form-data"
        )
        assert "file" in problem(nothing)["errors"]


@pytest.mark.parametrize("year", [1999, 10**14])
@pytest.mark.parametrize("path", ["/filings", "/rank-reviews"])
def test_a_school_year_is_one_of_this_century(served: Served, path: str, year: int):
    assert problem(served.as_("teacher").get(path, year=year))["status"] == 422


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 10**14])
def test_no_number_is_too_great_for_the_database(served: Served, number: int):
    admin = served.as_("admin")
    for act in ("submit", "approve", "retire"):
        assert problem(admin.post(f"/definitions/x/versions/{number}/{act}"))["status"] in {404, 422}
    assert problem(admin.get(f"/definitions/x/versions/{number}/package"))["status"] in {404, 422}
    finance = served.as_("finance")
    for register in ("ledger", "budgets"):
        assert problem(finance.get(f"/registers/{register}", year=number))["status"] == 422


def test_a_number_beyond_a_column_is_not_found_wherever_it_comes_from(served: Served):
    def look() -> str:
        return str(get_session().scalar(select(LedgerEntry.id).where(LedgerEntry.year == 2**31)))

    served.app.add_url_rule("/api/v1/beyond", "beyond", look)
    answer = served.as_("finance").get("/beyond")
    assert answer.status_code in {200, 404}  # SQLite knows no such bound
