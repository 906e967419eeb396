"""Applications on pages and over the API: the conditions with evidence, papers with receipts, and who sees what."""

import pytest

from app.services.rounds.materials import Listed, counted
from tests.integration.api import Caller, Served
from tests.integration.application_world import (
    PROCESS,
    add_rounds,
    application_of,
    apply,
    close_window,
    open_round,
    values,
)
from tests.integration.conftest import Browser, Site
from tests.integration.dossier_world import record_sanction
from tests.integration.school import PASSWORD, School


@pytest.fixture
def school(world: School) -> School:
    return add_rounds(world)


def conditions(found: dict[str, object] | None) -> dict[str, str]:
    assert found is not None
    return {one["id"]: one["state"] for one in found["conditions"]}  # type: ignore[attr-defined]


def offered(caller: Caller, school: School) -> list[dict[str, object]]:
    found = caller.get("/processes", organization=school.organizations["school"]).get_json()["items"]
    rows: list[dict[str, object]] = next(one["eligibility"] for one in found if one["key"] == PROCESS)
    return rows


def test_before_applying_each_condition_is_told_with_its_clause(school: School, served: Served) -> None:
    open_round(school)
    city = open_round(school, "city", title="市级评选")
    rows = offered(served.as_("teacher"), school)
    assert {(one["round"]["name"], one["kind"]) for one in rows} == {  # type: ignore[index]
        (title, kind) for title in ("名班主任工作室评选", "市级评选") for kind in ("host", "member")
    }
    asked = next(one for one in rows if one["round"]["id"] == city and one["kind"] == "host")  # type: ignore[index]
    assert conditions(asked["conditions"])["serving"] == "met"  # type: ignore[arg-type]
    assert conditions(asked["conditions"])["years"] == "not_provable"  # type: ignore[arg-type]
    years = next(one for one in asked["conditions"]["conditions"] if one["id"] == "years")  # type: ignore[index]
    assert years["clause"]["article"] == "四（三）2"


def test_a_case_carries_its_round_and_its_conditions_as_far_as_the_reader_may_know(
    school: School, served: Served
) -> None:
    record_sanction(school, "host")
    round_id = open_round(school)
    case = apply(school, round_id)
    own = served.as_("teacher").get(f"/instances/{case}").get_json()
    assert own["values"]["round"] == round_id
    assert conditions(own["eligibility"]) == {"serving": "met", "not_barred": "met"}
    office = served.as_("office")
    assert conditions(office.task("receive_application/check_application")["eligibility"])["not_barred"] == "met"
    # The principal sees the file by office, and no sanctions.
    principal = served.as_("legal").get(f"/instances/{case}").get_json()
    assert conditions(principal["eligibility"]) == {"serving": "met"}
    # Whoever looks at the case by another office does not look into the file.
    assert served.as_("admin").get(f"/instances/{case}").get_json()["eligibility"] is None
    assert served.as_("member").get(f"/instances/{case}").status_code == 404


def test_a_whole_application_over_the_api(school: School, served: Served) -> None:
    round_id = open_round(school)
    teacher, office = served.as_("teacher"), served.as_("office")
    made = teacher.file(school, values(school, round_id), PROCESS)
    assert made.status_code == 201, made.json
    case = made.get_json()["id"]
    paper = made.get_json()["materials"][0]
    assert (paper["is_paper"], paper["receipt_number"]) == (True, None)
    assert office.post(f"/instances/{case}/materials/{paper['id']}/receive").status_code == 200
    assert office.post(f"/instances/{case}/materials/{paper['id']}/receive").status_code == 409
    assert teacher.post(f"/instances/{case}/materials/{paper['id']}/receive").status_code == 403
    assert teacher.get(f"/instances/{case}").get_json()["materials"][0]["receipt_number"]
    assert office.complete("receive_application/check_application", "accept").status_code == 200
    close_window(school, round_id)
    late = teacher.post(f"/instances/{case}/withdraw", {})
    assert (late.status_code, "截止" in late.get_json()["detail"]) == (409, True)
    refused = served.as_("host").file(school, values(school, round_id), PROCESS)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["round"])


def test_a_late_application_is_kept_as_a_draft_and_says_why(site: Site) -> None:
    world = add_rounds(site.world) if site.world else None
    assert world is not None
    round_id = open_round(world)
    teacher = site.browser("teacher")
    where = f"/start/{PROCESS}?organization={world.organizations['school']}"
    page = teacher.get(where).text
    assert "申报校级工作室主持人" in page
    assert "现在是本校的班主任" in page
    close_window(world, round_id)
    answer = teacher.post(f"/start/{PROCESS}", {**_form(world, round_id), "request": "a"})
    assert answer.status_code == 422
    page = teacher.get(where).text
    assert "已经截止" in page
    assert "带年轻班主任做主题班会" in page


def test_the_office_hands_out_a_receipt_on_its_task(site: Site) -> None:
    world = add_rounds(site.world) if site.world else None
    assert world is not None
    case = apply(world, open_round(world))
    office = site.browser("office")
    page = office.get(f"/tasks/{world.open_item(case).id}").text
    assert "收到，开收据" in page
    assert "申报校级工作室主持人" in page
    paper = application_of(world, case).materials[0].id
    assert office.post(f"/cases/{case}/materials/{paper}/receive").status_code == 302
    assert office.get(f"/cases/{case}").text.count(application_of(world, case).materials[0].receipt_number or "-") == 1
    assert "收到，开收据" not in _signed_in(site, "teacher").get(f"/cases/{case}").text


def test_materials_are_counted_in_words() -> None:
    assert counted([]) == "没有附材料"
    assert counted([Listed("a", is_paper=False, file="x")]) == "1 份"
    assert (
        counted([Listed("a", is_paper=False, file="x"), Listed("b", is_paper=True, file=None)]) == "2 份（交纸质 1 份）"
    )


def _signed_in(site: Site, name: str) -> Browser:
    browser = site.browser()
    browser.sign_in(name, PASSWORD)
    return browser


def _form(world: School, round_id: int) -> dict[str, object]:
    filled = values(world, round_id)
    del filled["materials"]
    return {**filled, "stays": "on", "agreed": "on"}
