"""Returning a case by hand: to whom, in both ways, what it voids and arms, and that every case comes to its end."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.collectives import CollectiveTask
from app.db.processes import Timer
from app.db.work import Notification, Signature, WorkItem
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.acts import claims, interventions, return_offers
from app.services.acts.item_acts import Asked
from app.services.acts.returns import Mode, Return
from app.services.reading.cases import case_view
from app.services.reading.history import timeline
from app.services.timing import ticks
from tests.integration.crowd import at_once, click, open_item, refusals
from tests.integration.panel_world import answer, opened, task_of
from tests.integration.prepared import (
    database,
    grant,
    operations,
    school,
    start_watched,
)
from tests.integration.returning import MAIN, REVISE, case_of, do, finish, offers_of, send_back, start_of, walk_to
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures
BACK = Mode.BACK


def returned_from(school: School, process: str, instance: int, values: Any, stop: str) -> list[tuple[str, str, str]]:
    """Return to every target that a stop offers in every way, walking back to the stop each time."""
    walk_to(school, process, instance, values, stop)
    ways = [(one.element, mode) for one in offers_of(school, instance).targets for mode in one.modes]
    for target, mode in ways:
        walk_to(school, process, instance, values, stop)
        send_back(school, MAIN[process][stop][0], instance, target, mode)
        item = school.open_item(instance)
        assert (item.element, item.is_returned) == (target, True)
        assert item.comes_back_to == (stop if mode == BACK else None)
        assert doctor.examine(school.session) == []
        do(school, process, instance, values)
        assert mode != BACK or school.open_item(instance).element == stop
    return [(stop, target, mode) for target, mode in ways]


# Through the services and both databases; tests/scenarios/test_returns.py does it with the scenarios of every process.
@pytest.mark.parametrize("process", sorted(MAIN))
def test_a_case_goes_on_from_wherever_it_is_returned_to(school: School, process: str) -> None:
    instance, values = start_of(school, process)
    tried = [way for stop in MAIN[process] for way in returned_from(school, process, instance, values, stop)]
    finish(school, process, instance, values)
    stops = list(MAIN[process])
    pairs = [(stop, target) for place, stop in enumerate(stops) for target in (REVISE[process], *stops[:place])]
    assert set(tried) == {(*pair, mode) for pair in pairs for mode in Mode}
    assert case_of(school, instance).outcome in {"booked", "confirmed", "reversed", "filed"}
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_who_may_return_and_what_is_refused(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    item, legal = school.open_item(instance), school.actor("legal")

    def send(name: str, *asked: Any, **more: Any) -> None:
        interventions.return_to(school.session, school.actor(name), item.id, Return(*asked, **more))

    for name, refusal in (("finance", Forbidden), ("admin", Forbidden), ("other_legal", NotFound)):
        with pytest.raises(refusal):
            send(name, "host_sign", "退")
        with pytest.raises(refusal):
            return_offers.offers_at(school.session, school.actor(name), item.id)
    with pytest.raises(Stale):
        send("legal", "host_sign", "退", revision=9)
    for wrong, field in (
        (Return("finance_book", "往前"), "to"),
        (Return("host_sign", " "), "reason"),
        (Return("host_sign", "退", "away"), "mode"),
    ):
        with pytest.raises(Invalid) as refused:
            interventions.return_to(school.session, legal, item.id, wrong)
        assert set(refused.value.errors) == {field}


def test_the_initiator_and_the_previous_step_are_named(school: School) -> None:
    instance = school.start_expense()
    first = {one.element: (one.is_initiator, one.is_previous) for one in offers_of(school, instance).targets}
    assert first == {"revise_draft": (True, True)}
    school.act(instance, "host", "sign")
    found = {one.element: one for one in offers_of(school, instance).targets}
    assert {name: (one.is_initiator, one.is_previous) for name, one in found.items()} == {
        "host_sign": (False, True),
        "revise_draft": (True, False),
    }
    assert (found["host_sign"].finished.person, found["revise_draft"].finished.person) == ("周敏", "周敏")
    send_back(school, "legal", instance, "previous")
    assert school.open_item(instance).element == "host_sign"
    send_back(school, "host", instance, "initiator")
    assert school.open_item(instance).element == "revise_draft"


def test_of_two_clicks_one_returns(school: School, database: Engine) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    item, legal = school.open_item(instance), school.actor("legal")
    asked, item_id = Return("host_sign", "退", revision=item.revision), item.id
    school.session.rollback()
    answers = at_once(
        database, *[lambda session: interventions.return_to(session, legal, item_id, asked) for _click in range(2)]
    )
    assert refusals(answers) == [Stale]
    assert school.open_item(instance).element == "host_sign"
    assert doctor.examine(school.session) == []


def test_the_initiator_is_told_who_returned_it_and_why(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    send_back(school, "legal", instance, "initiator", why="换一张发票再报")
    ticks.tick(school.session)
    told = select(Notification.text).where(Notification.person_id == school.people["host"])
    assert any("陈国栋（法定代表人）退回，意见：“换一张发票再报”" in text for text in school.session.scalars(told))
    found = next(one for one in timeline(school.session, view_of(school, instance)) if one.kind == "return")
    assert (found.person, found.position, found.text) == ("陈国栋", "法定代表人", "换一张发票再报")
    assert (found.element, found.is_coming_back) == ("revise_draft", False)


def test_returning_voids_the_signature_of_the_task_returned_to(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    send_back(school, "legal", instance, "host_sign")
    assert school.session.scalars(select(Signature)).one().void_reason == "退回后要重新签字"


def test_an_unchanged_draft_comes_straight_back_and_a_changed_one_is_signed_again(school: School) -> None:
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "finance_book")
    send_back(school, "finance", instance, "revise_draft", BACK, "付款方名称请核对")
    school.act(instance, "host", "submit", values)
    assert school.open_item(instance).element == "finance_book"
    assert [one.kind for one in timeline(school.session, view_of(school, instance))][1] == "came_back"
    send_back(school, "finance", instance, "revise_draft", BACK)
    school.act(instance, "host", "submit", {**values, "purpose": "跨校主题班会观摩活动：改印一册资料"})
    # The signatures are over other content now: the case cannot come to the booking without them.
    assert school.open_item(instance).element == "host_sign"
    finish(school, "expense_approval", instance, values)
    assert case_of(school, instance).outcome == "booked"


def test_a_negative_answer_goes_the_drawn_way(school: School) -> None:
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "finance_book")
    send_back(school, "finance", instance, "legal_sign", BACK)
    school.act(instance, "legal", "return")
    item = school.open_item(instance)
    assert (item.element, item.comes_back_to) == ("revise_draft", None)


def test_returns_within_returns_come_back_one_by_one(school: School) -> None:
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "finance_book")
    send_back(school, "finance", instance, "legal_sign", BACK)
    send_back(school, "legal", instance, "host_sign", BACK)
    school.act(instance, "host", "sign")
    item = school.open_item(instance)
    assert (item.element, item.comes_back_to) == ("legal_sign", "finance_book")
    school.act(instance, "legal", "sign")
    assert school.open_item(instance).element == "finance_book"
    # Who has it walked again from further back gives up the way straight back.
    send_back(school, "finance", instance, "legal_sign", BACK)
    send_back(school, "legal", instance, "host_sign")
    school.act(instance, "host", "sign")
    assert school.open_item(instance).comes_back_to is None


def test_two_people_who_return_to_each_other_come_to_an_end(school: School) -> None:
    instance, values = start_of(school, "semester_plan")
    walk_to(school, "semester_plan", instance, values, "deputy_approve")
    send_back(school, "deputy", instance, "office_review", BACK)
    for _ in range(2):
        send_back(school, "teacher", instance, "revise_plan", BACK)
        send_back(school, "host", instance, "office_review", BACK)
    passed = []
    while (item := school.open_item(instance)).element != "deputy_approve":
        passed.append((item.element, item.comes_back_to))
        assert len(passed) < 9
        do(school, "semester_plan", instance, values)
    office, host = ("office_review", "revise_plan"), ("revise_plan", "office_review")
    assert passed == [office, host, office, host, ("office_review", "deputy_approve")]
    finish(school, "semester_plan", instance, values)
    assert case_of(school, instance).outcome == "filed"


def test_it_comes_back_to_whoever_had_claimed_the_task(school: School) -> None:
    instance, values = start_of(school, "semester_plan")
    grant(school, "member", Role.MORAL_EDUCATION_OFFICE)
    item = school.open_item(instance)
    claims.claim(school.session, Asked(school.actor("member"), item.id))
    send_back(school, "member", instance, "initiator", BACK)
    school.act(instance, "host", "submit", values)
    item = school.open_item(instance)
    assert (item.element, item.assignee_id) == ("office_review", school.people["member"])
    claims.release(school.session, Asked(school.actor("member"), item.id))
    send_back(school, "teacher", instance, "initiator", BACK)
    school.act(instance, "host", "submit", values)
    assert school.open_item(instance).assignee_id is None


def test_four_eyes_hold_when_the_case_comes_back(school: School) -> None:
    grant(school, "legal", Role.TEACHER)
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "legal_sign")
    send_back(school, "legal", instance, "host_sign", BACK)
    school.act(instance, "host", "sign")
    item = school.open_item(instance)
    excluded = school.session.get_one(WorkItem, item.id)
    assert excluded.element == "legal_sign"
    with pytest.raises(Forbidden):
        click(school, instance, "host", "sign")(school.session)


@pytest.mark.usefixtures("operations")
def test_deadlines_and_timers_are_armed_again_and_the_origins_are_gone(school: School) -> None:
    instance = start_watched(school)
    school.act(instance, "legal", "agree")
    for name, element in (("finance", "first_sign"), ("legal", "second_sign")):
        click(school, instance, name, "sign", element=element)(school.session)
    with clock.frozen(clock.now() + timedelta(days=4)):
        send_back(school, "admin", instance, "answer")
        item, now = school.open_item(instance), clock.now()
        assert item.due_at == now + timedelta(days=2)
        armed = select(Timer.element, Timer.due_at).where(Timer.instance_id == instance, Timer.fired_at.is_(None))
        assert {element: due - now for element, due in school.session.execute(armed)} == {
            "remind": timedelta(days=1),
            "give_up": timedelta(days=5),
        }
    with clock.frozen(clock.now() + timedelta(days=10)):
        ticks.tick(school.session)
        assert case_of(school, instance).outcome == "late"


@pytest.mark.usefixtures("operations")
def test_a_deadline_of_the_target_leads_where_it_is_drawn(school: School) -> None:
    instance = start_watched(school)
    school.act(instance, "legal", "return")
    send_back(school, "teacher", instance, "answer", BACK)
    with clock.frozen(clock.now() + timedelta(days=6)):
        ticks.tick(school.session)
    assert case_of(school, instance).outcome == "late"


def test_a_case_on_its_way_back_can_be_withdrawn(school: School) -> None:
    instance = school.start_expense()
    send_back(school, "host", instance, "initiator", BACK)
    interventions.withdraw(school.session, school.actor("host"), instance, "")
    assert case_of(school, instance).status == "withdrawn"
    assert doctor.examine(school.session) == []


def test_a_loop_does_not_let_a_return_skip_a_signature(school: School) -> None:
    instance = school.start_expense()
    school.act(instance, "host", "sign")
    school.act(instance, "legal", "return")
    school.act(instance, "host", "submit", school.expense_values(amount=400_000))
    assert school.open_item(instance).element == "host_sign"
    with pytest.raises(Invalid) as refused:
        send_back(school, "host", instance, "legal_sign")
    assert "主持人签字" in refused.value.errors["to"][0].chinese()


def test_a_returned_answer_stands_for_no_signature(school: School) -> None:
    instance, values = start_of(school, "expense_approval")
    walk_to(school, "expense_approval", instance, values, "finance_book")
    send_back(school, "finance", instance, "host_sign")
    school.act(instance, "host", "return")
    assert school.open_item(instance).element == "revise_draft"
    with pytest.raises(Invalid):
        send_back(school, "host", instance, "legal_sign")


@pytest.mark.usefixtures("operations")
def test_parallel_branches_say_why_they_cannot_be_returned(school: School) -> None:
    instance = start_watched(school)
    school.act(instance, "legal", "agree")
    first = open_item(school, instance, "first_sign")
    _task, offers = return_offers.offers_at(school.session, school.actor("finance"), first.id)
    assert (offers.targets, {one.name for one in offers.barred}) == ((), {"答复", "再提"})
    assert all("同时办理" in one.reason.chinese() for one in offers.barred)
    with pytest.raises(Conflict):
        interventions.return_to(school.session, school.actor("finance"), first.id, Return("answer", "退"))
    for name, element in (("finance", "first_sign"), ("legal", "second_sign")):
        click(school, instance, name, "sign", element=element)(school.session)
    barred = {one.element: one.reason.chinese() for one in offers_of(school, instance).barred}
    assert set(barred) == {"first_sign", "second_sign"}
    assert all("分开办理之前" in reason for reason in barred.values())
    with pytest.raises(Conflict):
        send_back(school, "admin", instance, "first_sign")
    send_back(school, "admin", instance, "answer")
    assert school.open_item(instance).element == "answer"
    assert doctor.examine(school.session) == []


def test_a_task_of_many_opens_with_a_fresh_roll_and_comes_back(school: School) -> None:
    instance, people = opened(school, 2, verdicts="agree return")
    for person in people:
        answer(school, instance, person, "return")
    item = open_item(school, instance, "again")
    teacher = school.actor("teacher")
    interventions.return_to(school.session, teacher, item.id, Return("judge", "请再评议", BACK))
    asked = task_of(school.session, instance)
    assert (asked.roll, asked.counts, asked.comes_back_to) == (2, {}, "again")
    for person in people:
        answer(school, instance, person, "return")
    # They said again that it must be revised: the drawn way.
    assert open_item(school, instance, "again").comes_back_to is None
    closed = select(CollectiveTask.status).where(CollectiveTask.instance_id == instance)
    assert set(school.session.scalars(closed)) == {"closed"}


def view_of(school: School, instance: int) -> Any:
    school.session.rollback()
    return case_view(school.session, school.actor("host"), instance)
