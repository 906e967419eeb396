"""Absences: tasks reach the substitute while they hold, with everybody named, and never what is personal."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.db.journal import JournalEntry, OutboxMessage
from app.db.people import Position
from app.db.work import Notification, Submission, WorkItem, WorkItemExclusion
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import Role
from app.services import authorizations, completions, visibility
from app.services.absence import absences
from app.services.completions import Completion
from app.services.reading import cases, history, inbox
from app.services.reading.inbox import Query
from app.services.telling import notifications, openings
from app.services.transactions import writing
from tests.integration.absence_world import ask, away, publish
from tests.integration.prepared import database, grant, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def office(school: School) -> School:
    publish(school)
    return school


def todo(school: School, name: str) -> list[str]:
    rows = inbox.todo(school.session, school.actor(name), Query()).items
    return [f"{row.element} {row.away.name if row.away else ''}".strip() for row in rows]


def agree(school: School, name: str, element: str) -> None:
    school.session.expire_all()
    query = select(WorkItem).where(WorkItem.element == element).order_by(WorkItem.id.desc()).limit(1)
    item = school.session.scalars(query).one()
    completions.complete(school.session, school.actor(name), item.id, Completion(item.revision, "agree"))


def errors(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {name: words[0].chinese() for name, words in error.value.errors.items()}


def test_an_open_task_reaches_the_substitute_at_once_and_leaves_at_the_end(office: School) -> None:
    instance = ask(office)
    assert (todo(office, "deputy"), todo(office, "admin")) == (["first"], [])
    absence = away(office, "deputy", "admin")
    assert (todo(office, "deputy"), todo(office, "admin")) == (["first"], ["first 许文彬"])
    assert inbox.counts(office.session, office.actor("admin"))[inbox.Due.LATER] == 1
    with clock.frozen(absence.until_at):
        assert todo(office, "admin") == []
    absences.end_absence(office.session, office.actor("deputy"), absence.id)
    assert (todo(office, "deputy"), todo(office, "admin")) == (["first"], [])
    with pytest.raises(Forbidden):
        agree(office, "admin", "first")
    assert office.open_item(instance).status == "open"


def test_a_case_is_in_sight_while_its_task_is_and_after_one_did_it(office: School) -> None:
    grant(office, "host", Role.ACADEMIC_AFFAIRS_OFFICE)
    instance, host = ask(office), office.actor("host")
    assert not visibility.may_see_id(office.session, host, instance)
    absence = away(office, "deputy", "host")
    assert visibility.may_see_id(office.session, office.actor("host"), instance)
    absences.end_absence(office.session, office.actor("deputy"), absence.id)
    assert not visibility.may_see_id(office.session, office.actor("host"), instance)
    away(office, "deputy", "host")
    agree(office, "host", "first")
    assert visibility.may_see_id(office.session, host, instance)
    assert visibility.may_see_id(office.session, office.actor("deputy"), instance)


def test_submission_journal_timeline_and_lists_name_both(office: School) -> None:
    instance = ask(office)
    absence = away(office, "deputy", "admin")
    agree(office, "admin", "first")
    session, people = office.session, office.people
    kept = session.scalars(select(Submission).where(Submission.element == "first")).one()
    assert (kept.person_id, kept.for_person_id) == (people["admin"], people["deputy"])
    assert kept.position_title == "分管德育副校长（代许文彬）"
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.action == "complete").order_by(JournalEntry.id)
    ).all()[-1]
    assert (entry.actor_id, entry.details["for"], entry.details["absence"]) == (
        people["admin"],
        people["deputy"],
        absence.id,
    )
    told = next(
        one
        for one in history.timeline(session, cases.case_view(session, office.actor("admin"), instance))
        if one.element == "first"
    )
    assert (told.person, told.position) == ("韩雪", "分管德育副校长（代许文彬）")
    done = inbox.done(session, office.actor("admin"), Query()).items[0]
    assert done.on_behalf_of == (people["deputy"], "许文彬")
    assert [item.element for item in absences.done_for(session, office.actor("deputy"))] == ["first"]


def test_whoever_did_it_and_for_whom_are_both_kept_from_the_other_opinion(office: School) -> None:
    ask(office)
    away(office, "deputy", "finance")
    assert todo(office, "finance") == ["first 许文彬"]
    agree(office, "finance", "first")
    # The finance officer is of the office too; what was done for the deputy counts for both.
    assert (todo(office, "finance"), todo(office, "member")) == ([], ["second"])
    barred = office.session.scalars(select(WorkItemExclusion.person_id)).all()
    assert set(barred) == {office.people["finance"], office.people["deputy"]}


def test_nobody_stands_in_for_who_may_not_do_it(office: School) -> None:
    ask(office)
    agree(office, "deputy", "first")
    grant(office, "deputy", Role.MORAL_EDUCATION_OFFICE)
    away(office, "deputy", "admin")
    # The deputy gave the first opinion: neither the deputy nor who stands in gives the second.
    assert (todo(office, "deputy"), todo(office, "admin")) == ([], [])
    with pytest.raises(Forbidden):
        agree(office, "admin", "second")


def test_who_did_one_opinion_does_not_give_the_other_in_anothers_name(office: School) -> None:
    ask(office)
    away(office, "member", "deputy")
    agree(office, "deputy", "first")
    assert todo(office, "deputy") == []
    agree(office, "finance", "second")
    assert sorted(todo(office, "deputy")) == ["left", "right 李若涵"]
    agree(office, "deputy", "left")
    # Side by side as well: who took one is barred from the other at once.
    assert todo(office, "deputy") == []
    with pytest.raises(Forbidden):
        agree(office, "deputy", "right")


def test_nobody_in_between_may_be_barred_and_nobody_decides_an_own_case(office: School) -> None:
    away(office, "deputy", "teacher")
    ask(office, "teacher")
    assert todo(office, "teacher") == []
    away(office, "teacher", "admin")
    # The teacher who asked may not name who decides either.
    assert todo(office, "admin") == []
    ask(office, "host")
    assert (todo(office, "teacher"), todo(office, "admin")) == (["first 许文彬"], ["first 许文彬"])
    with writing(office.session):
        item = office.session.scalars(select(WorkItem).order_by(WorkItem.id.desc()).limit(1)).one()
        office.session.add(WorkItemExclusion(work_item_id=item.id, person_id=office.people["teacher"], reason="回避"))
    assert (todo(office, "admin"), todo(office, "deputy")) == ([], ["first", "first"])


def test_signatures_and_places_on_rolls_are_never_stood_in_for(school: School) -> None:
    school.start_expense()
    away(school, "host", "teacher")
    away(school, "legal", "deputy")
    assert todo(school, "host") == ["host_sign"]
    assert todo(school, "teacher") == []
    with pytest.raises(NotFound):
        cases.task_view(school.session, school.actor("teacher"), school.open_item(2).id)
    with writing(school.session):
        item = school.open_item(2)
        item.is_signature, item.assignee_id = False, school.people["host"]
    assert todo(school, "teacher") == ["host_sign 周敏"]
    assert authorizations.authorizations_for(school.session, school.actor("deputy")) == []


def test_a_chain_of_three_reaches_its_end_for_what_all_links_are_meant(office: School) -> None:
    ask(office)
    away(office, "deputy", "admin", "opinions", "annual_budget")
    away(office, "admin", "legal")
    away(office, "legal", "host", "opinions")
    for name in ("admin", "legal", "host"):
        assert todo(office, name) == ["first 许文彬"], name
    with pytest.raises(Invalid) as error:
        away(office, "host", "finance")
    assert "最多接着转 3 次" in errors(error)["substitute"]
    with pytest.raises(Invalid) as error:
        away(office, "host", "deputy", "opinions")
    assert "回到本人" in errors(error)["substitute"]
    away(office, "host", "deputy", "expense_approval")
    agree(office, "host", "first")
    kept = office.session.scalars(select(Submission).where(Submission.element == "first")).one()
    assert kept.for_person_id == office.people["deputy"]


def test_who_left_in_between_ends_the_chain(office: School) -> None:
    ask(office, "host")
    away(office, "deputy", "teacher")
    away(office, "teacher", "admin")
    assert todo(office, "admin") == ["first 许文彬"]
    with writing(office.session):
        office.session.execute(delete(Position).where(Position.person_id == office.people["teacher"]))
    assert todo(office, "admin") == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"substitute": "deputy"}, "substitute", "不能委托给本人"),
        ({"substitute": "other_host"}, "substitute", "本单位在任的同事"),
        ({"days": 0}, "until", "晚于起"),
        ({"days": 400}, "until", "最长一年"),
        ({"begin": -2}, "from", "最早从今天起"),
        ({"processes": ("nothing",)}, "processes", "哪些事项"),
        ({"principal": "teacher", "by": "admin"}, "reason", "为什么替他设置"),
        ({"principal": "other_host", "by": "admin", "reason": "生病"}, "principal", "在任"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(school: School, changes: dict[str, Any], field: str, words: str) -> None:
    asked = {"principal": "deputy", "substitute": "finance", **changes}
    asked["begin"] = clock.now() + timedelta(days=changes.get("begin", 0))
    processes = asked.pop("processes", ())
    with pytest.raises(Invalid) as error:
        away(school, asked.pop("principal"), asked.pop("substitute"), *processes, **asked)
    assert words in errors(error)[field]


def test_the_same_process_is_given_to_one_person_at_a_time(school: School) -> None:
    away(school, "deputy", "finance", "expense_approval")
    with pytest.raises(Invalid) as error:
        away(school, "deputy", "admin")
    assert "已经委托给人" in errors(error)["from"]
    away(school, "deputy", "admin", "annual_budget")
    away(school, "deputy", "admin", begin=clock.now() + timedelta(days=3))


def test_an_administrator_sets_it_for_somebody_ill_and_both_are_told(school: School) -> None:
    with pytest.raises(Forbidden):
        away(school, "deputy", "finance", by="teacher", reason="生病")
    absence = away(school, "deputy", "finance", by="admin", reason="生病住院")
    told = school.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one().payload
    assert set(told["people"]) == {school.people["deputy"], school.people["finance"]}
    assert "韩雪为许文彬设置了代理" in told["text"]
    assert "生病住院" in told["text"]
    entry = school.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.details["reason"]) == ("set_absence", "生病住院")
    session = school.session
    with pytest.raises(Forbidden):
        absences.end_absence(session, school.actor("finance"), absence.id)
    for name in ("teacher", "other_admin", "city_auditor"):
        with pytest.raises(NotFound):
            absences.end_absence(session, school.actor(name), absence.id)
    absences.end_absence(session, school.actor("deputy"), absence.id)
    with pytest.raises(Conflict):
        absences.end_absence(session, school.actor("admin"), absence.id)


def test_what_has_not_begun_is_cancelled_and_makes_room(school: School) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    absence = away(school, "deputy", "finance", begin=tomorrow)
    absences.end_absence(school.session, school.actor("deputy"), absence.id)
    away(school, "deputy", "admin", begin=tomorrow)
    with clock.frozen(tomorrow):
        assert [one.name for one in school.actor("admin").stand_ins] == ["许文彬"]
        assert school.actor("finance").stand_ins == ()


def test_people_of_a_bureau_stand_in_for_each_other_there_alone(school: School) -> None:
    grant(school, "host", Role.TEACHER)
    place = school.organizations["district"]
    start = clock.now()
    draft = absences.AbsenceDraft(
        school.people["district_finance"], school.people["district_admin"], start, start + timedelta(days=2)
    )
    absences.set_absence(school.session, school.actor("district_finance"), place, draft)
    found = school.actor("district_admin").stand_ins
    assert [(one.name, one.organization_id) for one in found] == [("苏眉", place)]
    school_place = school.organizations["school"]
    with pytest.raises(Invalid):
        absences.set_absence(school.session, school.actor("district_finance"), school_place, draft)


def test_the_substitute_hears_of_the_task_too_until_it_is_handled(office: School) -> None:
    session, people = office.session, office.people
    openings.tell(session)
    away(office, "deputy", "admin")
    ask(office)
    openings.tell(session)
    told: Any = session.execute(
        select(Notification.person_id, Notification.text).where(Notification.work_item_id.is_not(None))
    )
    texts: dict[int, str] = dict(told.all())
    assert "请您办理“借用操场”" in texts[people["deputy"]]
    assert texts[people["admin"]] == f"代许文彬：{texts[people['deputy']]}"
    notifications.settle(session)
    assert notifications.unread_count(session, office.actor("admin")) == 1
    agree(office, "admin", "first")
    notifications.settle(session)
    for name in ("deputy", "admin"):
        assert notifications.unread_count(session, office.actor(name)) == 0, name
