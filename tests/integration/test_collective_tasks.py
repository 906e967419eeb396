"""A task that many people are asked: its roll, its rules, its end, and what the case keeps of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db.collectives import CollectiveResponse
from app.db.journal import JournalEntry
from app.db.people import Position
from app.db.work import Submission
from app.domain import canonical, clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.acts.returns import Return
from app.services.completions import Completion, complete
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.panel_world import (
    answer,
    answering,
    case_of,
    member,
    opened,
    place_of,
    places,
    publish,
    recuse,
    responses,
    seat,
    start_panel,
    task_of,
)
from tests.integration.prepared import database, grant, school
from tests.integration.school import School
from tests.integration.test_statements import statements

__all__ = ["database", "school"]  # fixtures
START = clock.now()


def ended(school: School, instance: int) -> tuple[str, str | None]:
    case = case_of(school, instance)
    return case.status, case.outcome


def holds_together(school: School) -> bool:
    school.session.rollback()
    return list(journal.verify(school.session)) == [] and doctor.examine(school.session) == []


def test_everyone_of_the_roll_is_asked_and_the_last_answer_closes(school: School) -> None:
    instance, people = opened(school, 3)
    task = task_of(school.session, instance)
    assert (task.roll, task.recused, task.status) == (3, 0, "open")
    assert task.roll_hash == canonical.content_hash(people)
    assert places(school, instance) == dict.fromkeys(people, "open")
    todo = inbox.todo(school.session, member(school, people[0]), Query()).items
    assert [item.element for item in todo] == ["judge"]
    for person_id, verdict in zip(people, ("agree", "disagree", "agree"), strict=True):
        answer(school, instance, person_id, verdict)
    assert ended(school, instance) == ("completed", "was_agree")
    assert task_of(school.session, instance).outcome == "agree"
    assert case_of(school, instance).values["judge"] == {
        "verdict": "agree",
        "roll": 3,
        "answered": 3,
        "recused": 0,
        "counts": {"agree": 2, "disagree": 1},
        "closed_by": "rule",
    }
    done = inbox.done(school.session, member(school, people[0]), Query()).items
    assert [item.element for item in done] == ["judge"]
    assert holds_together(school)


def test_a_position_that_changes_after_the_opening_changes_no_roll(school: School) -> None:
    instance, people = opened(school, 2)
    with writing(school.session) as session:
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(Position).where(Position.person_id == people[0]).values(until_on=yesterday))
        place = {"organization_id": school.organizations["school"], "role": Role.TEACHER, "from_on": clock.today()}
        session.add(Position(person_id=people[0], **place))
    grant(school, "deputy", Role.LEADERSHIP_GROUP_MEMBER)
    assert set(places(school, instance)) == set(people)
    answer(school, instance, people[0])
    answer(school, instance, people[1])
    assert ended(school, instance) == ("completed", "was_agree")


def test_who_has_left_answers_no_more_and_the_doctor_tells_of_the_place(school: School) -> None:
    instance, people = opened(school, 2)
    answer(school, instance, people[0])
    with writing(school.session) as session:
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(Position).where(Position.person_id == people[1]).values(until_on=yesterday))
    with pytest.raises(Forbidden, match="不在这个单位任职"):
        answer(school, instance, people[1])
    with pytest.raises(Forbidden, match="不在这个单位任职"):
        recuse(school, instance, people[1])
    [found] = doctor.examine(school.session)
    assert "还等 1 个人办理" in found.chinese()
    with clock.frozen(START + timedelta(days=4)):
        ticks.tick(school.session)
    assert ended(school, instance) == ("completed", "was_incomplete")
    assert holds_together(school)


@pytest.mark.parametrize(
    ("attributes", "verdicts", "outcome", "left"),
    [
        ({"closing": "first", "verdicts": "agree disagree"}, ["disagree"], "was_disagree", 5),
        ({"closing": "ratio", "quorum": "2/3"}, ["agree"] * 4, "was_agree", 2),
        ({"closing": "ratio", "quorum": "2/3"}, ["agree", "disagree", "abstain", "disagree"], "was_disagree", 2),
        ({"closing": "all"}, ["agree", "disagree"] * 3, "was_tied", 0),
    ],
)
def test_a_rule_closes_as_soon_as_it_holds(
    school: School, attributes: Any, verdicts: list[str], outcome: str, left: int
) -> None:
    instance, people = opened(school, 6, **attributes)
    for person_id, verdict in zip(people, verdicts, strict=False):
        assert ended(school, instance)[0] == "running"
        answer(school, instance, person_id, verdict)
    assert ended(school, instance) == ("completed", outcome)
    assert list(places(school, instance).values()).count("cancelled") == left
    assert holds_together(school)


@pytest.mark.parametrize(
    ("attributes", "verdicts", "outcome"),
    [
        ({"closing": "quorum", "quorum": "2/3", "majority": "2/3"}, ["agree", "disagree"] * 2, "was_disagree"),
        ({"closing": "quorum", "quorum": "1/2", "majority": "2/3"}, ["agree", "abstain", "agree"], "was_agree"),
        ({"closing": "quorum", "quorum": "2/3"}, ["agree"] * 3, "was_no_quorum"),
        ({"closing": "all"}, ["agree"] * 5, "was_incomplete"),
        ({"closing": "ratio", "quorum": "2/3"}, ["agree"] * 3, "was_disagree"),
    ],
)
def test_the_deadline_closes_what_is_open(school: School, attributes: Any, verdicts: list[str], outcome: str) -> None:
    with clock.frozen(START):
        instance, people = opened(school, 6, **attributes)
        for person_id, verdict in zip(people, verdicts, strict=False):
            answer(school, instance, person_id, verdict)
    with clock.frozen(START + timedelta(days=3) - timedelta(seconds=1)):
        assert ticks.tick(school.session)["collectives"] == 0
    with clock.frozen(START + timedelta(days=3)):
        assert ticks.tick(school.session)["collectives"] == 1
        assert ticks.tick(school.session)["collectives"] == 0
    assert ended(school, instance) == ("completed", outcome)
    assert task_of(school.session, instance).closed_by == "deadline"
    assert holds_together(school)


def test_a_late_response_is_refused_and_leaves_the_deadline_done(school: School) -> None:
    with clock.frozen(START):
        instance, people = opened(school, 2)
        late = answering(school, instance, people[0])
    with clock.frozen(START + timedelta(days=3)), pytest.raises(Conflict, match="已经过了截止时间"):
        late(school.session)
    assert ended(school, instance) == ("completed", "was_incomplete")
    assert responses(school, instance) == {}


def test_who_is_judged_is_on_the_roll_and_is_not_asked(school: School) -> None:
    publish(school, about="initiator", closing="ratio", quorum="1/2")
    people = seat(school, 2)
    grant(school, "teacher", Role.LEADERSHIP_GROUP_MEMBER)
    instance = start_panel(school)
    judged = school.people["teacher"]
    assert places(school, instance) == {**dict.fromkeys(people, "open"), judged: "recused"}
    task = task_of(school.session, instance)
    assert (task.roll, task.recused) == (3, 1)
    with pytest.raises(Stale):
        answer(school, instance, judged)
    answer(school, instance, people[0])
    assert ended(school, instance) == ("completed", "was_agree")


def test_a_person_named_by_a_value_is_not_asked(school: School) -> None:
    publish(school, about="ask.candidate")
    people = seat(school, 2)
    instance = start_panel(school, candidate=people[1])
    assert places(school, instance) == {people[0]: "open", people[1]: "recused"}


def test_a_member_steps_aside_for_a_reason_and_is_not_counted(school: School) -> None:
    instance, people = opened(school, 3)
    with pytest.raises(Invalid):
        recuse(school, instance, people[0], " ")
    recuse(school, instance, people[0])
    assert responses(school, instance) == {people[0]: "recused"}
    with pytest.raises(Stale):
        answer(school, instance, people[0])
    answer(school, instance, people[1])
    with pytest.raises(Stale):
        recuse(school, instance, people[1])
    answer(school, instance, people[2])
    values = case_of(school, instance).values["judge"]
    assert (values["verdict"], values["roll"], values["answered"], values["recused"]) == ("agree", 3, 2, 1)
    assert holds_together(school)


@pytest.mark.parametrize("closing", ["all", "first", "ratio", "quorum"])
def test_an_empty_roll_is_no_dead_end(school: School, closing: str) -> None:
    quorum = "1/2" if closing in {"ratio", "quorum"} else None
    publish(school, closing=closing, quorum=quorum, verdicts="agree disagree")
    instance = start_panel(school)
    assert task_of(school.session, instance).status == "settled"
    ticks.tick(school.session)
    assert ended(school, instance) == ("completed", "was_no_quorum")
    assert holds_together(school)


def test_all_may_step_aside(school: School) -> None:
    instance, people = opened(school, 2)
    for person_id in people:
        recuse(school, instance, person_id)
    assert ended(school, instance) == ("completed", "was_no_quorum")


def test_the_next_round_has_a_fresh_roll_and_counts_anew(school: School) -> None:
    instance, people = opened(school, 2, verdicts="agree return")
    for person_id in people:
        answer(school, instance, person_id, "return")
    first = task_of(school.session, instance).id
    latecomer = seat_one(school)
    item = school.open_item(instance)
    again = Completion(item.revision, "submit", {"topic": "再推荐"})
    complete(school.session, school.actor("teacher"), item.id, again)
    task = task_of(school.session, instance)
    assert task.id != first
    assert (task.roll, task.counts) == (3, {})
    assert set(places(school, instance)) == {*people, latecomer}
    assert "judge" not in case_of(school, instance).values
    for person_id in (*people, latecomer):
        answer(school, instance, person_id)
    assert ended(school, instance) == ("completed", "was_agree")
    assert holds_together(school)


def seat_one(school: School) -> int:
    grant(school, "deputy", Role.LEADERSHIP_GROUP_MEMBER)
    return school.people["deputy"]


def test_a_withdrawal_calls_the_task_off(school: School) -> None:
    instance, people = opened(school, 2)
    interventions.withdraw(school.session, school.actor("teacher"), instance, "不用了")
    assert task_of(school.session, instance).status == "cancelled"
    assert set(places(school, instance).values()) == {"cancelled"}
    with pytest.raises(Stale):
        answer(school, instance, people[0])
    ticks.tick(school.session)
    assert ended(school, instance) == ("withdrawn", None)
    assert holds_together(school)


def test_who_was_answered_cannot_withdraw_and_an_administrator_can_cancel(school: School) -> None:
    instance, people = opened(school, 2)
    answer(school, instance, people[0])
    with pytest.raises(Conflict):
        interventions.withdraw(school.session, school.actor("teacher"), instance, "不用了")
    interventions.cancel(school.session, school.actor("admin"), instance, "有误")
    assert sorted(places(school, instance).values()) == ["cancelled", "done"]
    assert holds_together(school)


def test_a_suspended_case_takes_no_answers_and_closes_after_it_is_resumed(school: School) -> None:
    with clock.frozen(START):
        instance, people = opened(school, 2)
        interventions.suspend(school.session, school.actor("admin"), instance, "核查")
        with pytest.raises(Conflict, match="已经暂停"):
            answer(school, instance, people[0])
    with clock.frozen(START + timedelta(days=4)):
        assert ticks.tick(school.session)["collectives"] == 0
        interventions.resume(school.session, school.actor("admin"), instance)
        ticks.tick(school.session)
    assert ended(school, instance) == ("completed", "was_incomplete")


def test_nobody_answers_for_another_and_nobody_alone_sends_the_case_back(school: School) -> None:
    instance, people = opened(school, 2)
    item_id = place_of(school.session, instance, people[0]).id
    with pytest.raises(Forbidden):
        complete(school.session, member(school, people[1]), item_id, Completion(1, "agree"))
    with pytest.raises(NotFound):
        complete(school.session, school.actor("other_admin"), item_id, Completion(1, "agree"))
    with pytest.raises(Invalid):
        answer(school, instance, people[0], "accept")
    # A vote needs no reason.
    answer(school, instance, people[1], "disagree", comment="")
    with pytest.raises(Conflict):
        interventions.return_to(school.session, member(school, people[0]), item_id, Return("ask", "不合适"))


def test_the_form_of_each_member_stays_with_the_answer(school: School) -> None:
    instance, people = opened(school, 2, form="opinion")
    with pytest.raises(Invalid):
        answer(school, instance, people[0])
    answer(school, instance, people[0], values={"opinion": "扎实"})
    answer(school, instance, people[1], values={"opinion": "一般"})
    school.session.rollback()
    assert "opinion" not in case_of(school, instance).values["judge"]
    assert school.session.scalars(select(Submission).where(Submission.element == "judge")).all() == []


def test_who_did_the_step_before_is_not_on_the_roll(school: School) -> None:
    grant(school, "teacher", Role.LEADERSHIP_GROUP_MEMBER)
    instance, people = opened(school, 2, distinctFrom="ask")
    assert set(places(school, instance)) == set(people)


def test_the_journal_of_the_task_is_its_own_and_tells_of_any_change(school: School) -> None:
    instance, people = opened(school, 2, secrecy="confidential")
    for person_id in people:
        answer(school, instance, person_id)
    task = task_of(school.session, instance)
    own = school.session.scalars(
        select(JournalEntry).where(JournalEntry.collective_id == task.id).order_by(JournalEntry.sequence)
    ).all()
    assert [entry.action for entry in own] == ["open", "respond", "respond", "close"]
    assert all(entry.instance_id is None for entry in own)
    assert "agree" not in str(own[1].details)
    seen = [entry.action for entry in journal.case_entries(school.session, instance)]
    assert "respond" not in seen
    task_id, entry_id = task.id, own[1].id
    changed = CollectiveResponse.person_id == people[1]
    with writing(school.session) as session:
        session.execute(update(JournalEntry).where(JournalEntry.id == entry_id).values(actor_title="别人"))
        session.execute(update(CollectiveResponse).where(changed).values(verdict="disagree"))
    found = [(fault.chain, fault.sequence) for fault in journal.verify(school.session)]
    assert found == [(f"collective/{task_id}", 2), (f"collective/{task_id}", 3)]


def test_the_row_of_a_place_holds_no_verdict(school: School) -> None:
    instance, people = opened(school, 2, secrecy="confidential")
    answer(school, instance, people[0])
    assert place_of(school.session, instance, people[0]).verdict is None


def test_a_response_costs_the_same_whatever_the_roll(school: School) -> None:
    publish(school)
    costs = []
    for number in (3, 300):
        people = seat(school, number, start=1000 * number)
        click = answering(school, start_panel(school), people[0])
        with statements(school.session) as seen:
            click(school.session)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6


def test_a_closed_panel_may_be_returned_to(school: School) -> None:
    instance, people = opened(school, 2, verdicts="agree return")
    for person_id in people:
        answer(school, instance, person_id, "return")
    item = school.open_item(instance)
    teacher = school.actor("teacher")
    interventions.return_to(school.session, teacher, item.id, Return("judge", "请再评议"))
    task = task_of(school.session, instance)
    assert (task.status, task.counts) == ("open", {})
    assert places(school, instance) == dict.fromkeys(people, "open")
    assert holds_together(school)
