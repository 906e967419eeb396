"""A secret ballot from the scrutineers' passphrases to the tally, on both databases."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.db.ballots import BallotKey
from app.db.base import Base
from app.db.collectives import CollectiveTask
from app.db.people import Position
from app.db.work import Notification
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.domain.identity import Actor
from app.domain.vocabulary import CollectiveStatus, Role, WorkItemStatus
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.attention import reminders
from app.services.ballots import counting, openings, roll_checks, standings, votes
from app.services.ballots.roll_checks import Remark
from app.services.collective import collective_responses
from app.services.collective.collective_responses import Request, Response
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.reading.todo import open_kinds
from app.services.transactions import writing
from tests.integration.ballot_world import (
    KEEPERS,
    PASSPHRASES,
    ballot,
    ballot_of,
    case_of,
    confirm,
    count,
    counted,
    end,
    envelopes,
    hand_in,
    hire,
    items,
    member,
    opened,
    prepared,
    start_vote,
    task_of,
    vote,
)
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures


def todo(school: School, actor: Actor) -> list[str]:
    return [row.element_name for row in inbox.todo(school.session, actor, Query()).items]


def test_voting_opens_with_the_third_passphrase_and_freezes_the_roll(school: School) -> None:
    ballot_id, people = prepared(school, 4)
    assert todo(school, school.actor("deputy")) == ["监票：设置监票口令"]
    assert task_of(school, ballot_id).status == CollectiveStatus.PREPARING
    for name in KEEPERS:
        with pytest.raises(NotFound):
            vote(school, ballot_id, people[0], "1")
        openings.set_passphrase(school.session, school.actor(name), ballot_id, PASSPHRASES[name])
    task = task_of(school, ballot_id)
    voters = {*people, school.people["host"]}
    assert (task.status, task.roll, set(envelopes(school, ballot_id))) == (CollectiveStatus.OPEN, 5, voters)
    assert todo(school, school.actor("deputy")) == []
    assert todo(school, member(school, people[0])) == ["投票"]
    with pytest.raises(Conflict):
        openings.set_passphrase(school.session, school.actor("deputy"), ballot_id, "另外一个口令来着")
    late = hire(school, 1, Role.HOMEROOM_TEACHER, start=50)
    view = standings.ballot_view(school.session, member(school, people[0]), ballot_id)
    assert roll_checks.roll_check(school.session, view).names == {Remark.JOINED: ["老师50"]}
    with pytest.raises(NotFound):
        vote(school, ballot_id, late[0], "1")


def test_a_vote_changes_nothing_but_its_envelope(school: School) -> None:
    ballot_id, people = opened(school)
    before = dump(school)
    lengths = set()
    for person_id, chosen in zip(people, (["1"], ["1", "2"], [], ["4"], ["3"], ["2"]), strict=True):
        vote(school, ballot_id, person_id, *chosen)
    vote(school, ballot_id, people[0], "2")
    after = dump(school)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"ballot_seat"}
    lengths = {len(one) for one in envelopes(school, ballot_id).values() if one is not None}
    assert lengths == {96}
    for actor, waiting in ((member(school, people[0]), []), (school.actor("host"), ["投票"])):
        assert todo(school, actor) == waiting
        assert len(open_kinds(school.session, actor)) == len(waiting)


def dump(school: School) -> dict[str, list[Any]]:
    """Return every row of every table."""
    school.session.rollback()
    return {
        table.name: sorted(map(repr, school.session.execute(select(table)))) for table in Base.metadata.sorted_tables
    }


def test_assistants_vote_where_the_ballot_says_so_and_nobody_twice(school: School) -> None:
    assistants = hire(school, 2, Role.ASSISTANT_HOMEROOM_TEACHER)
    both = school.people["host"]
    position = Position(
        person_id=both,
        organization_id=school.organizations["school"],
        role=Role.ASSISTANT_HOMEROOM_TEACHER,
        from_on=clock.today(),
    )
    with writing(school.session) as session:
        session.add(position)
    ballot_id, people = opened(school, 3, assistants_vote=True)
    assert set(envelopes(school, ballot_id)) == {*people, *assistants, both}
    assert task_of(school, ballot_id).roll == 6
    vote(school, ballot_id, assistants[0], "1")


def test_candidates_do_not_vote_where_the_ballot_says_so(school: School) -> None:
    hand_in(school, candidates_vote="false")
    candidates = hire(school, 2, Role.HOMEROOM_TEACHER, start=60)
    names = [{"id": person_id, "name": f"老师{person_id}"} for person_id in candidates]
    ballot_id, people = opened(school, 4, names=names)
    assert set(envelopes(school, ballot_id)) == {*people, school.people["host"]}
    with pytest.raises(NotFound):
        vote(school, ballot_id, candidates[0], str(candidates[1]))
    view = standings.ballot_view(school.session, member(school, people[0]), ballot_id)
    check = roll_checks.roll_check(school.session, view)
    assert check.names == {Remark.LEFT_OUT: ["老师60", "老师61"]}


def test_two_scrutineers_count_and_confirm(school: School) -> None:
    ballot_id, people = opened(school)
    first = vote(school, ballot_id, people[0], "1")
    receipts = [vote(school, ballot_id, people[0], "2", "3")]
    receipts += [
        vote(school, ballot_id, one, *chosen) for one, chosen in zip(people[1:4], (["2"], [], ["3"]), strict=True)
    ]
    end(school, ballot_id)
    assert task_of(school, ballot_id).status == CollectiveStatus.COUNTING
    assert {item.status for item in items(school, ballot_id, people[5])} == {WorkItemStatus.CANCELLED}
    assert {item.status for item in items(school, ballot_id, people[0])} == {WorkItemStatus.CANCELLED}
    with pytest.raises(Conflict):
        vote(school, ballot_id, people[5], "1")
    assert todo(school, school.actor("finance")) == ["监票：开启选票，计票"]
    assert count(school, ballot_id, "finance") is None
    with pytest.raises(Conflict):
        confirm(school, ballot_id, "finance")
    found = count(school, ballot_id, "admin")
    assert found is not None
    assert (found.tally.votes, found.tally.abstained, found.tally.void) == ((0, 2, 2, 0), 1, 0)
    assert ballot(school, ballot_id).votes is None
    assert case_of(school, ballot_id).outcome is None
    assert confirm(school, ballot_id, "admin") is False
    assert confirm(school, ballot_id, "admin") is False
    again = count(school, ballot_id, "finance")
    assert again is not None
    assert again.mark == found.mark
    assert confirm(school, ballot_id, "finance") is True
    done = ballot(school, ballot_id)
    assert (done.votes, done.receipts, done.answered) == ([0, 2, 2, 0], sorted(receipts), 4)
    assert first not in (done.receipts or [])
    case = case_of(school, ballot_id)
    assert case.outcome == "counted"
    result = case.values["hold_vote"]["vote"]
    assert (result["roll"], result["answered"], result["verdict"]) == (7, 4, "counted")
    assert result["tally"][1] == {"id": "2", "votes": 2}
    with pytest.raises(Conflict):
        count(school, ballot_id, "finance")
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_wrong_papers_are_refused(school: School) -> None:
    ballot_id, people = opened(school)
    for chosen in (("1", "2", "3"), ("9",), ("1", "1")):
        with pytest.raises(Invalid) as refused:
            vote(school, ballot_id, people[0], *chosen)
        assert list(refused.value.errors) == ["choices"]
    with pytest.raises(NotFound):
        votes.vote(school.session, school.actor("teacher"), ballot_id, ["1"])
    assert set(envelopes(school, ballot_id).values()) == {None}


def test_only_scrutineers_with_their_own_passphrase_open_the_ballots(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    with pytest.raises(Conflict):
        count(school, ballot_id, "deputy")
    for one in people[1:4]:
        vote(school, ballot_id, one)
    end(school, ballot_id)
    with pytest.raises(NotFound):
        counting.count(school.session, member(school, people[0]), ballot_id, "松风 明月 半亩")
    with pytest.raises(Invalid):
        counting.count(school.session, school.actor("deputy"), ballot_id, PASSPHRASES["finance"])
    assert count(school, ballot_id, "deputy") is None
    assert count(school, ballot_id, "deputy") is None


def test_a_passphrase_is_set_once_and_long_enough(school: School) -> None:
    ballot_id, _people = prepared(school, 2)
    with pytest.raises(Invalid):
        openings.set_passphrase(school.session, school.actor("deputy"), ballot_id, "短")
    openings.set_passphrase(school.session, school.actor("deputy"), ballot_id, PASSPHRASES["deputy"])
    with pytest.raises(Stale):
        openings.set_passphrase(school.session, school.actor("deputy"), ballot_id, PASSPHRASES["deputy"])
    with pytest.raises(NotFound):
        openings.set_passphrase(school.session, school.actor("teacher"), ballot_id, PASSPHRASES["deputy"])


def test_three_different_people_of_the_school_are_scrutineers(school: School) -> None:
    office = hire(school, 1, Role.MORAL_EDUCATION_OFFICE)[0]
    for other in (school.people["deputy"], school.people["other_host"]):
        with pytest.raises(Invalid):
            start_vote(school, office, third=other)


def test_a_scrutineer_may_be_named_by_a_position(school: School) -> None:
    office, candidate = hire(school, 1, Role.MORAL_EDUCATION_OFFICE)[0], hire(school, 1, Role.SUPERVISION_OFFICE)[0]
    keeper = school.people["deputy"]
    names = [{"id": candidate, "name": "老师"}, {"name": "苏眉"}]
    hand_in(school, scrutineers=f"['supervision_office', 'supervision_office', {keeper}]")
    with pytest.raises(Invalid) as refused:
        start_vote(school, office, names=names)
    assert "督导室" in refused.value.errors["scrutineers"][0].chinese()
    others = hire(school, 3, Role.SUPERVISION_OFFICE, start=20)
    ballot_id = ballot_of(school.session, start_vote(school, office, names=names))
    view = standings.ballot_view(school.session, school.actor("deputy"), ballot_id)
    assert {one.person_id for one in view.keepers} == {keeper, *others[:2]}
    hand_in(school, scrutineers=f"[{candidate}, 'finance_officer', {keeper}]")
    with pytest.raises(Invalid) as refused:
        start_vote(school, office, names=names)
    assert "候选人不能当监票人" in refused.value.errors["scrutineers"][0].chinese()


def test_a_tie_that_leaves_a_place_open_is_shown_and_voted_on_again(school: School) -> None:
    ballot_id, people = opened(school, 4, places=2, runs_off=True)
    for person_id, chosen in zip(people, (["1", "2"], ["1", "3"], ["1"], ["4"]), strict=True):
        vote(school, ballot_id, person_id, *chosen)
    end(school, ballot_id)
    counted(school, ballot_id)
    view = standings.ballot_view(school.session, school.actor("deputy"), ballot_id)
    assert [one.name for one in standings.tied(view)] == ["李若涵", "季航", "秦岚"]
    again = ballot_of(school.session, case_of(school, ballot_id).id)
    assert [one["id"] for one in ballot(school, again).choices] == ["2", "3", "4"]
    for name in KEEPERS:
        openings.set_passphrase(school.session, school.actor(name), again, PASSPHRASES[name])
    for person_id in people:
        vote(school, again, person_id, "3")
    end(school, again)
    counted(school, again)
    case = case_of(school, ballot_id)
    assert case.outcome == "counted"
    assert case.values["hold_vote"]["run_off"]["tied"] == []
    assert {one["id"]: one["votes"] for one in case.values["hold_vote"]["run_off"]["tally"]} == {"2": 0, "3": 4, "4": 0}


def test_too_few_votes_extend_once_and_then_the_office_decides(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    first = task_of(school, ballot_id).due_at
    end(school, ballot_id)
    task = task_of(school, ballot_id)
    assert first is not None
    assert task.due_at is not None
    assert (task.status, ballot(school, ballot_id).is_extended) == (CollectiveStatus.OPEN, True)
    assert task.due_at > first
    assert items(school, ballot_id, people[1])[-1].due_at == task.due_at
    end(school, ballot_id)
    assert (task_of(school, ballot_id).status, task_of(school, ballot_id).outcome) == ("closed", "no_quorum")
    assert set(envelopes(school, ballot_id).values()) == {None}
    case = case_of(school, ballot_id)
    office = school.open_item(case.id)
    assert office.element == "hold_vote/decide_rerun"
    assert "tally" not in case.values["hold_vote"]["vote"]


def test_reminders_reach_who_has_not_voted(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    instance = task_of(school, ballot_id).instance_id
    reminders.remind_missing(school.session, {"collective": ballot_id})
    query = select(Notification.person_id).where(Notification.instance_id == instance)
    assert set(school.session.scalars(query)) == {*people[1:], school.people["host"]}


def test_a_ballot_is_no_ordinary_task(school: School) -> None:
    ballot_id, people = opened(school)
    item = items(school, ballot_id, people[0])[-1]
    request = Request(school.session, member(school, people[0]), item.id, Response("submit"), None)
    with pytest.raises(Forbidden):
        collective_responses.take(request)
    with pytest.raises(Forbidden):
        collective_responses.recuse(school.session, member(school, people[0]), item.id, "与候选人是亲属")


def test_a_cancelled_case_destroys_votes_and_keys(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    case = case_of(school, ballot_id)
    interventions.cancel(school.session, school.actor("admin"), case.id, "重新组织")
    assert task_of(school, ballot_id).status == CollectiveStatus.CANCELLED
    assert set(envelopes(school, ballot_id).values()) == {None}
    assert school.session.scalar(select(func.count()).select_from(BallotKey)) == 0
    with pytest.raises(Conflict):
        vote(school, ballot_id, people[0], "1")


def test_a_rerun_is_a_new_ballot(school: School) -> None:
    ballot_id, _people = opened(school)
    end(school, ballot_id)
    end(school, ballot_id)
    case = case_of(school, ballot_id)
    office = school.open_item(case.id)
    holder = next(one for one in hire(school, 1, Role.MORAL_EDUCATION_OFFICE, start=7) if one)
    school.people["office"] = holder
    assert office.element == "hold_vote/decide_rerun"
    school.act(case.id, "office", "agree")
    again = ballot_of(school.session, case.id)
    assert again != ballot_id
    assert task_of(school, again).status == CollectiveStatus.PREPARING
    found = select(CollectiveTask.status).where(CollectiveTask.instance_id == case.id).order_by(CollectiveTask.id)
    assert list(school.session.scalars(found)) == ["closed", "preparing"]
