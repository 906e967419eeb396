"""Opening a round, its dates, too few applications, calling it off, and who sees what of it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from app.db.journal import JournalEntry
from app.db.processes import Timer
from app.db.rounds import RoundDateChange
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from app.domain.rounds import ApplicationResult, RoundDate, RoundStage
from app.domain.vocabulary import InstanceStatus, Role
from app.services.acts import interventions
from app.services.reading.cases import case_view
from app.services.rounds import dates, listing, sight
from app.views.presenters import checks
from tests.integration.ballot_world import hire
from tests.integration.prepared import database, school
from tests.integration.round_world import Selecting, selecting, working_day
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


@pytest.fixture
def world(school: School) -> Selecting:
    return selecting(school, candidates=2, members=1)


def after_window(world: Selecting, case: int) -> datetime:
    until = world.round_of(case).dates["apply_until"]
    return datetime.fromisoformat(f"{until}T00:10:00+08:00") + timedelta(days=1)


def test_a_round_is_opened_with_the_rules_that_the_office_left_or_changed(world: Selecting) -> None:
    seen = world.open(notice_days=7, quorum="2/3")
    rules = world.case_of(seen).rules
    assert (rules["notice.working_days"]["value"], seen.settings["notice.working_days"]) == (7, 7)
    assert (rules["selection.quorum"]["text"], seen.settings["selection.quorum"]) == ("不低于名册的三分之二", "2/3")
    # What was left out is the rule's, and the case shows it filled in.
    assert world.case_of(seen).values["submit_round"]["tie_break"] == "panel"
    assert [row["points"] for row in seen.settings["selection.criteria"]] == [30, 30, 20, 20]
    days = [date.fromisoformat(seen.dates[name]) for name in RoundDate]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"notice_days": 3}, "notice_days"),
        ({"quorum": "x"}, "quorum"),
        ({"criteria": [{"name": "育人实绩", "points": 90}]}, "criteria"),
        ({"apply_until": "2020-01-02"}, "apply_until"),
        ({"term_until": "2020-01-02"}, "term_until"),
    ],
)
def test_what_a_lock_or_the_calendar_forbids_is_refused_at_its_field(
    world: Selecting, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.open(**changes)
    assert {path.split(".")[0] for path in refused.value.errors} == {field}
    if field == "notice_days":
        assert isinstance(refused.value, Refused)


def test_a_moved_window_is_journalled_and_waited_for_anew(world: Selecting) -> None:
    seen, office = world.open(), world.actor(world.office)
    later, before = working_day(8), seen.revision
    dates.move(world.school.session, office, seen.id, RoundDate.APPLY_UNTIL, later, " 期中考试顺延 ", before)
    world.settle()
    moved, session = world.again(seen), world.school.session
    assert (moved.dates["apply_until"], moved.revision > before) == (later.isoformat(), True)
    assert date.fromisoformat(moved.dates["review_until"]) > later
    change = session.scalars(select(RoundDateChange)).one()
    assert (change.after, change.reason, change.person_id) == (later, "期中考试顺延", world.office)
    told = session.scalars(select(JournalEntry).where(JournalEntry.action == "move_round_date")).one()
    assert told.details["reason"] == "期中考试顺延"
    waits = select(Timer.due_at).where(Timer.instance_id == seen.instance_id, Timer.fired_at.is_(None))
    assert [clock.shanghai(due_at).date() for due_at in session.scalars(waits)] == [later]


def test_a_date_is_moved_by_its_office_alone_with_a_reason_while_it_is_to_come(world: Selecting) -> None:
    seen, session, later = world.open(), world.school.session, working_day(8)
    window = RoundDate.APPLY_UNTIL

    def move(person: int, name: RoundDate = window, to: date = later, why: str = "顺延", revision: int = 1) -> None:
        dates.move(session, world.actor(person), seen.id, name, to, why, revision)

    with pytest.raises(Forbidden):
        move(world.candidates[0])
    with pytest.raises(NotFound):
        move(world.school.people["other_host"])
    with pytest.raises(Stale):
        move(world.office, revision=7)
    with pytest.raises(Conflict):
        move(world.office, RoundDate.NOTICE_UNTIL)
    with pytest.raises(Invalid) as refused:
        move(world.office, to=clock.today() - timedelta(days=1), why=" ")
    assert set(refused.value.errors) == {"date", "reason"}
    with pytest.raises(Invalid) as far:
        move(world.office, to=date(9999, 12, 30))
    assert set(far.value.errors) == {"date"}
    with clock.frozen(after_window(world, seen.instance_id)), pytest.raises(Conflict):
        move(world.office, to=working_day(20))


def test_a_window_lies_within_a_year(world: Selecting) -> None:
    for window in ({"apply_until": "9999-12-30"}, {"apply_from": "0001-01-01"}):
        with pytest.raises(Invalid) as refused:
            world.open(**window)
        assert set(refused.value.errors) == {"apply_until"}


def test_too_few_are_decided_by_the_leader_who_extends_once(world: Selecting) -> None:
    seen, leader = world.open(seats=2), world.school.people["legal"]
    case = world.apply(seen, world.candidates[0])
    world.do(case, "check_application", world.office, "accept")
    with clock.frozen(after_window(world, seen.instance_id)):
        world.settle()
        item = world.item(seen.instance_id, "decide_few")
        view = case_view(world.school.session, world.actor(leader), seen.instance_id)
        told = [one["text"] for one in checks.beside(view.values, item.element)]
        assert told == ["名额 2 个，受理主持人 1 人、成员 0 人。"]
        world.do(seen.instance_id, "decide_few", leader, values={"choice": "extend", "reason": "还有老师想申报"})
        world.settle()
        extended = world.again(seen)
        assert (extended.is_extended, extended.stage) == (True, RoundStage.APPLYING)
    with clock.frozen(after_window(world, seen.instance_id)):
        world.settle()
        with pytest.raises(Invalid):
            world.do(seen.instance_id, "decide_few", leader, values={"choice": "extend", "reason": "再等等"})
        world.do(seen.instance_id, "decide_few", leader, values={"choice": "go_on", "reason": "先建一个"})
        assert world.again(seen).stage == RoundStage.REVIEWING


def test_nobody_applied_and_nobody_decides(world: Selecting) -> None:
    seen = world.open()
    for _ in range(2):
        with clock.frozen(after_window(world, seen.instance_id)):
            world.settle()
        with clock.frozen(after_window(world, seen.instance_id) + timedelta(days=8)):
            world.settle()
    assert (world.again(seen).stage, world.case_of(seen).outcome) == (RoundStage.CALLED_OFF, "called_off")


def test_a_round_that_is_cancelled_gives_its_applicants_their_result(world: Selecting) -> None:
    seen, session = world.open(), world.school.session
    accepted, pending = (world.apply(seen, person) for person in world.candidates)
    world.do(accepted, "check_application", world.office, "accept")
    interventions.cancel(session, world.school.actor("admin"), seen.instance_id, "今年不评了")
    world.settle()
    assert world.again(seen).stage == RoundStage.CALLED_OFF
    assert world.case_of(seen).status == InstanceStatus.CANCELLED
    assert {world.application(one).result for one in (accepted, pending)} == {ApplicationResult.NOT_CHOSEN}


def test_each_sees_of_the_applications_what_concerns_them(world: Selecting) -> None:
    seen, session = world.open(), world.school.session
    cases = [world.apply(seen, person) for person in world.candidates]

    def applications(person: int) -> set[int]:
        view = listing.round_view(session, world.actor(person), seen.id)
        return {one.instance_id for one in view.applications}

    assert applications(world.office) == set(cases)
    assert applications(world.candidates[0]) == {cases[0]}
    assert applications(world.members[0]) == set()
    assert applications(hire(world.school, 1, Role.BUREAU_REVIEWER, where="district")[0]) == set(cases)
    with pytest.raises(NotFound):
        applications(world.school.people["other_host"])
    own = world.application(cases[0])
    own.result = ApplicationResult.RESERVE
    assert sight.shown_result(own) is None


def test_the_list_costs_the_same_for_many_rounds(world: Selecting) -> None:
    session = world.school.session
    actor = world.actor(world.office)

    def statements() -> int:
        session.rollback()
        session.expunge_all()
        seen: list[str] = []
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *told: seen.append(told[2]))
        found = listing.rounds(session, actor)
        assert all(one.organization.name and one.instance.serial for one in found.items)
        listing.counts_of(session, found.items)
        return len(seen)

    world.open()
    few = statements()
    for number in range(3):
        world.open(title=f"第{number}批")
    assert statements() == few
