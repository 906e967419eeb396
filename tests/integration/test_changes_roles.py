"""Role by role, by the API: who may propose a change of a studio or a hand-over of posts, who sees it, who decides."""

from datetime import timedelta
from typing import NamedTuple

from app.db.people import Position
from app.domain import clock
from app.domain.vocabulary import Role
from app.services.transactions import writing
from tests.integration.api import Served

STARTS = ("studio_change", "post_change")


class Right(NamedTuple):
    """What a person may start, whether the case is seen, and whether its first task is on the person's list."""

    starts: tuple[str, ...] = ()
    sees: int = 404
    is_asked: bool = False


NOTHING = Right()
# Once a host has proposed a change, and once an administrator has registered who follows the principal.
STUDIO = {
    "host": Right(("studio_change",), 200),
    "deputy": Right((), 200, is_asked=True),
    "legal": Right((), 200),
    "admin": Right(("post_change",), 200),
    # Of the office: a copy comes once it is agreed.
    "teacher": Right(("studio_change",)),
    "member": NOTHING,
    "finance": NOTHING,
    "other_host": Right(("studio_change",)),
    "other_legal": NOTHING,
    "other_admin": Right(("post_change",)),
    "district_admin": Right((), 200),
    "district_finance": Right((), 200),
}
POST = {
    "admin": Right(("post_change",), 200),
    "legal": Right((), 200),
    "district_finance": Right((), 200, is_asked=True),
    "district_admin": Right((), 200),
    "deputy": NOTHING,
    "host": Right(("studio_change",)),
    "member": NOTHING,
    "finance": NOTHING,
    "other_host": Right(("studio_change",)),
    "other_legal": NOTHING,
    "other_admin": Right(("post_change",)),
}


def test_a_change_of_a_studio(served: Served) -> None:
    hold(served, "teacher", "school", Role.MORAL_EDUCATION_OFFICE)
    hold(served, "district_finance", "district", Role.BUREAU_REVIEWER)
    values = {"kind": "mentor", "new_mentor": "何静", "studio": served.school.studio}
    case = start(served, "host", "studio_change", {**values, "reason": "请何老师指导。", "agreed": True})
    check(served, case, STUDIO)


def test_a_hand_over_of_the_principals_posts(served: Served) -> None:
    hold(served, "district_finance", "district", Role.BUREAU_REVIEWER)
    values = {"leaver": served.school.people["legal"], "posts": ["principal"], "successor": "许文彬"}
    case = start(served, "admin", "post_change", {**values, "document": served.school.upload("admin")})
    check(served, case, POST)


def hold(served: Served, name: str, where: str, role: Role) -> None:
    school, since = served.school, clock.today() - timedelta(days=9)
    with writing(school.session):
        school.session.add(
            Position(
                person_id=school.people[name], organization_id=school.organizations[where], role=role, from_on=since
            )
        )


def start(served: Served, name: str, process: str, values: dict[str, object]) -> int:
    given = {**values, "from_on": (clock.today() + timedelta(days=30)).isoformat()}
    body = {"process": process, "organization": served.school.organizations["school"], "values": given}
    served.school.session.rollback()
    answer = served.as_(name).post("/instances", body)
    assert answer.status_code == 201, answer.get_json()
    made: int = answer.get_json()["id"]
    return made


def check(served: Served, case: int, rights: dict[str, Right]) -> None:
    found = {}
    for name in rights:
        person = served.as_(name)
        offered = [one["key"] for one in person.get("/processes").get_json()["items"] if one["key"] in STARTS]
        asked = [one["instance"] for one in person.get("/tasks", box="todo").get_json()["items"]]
        found[name] = Right(tuple(offered), person.get(f"/instances/{case}").status_code, is_asked=case in asked)
    assert found == rights
