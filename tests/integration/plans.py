"""Semester plans for tests of what people do with tasks: two in the office that reviews, one deputy principal."""

from typing import Any

from app.domain.vocabulary import Role
from app.services.acts.item_acts import Asked
from app.services.starting import starts
from tests.integration.crowd import open_item
from tests.integration.prepared import grant
from tests.integration.school import School

OFFICE = ("teacher", "member")


def staff_office(school: School) -> None:
    """Let two people hold the office that reviews plans."""
    for name in OFFICE:
        grant(school, name, Role.MORAL_EDUCATION_OFFICE)


def start_plan(school: School) -> int:
    """Start a plan; it waits in the office's queue."""
    place = school.organizations["school"]
    return starts.start(school.session, school.actor("host"), "semester_plan", place, plan_values(school)).instance


def plan_values(school: School, **changes: Any) -> dict[str, Any]:
    values = {
        "studio": school.studio,
        "semester": "2026-1",
        "direction": "小学高段班级自主管理",
        "goals": "每位成员形成一套可以推广的班级自主管理办法。",
        "activities": [{"month": "9", "name": "开学第一次例会", "kind": "seminar"}],
        "results": "班会课例集一本。",
        "budget": 1_260_000,
    }
    return {**values, **changes}


def asked(school: School, instance: int, name: str, revision: int | None = None) -> Asked:
    """Return who acts on the case's open task, as it stands or as it was seen."""
    return Asked(school.actor(name), open_item(school, instance).id, revision)
