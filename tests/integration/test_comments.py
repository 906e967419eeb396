"""Remarks with @: whom they may name, what that person then sees, and taking one back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from app.db.people import Person
from app.db.work import Comment, Notification
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.services import journal, visibility
from app.services.reading import comments
from app.services.reading.cases import case_view
from app.services.reading.history import timeline
from app.services.timing import ticks
from app.services.transactions import writing
from app.views.database import db
from tests.integration.api import Served, served_on
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def case(school: School) -> int:
    return school.start_expense()


@pytest.fixture
def served(database: Engine, school: School, tmp_path: Path) -> Iterator[Served]:
    made = served_on(database.url.render_as_string(hide_password=False), school, tmp_path)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def sees(school: School, name: str, case: int) -> bool:
    school.session.rollback()
    return visibility.may_see_id(school.session, school.actor(name), case)


def told(school: School, name: str) -> list[Notification]:
    ticks.catch_up(school.session)
    query = select(Notification).where(Notification.person_id == school.people[name], Notification.kind == "mentioned")
    return list(school.session.scalars(query))


def test_a_colleague_who_is_named_sees_the_case_and_is_told_once(school: School, case: int) -> None:
    assert not sees(school, "teacher", case)
    made = comments.comment(school.session, school.actor("host"), case, "@何静 请看看这张发票。")
    assert sees(school, "teacher", case)
    (one,) = told(school, "teacher")
    assert (one.instance_id, one.comment_id) == (case, made)
    assert "周敏" in one.text
    assert "发票" not in one.text


def test_whoever_holds_an_office_over_the_organisation_may_be_named(school: School, case: int) -> None:
    comments.comment(
        school.session,
        school.actor("host"),
        case,
        "请局里看看。",
        [school.people["district_finance"], school.people["city_auditor"]],
    )
    assert len(told(school, "city_auditor")) == 1


@pytest.mark.parametrize("name", ["other_host", "other_admin"])
def test_a_neighbour_may_not_be_named(school: School, case: int, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        comments.comment(school.session, school.actor("host"), case, "请看。", [school.people[name]])
    assert list(refusal.value.errors) == ["mentions"]
    assert not sees(school, name, case)
    assert school.session.scalars(select(Comment).where(Comment.instance_id == case)).all() == []


def test_a_name_that_two_bear_must_be_chosen(school: School, case: int) -> None:
    with writing(school.session):
        school.session.execute(update(Person).where(Person.id == school.people["deputy"]).values(name="何静"))
    with pytest.raises(Invalid, match="有内容需要改"):
        comments.comment(school.session, school.actor("host"), case, "@何静 请看。")
    comments.comment(school.session, school.actor("host"), case, "@何静 请看。", [school.people["deputy"]])
    assert [len(told(school, name)) for name in ("teacher", "deputy")] == [0, 1]


def test_a_remark_is_taken_back_within_minutes_and_leaves_a_trace_but_no_words(school: School, case: int) -> None:
    host = school.actor("host")
    made = comments.comment(school.session, host, case, "@何静 说错了的话。")
    ticks.catch_up(school.session)
    comments.take_back(school.session, host, case, made)
    comments.take_back(school.session, host, case, made)
    assert not sees(school, "teacher", case)
    assert [one.handled_at is None for one in told(school, "teacher")] == [False]
    happened = [one for one in timeline(school.session, case_view(school.session, host, case)) if one.comment_id]
    assert [(one.kind, one.text) for one in happened] == [("taken_back", None)]
    acts = [entry.action for entry in journal.case_entries(school.session, case)]
    assert acts[-2:] == ["comment", "take_back"]
    assert "说错了" not in str([entry.details for entry in journal.case_entries(school.session, case)])


def test_it_is_not_taken_back_by_others_nor_later(school: School, case: int) -> None:
    made = comments.comment(school.session, school.actor("host"), case, "请核对。")
    with pytest.raises(Forbidden):
        comments.take_back(school.session, school.actor("legal"), case, made)
    with pytest.raises(NotFound):
        comments.take_back(school.session, school.actor("other_host"), case, made)
    with clock.frozen(clock.now() + timedelta(minutes=6)), pytest.raises(Conflict):
        comments.take_back(school.session, school.actor("host"), case, made)


def test_by_the_api(served: Served) -> None:
    case, teacher = served.filed(), served.school.people["teacher"]
    host = served.as_("host")
    answer = host.post(f"/instances/{case['id']}/comments", {"text": "请看。", "mentions": [teacher]})
    assert answer.status_code == 201
    (said,) = [one for one in answer.get_json()["history"] if one["kind"] == "comment"]
    assert said["comment"] == "请看。"
    assert served.as_("teacher").get(f"/instances/{case['id']}").status_code == 200
    other = {"text": "请看。", "mentions": [served.school.people["other_host"]]}
    refused = host.post(f"/instances/{case['id']}/comments", other)
    assert refused.status_code == 422
    assert refused.get_json()["errors"]["mentions"] == ["只能提到本单位的人，或者管本单位的教育局的人。"]
    back = host.post(f"/instances/{case['id']}/comments/{said['comment_id']}/take-back")
    assert [one["kind"] for one in back.get_json()["history"] if one["comment_id"]] == ["taken_back"]


# What each role sees of the case after it was named in a remark: only who may be named can be.
ROLES = {"legal": 201, "deputy": 201, "finance": 201, "admin": 201, "teacher": 201, "district_admin": 201}
OTHERS = {"other_host": 422, "other_legal": 422, "other_finance": 422, "other_admin": 422}


def test_a_repeated_request_leaves_one_remark(served: Served) -> None:
    served.school.confirm_budget()
    host = served.as_("host")
    case = host.file(served.school, host.expense(served.school)).get_json()["id"]
    path = f"/instances/{case}/comments"
    answers = [host.post(path, {"text": "发票明天补。"}, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [one["comment"] for one in answers[1].get_json()["history"] if one["kind"] == "comment"] == ["发票明天补。"]
    assert list(host.post(path, {"text": "别的话。"}, key="k1").get_json()["errors"]) == ["Idempotency-Key"]
    assert list(host.post(path, {"text": "长" * 2001}).get_json()["errors"]) == ["text"]
    assert list(host.post(f"/instances/{case}/withdraw", {"reason": "长" * 2001}).get_json()["errors"]) == ["reason"]


def test_role_by_role_who_may_be_named(served: Served) -> None:
    case, host = served.filed(), served.as_("host")
    found = {
        name: host.post(
            f"/instances/{case['id']}/comments", {"text": "请看。", "mentions": [served.school.people[name]]}
        ).status_code
        for name in (*ROLES, *OTHERS)
    }
    assert found == ROLES | OTHERS
    seen = {name: served.as_(name).get(f"/instances/{case['id']}").status_code for name in found}
    assert seen == dict.fromkeys(ROLES, 200) | dict.fromkeys(OTHERS, 404)
