"""The registers of studios, evaluations and appointments over the API: filters, scope, pages."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.db.money import Studio
from app.db.people import Position
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.registers.appointments import AppointmentFilters, appointments
from app.services.registers.evaluations import EvaluationFilters, evaluations
from app.services.studios import studio_register, studios
from app.services.studios.studio_register import StudioFilters
from app.services.transactions import writing
from app.views.api.register_rows import appointment_row, evaluation_row, studio_row
from tests.integration.api import Served
from tests.integration.register_world import grade, person
from tests.integration.school import School
from tests.integration.test_statements import statements


def items(served: Served, who: str, register: str, **query: Any) -> list[dict[str, Any]]:
    answer = served.as_(who).get(f"/registers/{register}", **query)
    assert answer.status_code == 200, answer.json
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def names(served: Served, who: str, **query: Any) -> list[str]:
    return [row["name"] for row in items(served, who, "studios", **query)]


def test_a_studio_names_its_people_and_can_be_found(served: Served) -> None:
    school = served.school
    [row] = items(served, "teacher", "studios")
    assert (row["host"]["name"], [one["name"] for one in row["members"]], row["mentors"]) == ("周敏", ["李若涵"], [])
    assert (row["level"], row["programme"], row["ended_on"]) == ("city", "city_studio", None)
    both = ["罗佳名班主任工作室", "周敏名班主任工作室"]
    assert names(served, "district_admin") == both
    assert names(served, "district_admin", organization=school.organizations["district"]) == both
    for query in ({"organization": school.organizations["school"]}, {"q": "周敏"}, {"person": school.people["member"]}):
        assert names(served, "district_admin", **query) == both[1:]
    assert names(served, "district_admin", level="school") == []
    assert (
        served.as_("teacher").get("/registers/studios", organization=school.organizations["sibling"]).status_code == 404
    )
    assert served.as_("teacher").get("/registers/studios", level="world").status_code == 422


def test_studios_as_of_a_day(served: Served) -> None:
    school, today = served.school, clock.today()
    assert names(served, "teacher", as_of=today.isoformat()) == ["周敏名班主任工作室"]
    assert names(served, "teacher", as_of=date(today.year - 2, 12, 31).isoformat()) == []
    assert names(served, "teacher", year=today.year - 2) == []
    assert names(served, "teacher", year=today.year + 1) == ["周敏名班主任工作室"]
    studios.end_studio(school.session, school.actor("admin"), school.studio)
    assert names(served, "teacher", as_of=today.isoformat()) == []
    [row] = items(served, "teacher", "studios")
    assert (row["ended_on"], row["host"]["name"], len(row["members"])) == (today.isoformat(), "周敏", 1)


def test_evaluations_in_the_own_scope(served: Served) -> None:
    school, today = served.school, clock.today()
    last = date(today.year - 1, 6, 30)
    grade(school, school.studio, "第一学期", "good", last)
    grade(school, school.studio, "第二学期", "excellent", today)
    grade(school, school.other_studio, "第一学期", "qualified", last)
    person(school, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    person(school, "clerk", "温和", Role.BUREAU_CLERK, "district")
    for who in ("host", "member", "office", "deputy", "finance"):
        assert [row["grade"] for row in items(served, who, "evaluations")] == ["excellent", "good"], who
    assert items(served, "teacher", "evaluations") == []
    assert len(items(served, "clerk", "evaluations")) == 3
    place = {"organization": school.organizations["sibling"]}
    assert [row["studio"]["name"] for row in items(served, "clerk", "evaluations", **place)] == ["罗佳名班主任工作室"]
    narrowed = (
        {"year": today.year},
        {"studio": school.studio, "year": today.year},
        {"person": school.people["host"], "year": today.year},
    )
    for query in narrowed:
        assert [row["grade"] for row in items(served, "clerk", "evaluations", **query)] == ["excellent"], query
    assert [row["grade"] for row in items(served, "host", "evaluations", as_of=last.isoformat())] == ["good"]


def test_appointments_in_the_own_scope(served: Served) -> None:
    school, today = served.school, clock.today()
    person(school, "office", "叶澜", Role.MORAL_EDUCATION_OFFICE)
    own = items(served, "host", "appointments")
    assert {(row["person"]["name"], row["role"]) for row in own} == {
        ("周敏", "teacher"),
        ("周敏", "homeroom_teacher"),
        ("周敏", "studio_host"),
    }
    post = next(row for row in own if row["role"] == "studio_host")
    assert (post["studio"]["name"], post["title"], post["until"]) == ("周敏名班主任工作室", "工作室主持人", None)
    for who in ("office", "admin"):
        found = items(served, who, "appointments", role="studio_member")
        assert [(row["person"]["name"], row["organization"]["name"]) for row in found] == [("李若涵", "松风路小学")]
    before = (today - timedelta(days=401)).isoformat()
    assert {row["person"]["name"] for row in items(served, "office", "appointments", as_of=before)}.isdisjoint({"叶澜"})
    asked = {"person": school.people["office"], "year": today.year}
    assert [row["role"] for row in items(served, "office", "appointments", **asked)] == ["moral_education_office"]
    assert items(served, "teacher", "appointments", person=school.people["host"]) == []
    assert items(served, "other_admin", "appointments", person=school.people["host"]) == []


@pytest.mark.parametrize("register", ["appointments", "evaluations", "studios"])
def test_pages_follow_each_other(served: Served, register: str) -> None:
    school, today = served.school, clock.today()
    for number in range(3):
        add_studio(school, f"工作室{number}")
    for number in range(4):
        grade(school, school.studio, f"第{number}期", "good", today)
    whole = [row["id"] for row in items(served, "legal", register, limit=100)]
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) <= len(whole):
        page = served.as_("legal").get(f"/registers/{register}", limit=3, cursor=cursor).get_json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert seen == whole
    assert len(seen) >= 4
    for wrong in ("x", "WyJ4Il0", "WyJ4IiwxXQ"):
        assert served.as_("legal").get(f"/registers/{register}", cursor=wrong).status_code == 422, wrong


def test_lists_cost_the_same_however_long_they_are(world: School) -> None:
    reader = world.actor("legal")
    lists: dict[str, Any] = {
        "studios": lambda: studio_register.studios(world.session, reader, StudioFilters(), limit=100),
        "evaluations": lambda: evaluations(world.session, reader, EvaluationFilters(), limit=100),
        "appointments": lambda: appointments(world.session, reader, AppointmentFilters(), limit=100),
    }
    answers: dict[str, Any] = {"studios": studio_row, "evaluations": evaluation_row, "appointments": appointment_row}
    costs: dict[str, list[tuple[int, int]]] = {name: [] for name in lists}
    for number in range(2):
        for place in range(1 + 12 * number):
            add_studio(world, f"{number}/{place}")
        for name, read in lists.items():
            with statements(world.session) as seen:
                rows = [answers[name](row) for row in read().items]
            costs[name].append((len(rows), len(seen)))
    for name, ((few, cost_of_few), (many, cost_of_many)) in costs.items():
        assert few + 12 < many, name
        assert cost_of_few == cost_of_many <= 2, name


def add_studio(school: School, name: str) -> None:
    """Add a studio of the school with a host and a grade."""
    with writing(school.session) as session:
        kept = {"organization_id": school.organizations["school"], "level": "school", "programme": "school_studio"}
        term = {"from_on": clock.today(), "until_on": clock.today() + timedelta(days=100)}
        studio = Studio(name=name, **kept, **term)
        session.add(studio)
        session.flush()
        post = {"person_id": school.people["teacher"], "role": Role.STUDIO_HOST, "studio_id": studio.id}
        session.add(Position(organization_id=studio.organization_id, from_on=studio.from_on, **post))
        made = studio.id
    grade(school, made, "第一学期", "good", clock.today())
