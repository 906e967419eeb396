"""Role by role, from sign-in: who reads a school's list of homeroom teachers, and who plans and confirms one."""

from typing import Any

import pytest

from app.domain import clock
from tests.integration.api import Served
from tests.integration.homeroom_world import NOVEMBER, SEPTEMBER_1, Homeroom, staffed

# Who: the status of reading the list, of what it is planned from, and of confirming it.
ROLES = {
    "teacher": (200, 403, 403),
    "host": (200, 403, 403),
    "director": (200, 403, 403),
    "discipline": (200, 403, 403),
    "deputy": (200, 403, 403),
    "legal": (200, 403, 403),
    "finance": (200, 403, 403),
    "admin": (200, 403, 403),
    "other_host": (404, 404, 404),
    "other_office": (404, 404, 404),
    "district_clerk": (200, 403, 403),
    "district_finance": (200, 403, 403),
    "district_admin": (200, 403, 403),
    "city_auditor": (200, 403, 403),
    "office": (200, 200, 201),
}


@pytest.fixture
def homeroom(served: Served) -> Homeroom:
    made = staffed(served.school)
    served.school = made.school
    return made


def path(homeroom: Homeroom, rest: str = "") -> str:
    return f"/organizations/{homeroom.place}/homeroom-list{rest}"


def body(homeroom: Homeroom, **changes: Any) -> dict[str, Any]:
    classes = [
        {"class_name": "三(1)班", "homeroom_teacher": homeroom.people["甲"], "assistants": [homeroom.people["乙"]]},
        {"class_name": "一（1）班", "homeroom_teacher": homeroom.people["丙"]},
    ]
    return {"school_year": 2026, "revision": 0, "from": SEPTEMBER_1.isoformat(), "classes": classes, **changes}


@pytest.mark.parametrize("name", ROLES)
def test_each_role_reads_plans_or_confirms(served: Served, homeroom: Homeroom, name: str) -> None:
    with clock.frozen(NOVEMBER):
        person = served.as_(name)
        answers = [
            person.get(path(homeroom)),
            person.get(path(homeroom, "/plan")),
            person.post(path(homeroom), body(homeroom)),
        ]
    assert tuple(one.status_code for one in answers) == ROLES[name]


def test_a_list_is_confirmed_and_read_over_the_api(served: Served, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office = served.as_("office")
        confirmed = office.post(path(homeroom), body(homeroom)).get_json()
        assert (confirmed["school_year"], confirmed["revision"], confirmed["from"]) == (2026, 1, "2026-09-01")
        assert confirmed["confirmed_by"]["name"] == "office老师"
        assert [one["class_name"] for one in confirmed["classes"]] == ["一（1）班", "三（1）班"]
        assert [one["name"] for one in confirmed["classes"][1]["assistants"]] == ["乙老师"]
        # The same once more changes nothing; what was seen before is stale.
        assert office.post(path(homeroom), body(homeroom)).get_json()["revision"] == 1
        assert office.post(path(homeroom), body(homeroom, classes=body(homeroom)["classes"][:1])).status_code == 409
        earlier = served.as_("teacher").get(path(homeroom), as_of="2026-08-31").get_json()
        assert (earlier["revision"], earlier["classes"], earlier["from"]) == (0, [], None)
        plan = office.get(path(homeroom, "/plan")).get_json()
        assert (plan["revision"], plan["from"]) == (1, "2026-11-26")
        assert [one["before"] for one in plan["classes"]] == ["一（1）班", "三（1）班"]


def test_what_is_wrong_is_said_by_field_over_the_api(served: Served, homeroom: Homeroom) -> None:
    with clock.frozen(NOVEMBER):
        office = served.as_("office")
        stranger = homeroom.school.people["other_host"]
        wrong = office.post(
            path(homeroom), body(homeroom, classes=[{"class_name": "一班", "homeroom_teacher": stranger}])
        )
        assert wrong.get_json()["errors"] == {"classes.0.homeroom_teacher": ["班主任要是本校在职的老师。"]}
        early = office.post(path(homeroom), body(homeroom, **{"from": "2026-08-01"}))
        assert set(early.get_json()["errors"]) == {"from"}
        assert office.get(path(homeroom), as_of="gestern").status_code == 422
        assert (
            office.get(f"/organizations/{homeroom.school.organizations['district']}/homeroom-list").status_code == 404
        )
