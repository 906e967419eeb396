"""Rounds over the API: what the rules say is told beforehand; opened, listed, read, and a date moved."""

from typing import Any

import pytest

from tests.integration.api import Caller, Served
from tests.integration.round_world import Selecting, round_values, selecting, working_day

OFFICE, STRANGER = "moral_education_office0", "other_host"


@pytest.fixture
def selection(served: Served) -> Selecting:
    return selecting(served.school, candidates=2, members=1)


def opened(office: Caller, place: int, **changes: Any) -> dict[str, Any]:
    asked = {"process": "host_selection", "organization": place, "values": round_values(**changes)}
    made = office.post("/instances", asked, key="open-1")
    assert made.status_code == 201, made.json
    assert office.post("/instances", asked, key="open-1").get_json()["id"] == made.get_json()["id"]
    found: dict[str, Any] = made.get_json()
    return found


def test_what_a_round_begins_with_is_told_with_lock_and_clause(served: Served, selection: Selecting) -> None:
    place = served.school.organizations["school"]
    found = served.as_(OFFICE).get("/processes", organization=place).get_json()["items"]
    told = next(one for one in found if one["key"] == "host_selection")["rules"]
    assert told["notice_days"] == {"value": 5, "rule": "notice.working_days", "lock": "floor", "clause": None}
    assert [row["part"] for row in told["weights"]["value"]] == ["review", "vote"]


def test_a_round_is_opened_once_listed_read_and_its_date_moved(served: Served, selection: Selecting) -> None:
    place, office = served.school.organizations["school"], served.as_(OFFICE)
    case = opened(office, place, notice_days=7)
    (row,) = office.get("/rounds").get_json()["items"]
    assert (row["stage"], row["instance"], row["organization"]["id"]) == ("applying", case["id"], place)
    assert office.get(f"/instances/{case['id']}").get_json()["values"]["round"] == row["id"]
    told = office.get(f"/rounds/{row['id']}").get_json()
    assert (told["settings"]["notice.working_days"], told["counts"]["hosts"], told["applications"]) == (7, 0, [])

    asked = {"name": "apply_until", "date": working_day(9).isoformat(), "reason": "顺延", "revision": row["revision"]}
    moved = office.post(f"/rounds/{row['id']}/dates", asked)
    assert (moved.status_code, moved.get_json()["dates"]["apply_until"]) == (200, asked["date"])
    assert moved.get_json()["changes"][0]["reason"] == "顺延"
    # The same again is stale, and moves nothing twice.
    assert office.post(f"/rounds/{row['id']}/dates", asked).status_code == 409
    asked |= {"date": "2020-01-01", "reason": "", "revision": moved.get_json()["revision"]}
    wrong = office.post(f"/rounds/{row['id']}/dates", asked)
    assert (wrong.status_code, set(wrong.get_json()["errors"])) == (422, {"date", "reason"})
    stranger = served.as_(STRANGER)
    assert stranger.get("/rounds").get_json()["items"] == []
    assert stranger.get(f"/rounds/{row['id']}").status_code == 404


def test_what_the_lock_forbids_is_refused_with_its_field(served: Served, selection: Selecting) -> None:
    place = served.school.organizations["school"]
    asked = {"process": "host_selection", "organization": place, "values": round_values(notice_days=2)}
    refused = served.as_(OFFICE).post("/instances", asked)
    assert (refused.status_code, set(refused.get_json()["errors"])) == (422, {"notice_days"})
