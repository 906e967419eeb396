"""Voting on paper: struck from the electronic roll first, read by two scrutineers who must agree, on both databases."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from app.domain import clock
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.paper_ballots import Stack
from app.services import journal
from app.services.ballots import counting, paper_readings, paper_voters, standings, votes
from app.services.reading import inbox
from app.services.reading.inbox import Query
from tests.integration.ballot_world import (
    PASSPHRASES,
    ballot,
    confirm,
    count,
    end,
    envelopes,
    member,
    opened,
    task_of,
    vote,
)
from tests.integration.crowd import at_once, refusals
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
ONE = Stack(papers=2, abstained=1, void=0, votes=(1, 0, 1, 0))


def issue(school: School, ballot_id: int, *people: int, by: str = "deputy") -> None:
    for person_id in people:
        paper_voters.issue(school.session, school.actor(by), ballot_id, person_id)


def read(school: School, ballot_id: int, by: str, stack: Stack = ONE) -> None:
    paper_readings.read(school.session, school.actor(by), ballot_id, stack)


def test_who_gets_a_paper_does_not_vote_here_and_the_other_way_round(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    issue(school, ballot_id, *people[:2])
    issue(school, ballot_id, people[0])
    assert envelopes(school, ballot_id)[people[0]] is None
    for person_id in people[:2]:
        with pytest.raises(Conflict, match="纸质选票"):
            vote(school, ballot_id, person_id, "1")
    assert inbox.todo(school.session, member(school, people[1]), Query()).items == []
    found = paper_voters.voters(school.session, school.actor("finance"), ballot_id, "老师3")
    assert [one.person_id for one in found.issued] == people[:2]
    assert [one.person_id for one in found.found] == [people[3]]
    paper_voters.take_back(school.session, school.actor("finance"), ballot_id, people[1])
    vote(school, ballot_id, people[1], "2")
    view = standings.ballot_view(school.session, member(school, people[0]), ballot_id)
    assert (view.has_paper, view.may_vote, view.turnout) == (True, False, 30)


def test_only_scrutineers_hand_papers_out_and_only_while_votes_are_taken(school: School) -> None:
    ballot_id, people = opened(school)
    with pytest.raises(NotFound):
        paper_voters.issue(school.session, member(school, people[0]), ballot_id, people[0])
    with pytest.raises(NotFound):
        paper_voters.voters(school.session, school.actor("legal"), ballot_id, "")
    with pytest.raises(NotFound):
        issue(school, ballot_id, school.people["teacher"])
    for person_id in people[:4]:
        vote(school, ballot_id, person_id, "1")
    end(school, ballot_id)
    with pytest.raises(Conflict):
        issue(school, ballot_id, people[5])
    with pytest.raises(Conflict, match="没有发过"):
        read(school, ballot_id, "deputy")


def test_a_final_vote_is_not_given_back_for_a_paper(school: School) -> None:
    ballot_id, people = opened(school, is_final=True)
    vote(school, ballot_id, people[0], "1")
    with pytest.raises(Conflict, match="不能再领"):
        issue(school, ballot_id, people[0])
    assert envelopes(school, ballot_id)[people[0]] is not None


def test_two_scrutineers_must_read_the_papers_alike(school: School) -> None:
    ballot_id, people = opened(school)
    issue(school, ballot_id, *people[:3])
    receipts = [vote(school, ballot_id, person_id, "1", "2") for person_id in people[3:5]]
    end(school, ballot_id)
    for wrong in (Stack(4, 0, 0, (4, 0, 0, 0)), Stack(2, 0, 0, (0, 0, 0, 1)), Stack(1, 2, 0, (0, 0, 0, 0))):
        with pytest.raises(Invalid):
            read(school, ballot_id, "deputy", wrong)
    with pytest.raises(NotFound):
        paper_readings.read(school.session, member(school, people[0]), ballot_id, ONE)
    read(school, ballot_id, "deputy")
    assert count(school, ballot_id, "deputy") is None
    with pytest.raises(Conflict, match="各自清点"):
        count(school, ballot_id, "finance")
    read(school, ballot_id, "finance", Stack(papers=2, abstained=0, void=1, votes=(1, 0, 1, 0)))
    with pytest.raises(Conflict, match="弃权、无效"):
        count(school, ballot_id, "finance")
    read(school, ballot_id, "finance")
    found = count(school, ballot_id, "finance")
    assert found is not None
    assert (found.tally.votes, found.tally.abstained, found.tally.answered) == ((3, 2, 1, 0), 1, 4)
    assert confirm(school, ballot_id, "deputy") is False
    with pytest.raises(Conflict, match="不能再改"):
        read(school, ballot_id, "admin")
    assert confirm(school, ballot_id, "finance") is True
    done = ballot(school, ballot_id)
    assert (done.votes, done.answered, done.papers, done.receipts) == ([3, 2, 1, 0], 4, 2, sorted(receipts))
    assert list(journal.verify(school.session)) == []


def test_papers_count_for_the_quorum(school: School) -> None:
    ballot_id, people = opened(school)
    issue(school, ballot_id, *people[:4])
    end(school, ballot_id)
    assert task_of(school, ballot_id).status == "counting"


def test_a_vote_and_a_paper_at_the_same_moment_are_one(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    voters = {person_id: member(school, person_id) for person_id in people}
    teller = school.actor("deputy")
    school.session.rollback()
    for person_id, actor in voters.items():
        voting = partial(votes.vote, actor=actor, ballot_id=ballot_id, chosen=["1"])
        striking = partial(paper_voters.issue, actor=teller, ballot_id=ballot_id, person_id=person_id)
        answers = at_once(database, voting, striking)
        assert len(refusals(answers)) <= 1
    assert set(envelopes(school, ballot_id).values()) == {None}
    due_at = task_of(school, ballot_id).due_at
    assert due_at is not None
    with clock.frozen(due_at + timedelta(seconds=1)), pytest.raises(Conflict):
        counting.count(school.session, teller, ballot_id, PASSPHRASES["deputy"])
