"""A panel over the API: one's own scores alone until all are in, and never a word about oneself."""

import json
from typing import Any

import pytest

from app.domain.vocabulary import Role
from app.services.panels import sheets
from tests.integration.api import Served
from tests.integration.panel_world import task_of
from tests.integration.prepared import grant
from tests.integration.school import School
from tests.integration.score_world import hand_in, opened, scores
from tests.integration.statements import statements_of

OPINION = "带教两位新班主任"
POINTS: dict[str, list[float]] = {"host": [48.5, 31], "member": [50, 30]}


def own(served: Served, name: str) -> dict[str, Any]:
    return served.as_(name).task("panel/score_candidates")


def given(school: School, **points: list[float]) -> dict[str, Any]:
    found = scores(school, **points)
    return {"scores": [{**row, "opinion": OPINION} for row in found["scores"]]}


def post(served: Served, name: str, act: str, **body: Any) -> Any:
    task = own(served, name)
    return served.as_(name).post(f"/tasks/{task['id']}/{act}", {"revision": task["revision"], **body})


def draft(served: Served, values: Any) -> Any:
    return served.as_("legal").post(f"/tasks/{own(served, 'legal')['id']}/draft", {"values": values})


def submit(served: Served, name: str, **points: list[float]) -> Any:
    return post(served, name, "complete", verdict="submit", values=given(served.school, **points))


def panel_id(served: Served, instance: int) -> int:
    return task_of(served.school.session, instance).id


def all_in(served: Served, **points: list[float]) -> int:
    instance = opened(served.school)
    for name in ("legal", "deputy", "finance"):
        assert submit(served, name, **(points or POINTS)).status_code == 200
    return instance


def everything(served: Served, name: str, instance: int, panel: int) -> str:
    """Return all that a reader is told of a case by the API."""
    caller = served.as_(name)
    addresses = (f"/instances/{instance}", f"/journal/{instance}", f"/collectives/{panel}", f"/panels/{panel}")
    more = (f"/collectives/{panel}/answers", f"/collectives/{panel}/missing", "/notifications", "/tasks?box=done")
    return "".join(json.dumps(caller.get(one).get_json(), ensure_ascii=False) for one in (*addresses, *more))


def test_a_task_says_whom_and_on_what_and_takes_scores(served: Served) -> None:
    school = served.school
    opened(school, "finance", "member")
    task = own(served, "finance")
    people = [school.people["finance"], school.people["member"]]
    assert [(one["id"], one["recusal"]) for one in task["scoring"]["candidates"]] == [
        (people[0], "self"),
        (people[1], None),
    ]
    assert [one["points"] for one in task["scoring"]["criteria"]] == [60, 40]
    assert task["verdicts"] == ["submit"]
    wrong = submit(served, "finance", member=[61, 40])
    assert (wrong.status_code, wrong.get_json()["errors"]) == (
        422,
        {"scores.0.points.0": ["育人实绩最高 60 分，您填了 61。"]},
    )
    assert submit(served, "finance", finance=[60, 40], member=[1, 1]).status_code == 422
    assert submit(served, "finance", member=[50.5, 40]).status_code == 200
    again = served.as_("finance").get(f"/tasks/{task['id']}").get_json()
    assert again["values"]["scores"][0]["points"] == [50.5, 40]


def test_a_draft_is_found_again_without_whom_one_stepped_aside_for(served: Served) -> None:
    school = served.school
    opened(school)
    typed = {"scores": [{"candidate": school.people[name], "points": ["x", None], "opinion": ""} for name in POINTS]}
    assert draft(served, typed).status_code == 200
    assert [row["points"] for row in own(served, "legal")["values"]["scores"]] == [["x", None], ["x", None]]
    step = {"candidate": school.people["member"], "kind": "relative"}
    assert post(served, "legal", "recuse", **step).status_code == 200
    task = own(served, "legal")
    assert [row["candidate"] for row in task["values"]["scores"]] == [school.people["host"]]
    assert [one["recusal"] for one in task["scoring"]["candidates"]] == [None, "relative"]
    assert draft(served, {"scores": "no"}).status_code == 200
    assert own(served, "legal")["values"]["scores"] == []
    assert draft(served, {"points": []}).status_code == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"candidate": "987654", "kind": "relative"}, "candidate"),
        ({"candidate": 1, "kind": "enemy"}, "kind"),
        ({}, "reason"),
    ],
)
def test_stepping_aside_says_for_whom_and_why(served: Served, body: dict[str, Any], field: str) -> None:
    opened(served.school)
    refused = post(served, "legal", "recuse", **body)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])


def test_a_stale_page_steps_aside_for_nobody(served: Served) -> None:
    opened(served.school)
    body = {"candidate": served.school.people["member"], "kind": "relative"}
    task = own(served, "legal")
    first = served.as_("legal").post(f"/tasks/{task['id']}/recuse", {"revision": task["revision"], **body}, key="a")
    again = served.as_("legal").post(f"/tasks/{task['id']}/recuse", {"revision": task["revision"], **body}, key="a")
    assert (first.status_code, again.status_code) == (200, 200)
    body["candidate"] = served.school.people["host"]
    stale = served.as_("legal").post(f"/tasks/{task['id']}/recuse", {"revision": task["revision"], **body})
    assert stale.status_code == 409


def test_until_all_are_in_nobody_sees_another_score(served: Served) -> None:
    instance = opened(served.school)
    panel = panel_id(served, instance)
    submit(served, "legal", **POINTS)
    for name in ("deputy", "admin", "teacher"):
        told = everything(served, name, instance, panel)
        assert OPINION not in told
        assert "48.5" not in told
    found = served.as_("deputy").get(f"/panels/{panel}").get_json()
    assert (found["lines"], found["answered"], len(found["missing"])) == ([], 1, 2)


def test_then_members_read_means_and_unsigned_opinions(served: Served) -> None:
    instance = all_in(served)
    panel = panel_id(served, instance)
    found = served.as_("deputy").get(f"/panels/{panel}").get_json()
    assert (found["outcome"], found["missing"]) == ("scored", [])
    line = found["lines"][0]
    assert (line["mean"], line["spread"], line["scored"], line["recused"]) == (79.5, 0, 3, 0)
    assert (line["criteria"], line["given"]) == ([48.5, 31], [])
    assert line["opinions"] == [OPINION] * 3
    values = served.as_("legal").get(f"/instances/{instance}").get_json()["values"]["panel"]
    assert [one["mean"] for one in values["lines"]] == [79.5, 80]
    assert served.as_("legal").get(f"/collectives/{panel}/answers").status_code == 404


def test_a_named_panel_tells_its_readers_who_gave_what(served: Served) -> None:
    school = served.school
    instance = opened(school, secrecy="named")
    for name in ("legal", "deputy"):
        submit(served, name, **POINTS)
    assert OPINION not in everything(served, "finance", instance, panel_id(served, instance))
    submit(served, "finance", host=[60, 40], member=[50, 30])
    panel = panel_id(served, instance)
    line = served.as_("finance").get(f"/panels/{panel}").get_json()["lines"][0]
    assert [(one["person"]["name"], one["points"], one["total"]) for one in line["given"]] == [
        ("刘芸", [60, 40], 100),
        ("许文彬", [48.5, 31], 79.5),
        ("陈国栋", [48.5, 31], 79.5),
    ]
    for name in ("admin", "teacher"):
        told = everything(served, name, instance, panel)
        assert OPINION not in told
        assert "48.5" not in told


def test_a_sheet_takes_as_many_statements_for_many_as_for_few(served: Served) -> None:
    more = ("host", "member", "teacher", "admin")
    school, few = served.school, _statements(served, all_in(served))
    instance = opened(school, *more)
    for name in ("legal", "deputy", "finance"):
        hand_in(school, instance, name, **{one: [50.0, 30.0] for one in more})
    assert _statements(served, instance) == few <= 8


def _statements(served: Served, instance: int) -> int:
    school, panel = served.school, panel_id(served, instance)
    reader = school.actor("legal")
    return statements_of(school, lambda: sheets.score_sheet(school.session, reader, panel))


@pytest.mark.parametrize("name", ["admin", "teacher"])
def test_who_sees_the_case_but_is_no_member_reads_no_score(served: Served, name: str) -> None:
    instance = all_in(served)
    panel = panel_id(served, instance)
    told = everything(served, name, instance, panel)
    assert served.as_(name).get(f"/panels/{panel}").status_code == 404
    assert "79.5" not in told
    assert OPINION not in told
    assert "scored" in told


def test_who_prepares_the_decision_reads_the_sheet_where_the_case_is_seen(served: Served) -> None:
    grant(served.school, "teacher", Role.MORAL_EDUCATION_OFFICE)
    instance = all_in(served)
    assert served.as_("teacher").get(f"/panels/{panel_id(served, instance)}").status_code == 200
    assert served.as_("member").get(f"/panels/{panel_id(served, instance)}").status_code == 404


def test_a_candidate_in_the_group_never_reads_a_line_about_themselves(served: Served) -> None:
    school = served.school
    instance = opened(school, "deputy", "member")
    hand_in(school, instance, "deputy", member=[50, 30])
    for name in ("legal", "finance"):
        hand_in(school, instance, name, deputy=[47.5, 30], member=[50, 30])
    panel = panel_id(served, instance)
    found = served.as_("deputy").get(f"/panels/{panel}").get_json()
    assert [one["candidate"]["id"] for one in found["lines"]] == [school.people["member"]]
    assert "77.5" not in everything(served, "deputy", instance, panel)
    others = served.as_("legal").get(f"/panels/{panel}").get_json()["lines"]
    assert [(one["mean"], one["scored"], one["recused"]) for one in others] == [(77.5, 2, 1), (80, 3, 0)]
