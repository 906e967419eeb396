"""A host recruits a member: whose school agrees, by the roster's rules, once."""

from datetime import datetime

import pytest

from app.db.people import Position
from app.db.processes import ProcessInstance
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.errors import Invalid, Refused
from app.domain.vocabulary import Role
from app.services.starting import starts
from app.services.studios import staffing
from tests.integration.crowd import open_item
from tests.integration.late_process import actions, tick, told
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


def recruit(school: School, member: str) -> int:
    values = {"studio": school.studio, "member": member, "reason": "长于班级文化建设", "agreed": True}
    place = school.organizations["school"]
    return starts.start(school.session, school.actor("host"), "member_consent", place, values).instance


def posts(school: School) -> set[tuple[str, str]]:
    school.session.expire_all()
    return {(post.person.username, str(post.role)) for post in staffing.posts_of(school.session, school.studio)}


def test_a_member_of_another_school_joins_once_that_school_agrees(school: School) -> None:
    instance = recruit(school, "other_host")
    assert open_item(school, instance).assignee_id == school.people["other_legal"]
    assert ("other_host", "studio_member") not in posts(school)
    school.act(instance, "other_legal", "agree")
    assert ("other_host", "studio_member") in posts(school)
    case = school.session.get_one(ProcessInstance, instance)
    assert (case.outcome, case.title) == ("joined", "招收成员：罗佳")
    with pytest.raises(Refused):
        recruit(school, "other_host")


def test_a_school_that_does_not_agree_keeps_its_teacher(school: School) -> None:
    instance = recruit(school, "other_host")
    school.act(instance, "other_legal", "refuse")
    assert ("other_host", "studio_member") not in posts(school)


def test_a_school_that_never_answers_has_not_agreed_and_the_host_may_name_another(school: School) -> None:
    with clock.frozen(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI)):
        instance = recruit(school, "other_host")
    tick(school, datetime(2026, 11, 9, 18, tzinfo=SHANGHAI))
    assert any(text.startswith("罗佳所在学校到期还没有答复") for text in told(school, "host"))
    assert school.session.get_one(ProcessInstance, instance).outcome is None
    tick(school, datetime(2026, 11, 13, 9, tzinfo=SHANGHAI))
    case = school.session.get_one(ProcessInstance, instance)
    assert (case.outcome, case.values["consent"]["verdict"]) == ("declined", "refuse")
    assert actions(school, instance)[-1] == "answer_late"
    assert any(text.startswith("罗佳所在学校没有同意加入工作室") for text in told(school, "host"))
    assert recruit(school, "teacher")


def test_strangers_and_people_of_no_school_are_refused_by_field(school: School) -> None:
    for member in ("没有这人", "city_auditor", "member"):
        with pytest.raises(Invalid) as refused:
            recruit(school, member)
        assert set(refused.value.errors) == {"member"}


def test_two_who_wait_are_counted_one_after_the_other(school: School) -> None:
    """The rule of the city allows eight members: the ninth is refused though it was asked in time."""
    session, place = school.session, school.organizations["school"]
    since = staffing.posts_of(session, school.studio)[0].from_on
    waiting = recruit(school, "other_host")
    others = [name for name in school.people if name not in {"host", "member", "other_host"}][:7]
    for name in others:
        person = school.people[name]
        session.add(
            Position(
                person_id=person, organization_id=place, role=Role.STUDIO_MEMBER, studio_id=school.studio, from_on=since
            )
        )
    session.commit()
    with pytest.raises(Refused) as refused:
        school.act(waiting, "other_legal", "agree")
    assert refused.value.clause is not None
