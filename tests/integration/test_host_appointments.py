"""A round appoints whom it put up: who accepts, who declines, who is struck and follows, and what becomes of them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.money import Studio
from app.db.people import Position
from app.db.processes import ProcessInstance
from app.db.selections import AppointmentLetter
from app.db.work import Notification, WorkItem
from app.domain import clock
from app.domain.errors import Conflict, Invalid
from app.domain.rounds import ApplicationResult, RoundStage
from app.domain.vocabulary import Role, WorkItemStatus
from app.services.documents.letters import letter_of
from app.services.notices import names
from app.services.selections import appointing
from app.services.telling.notification_links import path_of
from app.services.timing import ticks
from tests.integration.crowd import open_item
from tests.integration.prepared import database, grant, school
from tests.integration.school import School
from tests.integration.selection_world import TERM, Selection, selection
from tests.integration.test_host_decisions import HOSTS, choose, mentor, place

__all__ = ["database", "school"]  # fixtures
MEMBERS = {"member": "host", "admin": None}


@pytest.fixture
def decided(school: School) -> Selection:
    """Return a round of two seats that determined 何静 and 周敏, each with a member; 刘芸 may follow."""
    grant(school, "admin", Role.MORAL_EDUCATION_OFFICE)
    made = selection(school, HOSTS, MEMBERS)
    instance = made.begin("decision_stage")
    choose(made, instance, ["host", "teacher"])
    place(made, instance, member="host", admin="teacher")
    return made


def publish(round_: Selection, instance: int) -> None:
    """Have the list prepared and released."""
    round_.world.act(instance, "admin", "submit")
    round_.world.act(instance, "legal", "accept")


def answer(round_: Selection, name: str, verdict: str) -> None:
    round_.world.act(round_.application(name).instance_id, name, verdict)
    round_.settle()


def offered(round_: Selection) -> set[str]:
    """Return who is asked to accept an appointment."""
    asked = WorkItem.element == "accept_appointment", WorkItem.status == WorkItemStatus.OPEN
    cases = set(round_.session.scalars(select(WorkItem.instance_id).where(*asked)))
    return {name for name in round_.people if round_.application(name).instance_id in cases}


def appointed_of(round_: Selection) -> dict[str, tuple[str, str]]:
    """Return the post of each who was appointed, and the studio."""
    round_.session.expire_all()
    found = round_.session.scalars(select(AppointmentLetter).order_by(AppointmentLetter.id))
    return {one.application.person.name: (one.role, one.studio.name) for one in found}


def test_who_stood_and_accepts_is_appointed(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    decided.settle()
    assert offered(decided) == set()
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        assert offered(decided) == {"host", "teacher", "member", "admin"}
        for name in ("host", "teacher", "member", "admin"):
            answer(decided, name, "accept")
        assert decided.case(instance).outcome == "done"
    assert appointed_of(decided) == {
        "何静": ("studio_host", "何静名班主任工作室"),
        "韩雪": ("studio_member", "何静名班主任工作室"),
        "周敏": ("studio_host", "周敏名班主任工作室（2027—2029）"),
        "李若涵": ("studio_member", "周敏名班主任工作室（2027—2029）"),
    }
    studio = decided.session.scalars(select(Studio).where(Studio.name == "何静名班主任工作室")).one()
    assert (studio.level, studio.from_on, studio.until_on) == ("school", *TERM)
    posts = select(Position.role, Position.from_on, Position.until_on).where(Position.studio_id == studio.id)
    assert set(decided.session.execute(posts).all()) == {
        (Role.STUDIO_HOST, *TERM),
        (Role.STUDIO_MEMBER, *TERM),
    }


def test_the_mentor_is_appointed_with_a_letter_and_led_to_it(school: School) -> None:
    grant(school, "admin", Role.MORAL_EDUCATION_OFFICE)
    round_ = selection(school, HOSTS, seats=1, changed={"members.chosen_by": "host", "roster.mentor_required": True})
    deciding = round_.begin("decision_stage")
    choose(round_, deciding, ["teacher"])
    mentor(round_, deciding, ("teacher", "other_host"))
    instance = round_.begin("appointment_stage")
    publish(round_, instance)
    with clock.frozen(clock.now() + timedelta(days=20)):
        round_.settle()
        answer(round_, "teacher", "accept")
        round_.settle()
    letters = {one.person.name: one for one in round_.session.scalars(select(AppointmentLetter))}
    assert {name: one.role for name, one in letters.items()} == {"何静": "studio_host", "罗佳": "studio_mentor"}
    studio, person = letters["罗佳"].studio_id, school.people["other_host"]
    held = select(Position.from_on, Position.until_on).where(
        Position.studio_id == studio, Position.person_id == person, Position.role == Role.STUDIO_MENTOR
    )
    assert list(map(tuple, round_.session.execute(held))) == [TERM]
    case = round_.application("teacher").instance_id
    told = select(Notification).where(Notification.person_id == person, Notification.text.contains("工作室导师"))
    assert [path_of(one) for one in round_.session.scalars(told)] == [f"/cases/{case}/letter.pdf"]
    found = {name: letter_of(round_.session, school.actor(name), case) for name in ("teacher", "other_host", "finance")}
    assert {name: one.person.name if one else None for name, one in found.items()} == {
        "teacher": "何静",
        "other_host": "罗佳",
        "finance": None,
    }


def test_everybody_hears_only_the_own_result(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        for name in ("host", "teacher", "member", "admin"):
            answer(decided, name, "accept")
        decided.settle()
    decided.end()
    assert decided.results()["finance"] == ApplicationResult.NOT_CHOSEN
    assert decided.case(decided.application("finance").instance_id).outcome == "other"
    told = select(Notification.text).where(Notification.person_id == decided.people["teacher"])
    texts = [text for text in decided.session.scalars(told) if "已受聘" in text]
    assert len(texts) == 1
    assert "周敏" not in texts[0]
    others = select(Notification.text).where(Notification.person_id == decided.people["finance"])
    assert not any("何静" in text or "周敏" in text for text in decided.session.scalars(others))


def test_the_next_in_order_follows_who_declines_with_a_fresh_notice(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        for name in ("teacher", "member", "admin"):
            answer(decided, name, "accept")
        answer(decided, "host", "refuse")
        listed = decided.case(instance).values["run"]["list_names"]["persons"]
        # The member whom 周敏 would have led wished for nobody else.
        assert [one["name"] for one in listed] == ["刘芸"]
        assert decided.results()["host"] == ApplicationResult.DECLINED
        assert decided.results()["member"] == ApplicationResult.RESERVE
        publish(decided, instance)
        with clock.frozen(clock.now() + timedelta(days=20)):
            decided.settle()
            assert offered(decided) == {"finance"}
            answer(decided, "finance", "accept")
            assert decided.case(instance).outcome == "done"
    assert set(appointed_of(decided)) == {"何静", "韩雪", "刘芸"}
    decided.end()
    assert decided.results()["member"] == ApplicationResult.NOT_CHOSEN


def test_the_leader_is_asked_who_follows_somebody_struck(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    struck = decided.application("teacher")
    notice = names.of_instance(decided.session, instance)[0]
    names.leave(decided.session, notice.id, [struck.person_id])
    decided.session.commit()
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        assert decided.results()["teacher"] == ApplicationResult.STRUCK
        assert decided.case(struck.instance_id).outcome == "other"
        for name in ("host", "member", "admin"):
            answer(decided, name, "accept")
        assert open_item(decided.world, instance).element == "run/choose_next"
        with pytest.raises(Invalid) as refused:
            decided.world.act(instance, "legal", "agree", {"person": decided.people["member"]})
        assert set(refused.value.errors) == {"person"}
        decided.world.act(instance, "legal", "agree", {"person": decided.people["finance"]})
        listed = decided.case(instance).values["run"]["list_names"]["persons"]
        # The member of the struck host comes along, into another studio.
        assert [(one["name"], one["line"].rpartition(" · ")[2]) for one in listed] == [
            ("刘芸", "工作室主持人"),
            ("韩雪", "刘芸工作室成员"),
        ]


def test_a_seat_may_stay_vacant(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    notice = names.of_instance(decided.session, instance)[0]
    names.leave(decided.session, notice.id, [decided.people["teacher"]])
    decided.session.commit()
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        for name in ("host", "member", "admin"):
            answer(decided, name, "accept")
        decided.world.act(instance, "legal", "refuse")
        decided.settle()
        assert decided.case(instance).outcome == "done"
    assert set(appointed_of(decided)) == {"周敏", "李若涵"}
    assert decided.results()["admin"] == ApplicationResult.RESERVE


def test_nobody_is_appointed_whom_no_notice_has_named_long_enough(decided: Selection) -> None:
    with pytest.raises(Conflict) as refused:
        appointing.appoint(decided.session, decided.round, 5)
    assert "还没有公示满规定的天数" in str(refused.value)
    decided.session.rollback()
    assert appointed_of(decided) == {}


def test_a_repeated_answer_or_a_later_tick_appoints_nobody_twice(decided: Selection) -> None:
    instance = decided.begin("appointment_stage")
    publish(decided, instance)
    with clock.frozen(clock.now() + timedelta(days=20)):
        decided.settle()
        for name in ("host", "teacher", "member", "admin"):
            answer(decided, name, "accept")
        for _ in range(3):
            ticks.tick(decided.session)
    assert len(appointed_of(decided)) == 4
    assert decided.session.get_one(ProcessInstance, instance).status == "completed"
    decided.session.refresh(decided.round)
    assert decided.round.stage == RoundStage.APPOINTING
