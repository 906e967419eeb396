"""A secret ballot where votes and counts meet each other, or the database breaks in the middle, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from app.db.journal import JournalEntry
from app.domain import clock
from app.domain.errors import Conflict
from app.domain.identity import Actor
from app.services import journal
from app.services.ballots import counting, votes
from app.services.collective import collective_closings
from tests.integration.ballot_world import (
    PASSPHRASES,
    ballot,
    case_of,
    confirm,
    count,
    counted,
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


def test_a_vote_that_is_final_is_cast_once(school: School, database: Engine) -> None:
    ballot_id, people = opened(school, is_final=True)
    first = vote(school, ballot_id, people[0], "1")
    kept = envelopes(school, ballot_id)[people[0]]
    with pytest.raises(Conflict):
        vote(school, ballot_id, people[0], "2")
    assert envelopes(school, ballot_id)[people[0]] == kept
    actor = member(school, people[1])
    school.session.rollback()
    answers = at_once(database, *[_voting(actor, ballot_id)] * 4)
    assert len(refusals(answers)) == 3
    vote(school, ballot_id, people[2], "2")
    vote(school, ballot_id, people[3], "2")
    end(school, ballot_id)
    counted(school, ballot_id)
    assert (ballot(school, ballot_id).votes, ballot(school, ballot_id).answered) == ([1, 3, 0, 0], 4)
    assert first in (ballot(school, ballot_id).receipts or [])


def test_votes_race_with_each_other_and_with_the_end(school: School, database: Engine) -> None:
    ballot_id, people = opened(school, 8)
    actors = [member(school, one) for one in people]
    due_at = task_of(school, ballot_id).due_at
    assert due_at is not None
    for actor in actors[:5]:
        votes.vote(school.session, actor, ballot_id, ["1"])
    with clock.frozen(due_at - timedelta(seconds=1)):
        answers = at_once(database, *(_voting(actor, ballot_id) for actor in (*actors, *actors[:2])))
    assert refusals(answers) == []
    with clock.frozen(due_at + timedelta(seconds=1)):
        at_once(database, *(_voting(actor, ballot_id) for actor in actors[:3]), collective_closings.sweep)
    counted(school, ballot_id)
    done = ballot(school, ballot_id)
    assert (done.votes, done.answered) == ([0, 8, 0, 0], 8)
    assert set(done.receipts or []) <= set(answers)


def _voting(actor: Actor, ballot_id: int) -> Any:
    return lambda session: votes.vote(session, actor, ballot_id, ["2"])


def test_two_scrutineers_confirm_at_the_same_moment(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    for one in people:
        vote(school, ballot_id, one, "1")
    end(school, ballot_id)
    assert count(school, ballot_id, "deputy") is None
    assert count(school, ballot_id, "finance") is not None
    actors = {name: school.actor(name) for name in ("deputy", "finance")}
    school.session.rollback()
    answers = at_once(
        database,
        *(
            lambda session, name=name: counting.confirm(session, actors[name], ballot_id, PASSPHRASES[name])
            for name in actors
        ),
    )
    assert sorted(answers) == [False, True]
    assert case_of(school, ballot_id).outcome == "counted"
    closings = select(func.count()).where(JournalEntry.action == "close_collective")
    assert school.session.scalar(closings) == 1


def test_what_breaks_at_a_commit_is_done_again_and_once(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    for one in people:
        vote(school, ballot_id, one, "1")
    acts = (
        lambda: end(school, ballot_id),
        lambda: count(school, ballot_id, "deputy"),
        lambda: confirm(school, ballot_id, "finance"),
        lambda: confirm(school, ballot_id, "deputy"),
    )
    for act in acts:
        for commit in (1, 2):
            with breaking(database, commit), suppress(OperationalError, Conflict):
                act()
        with suppress(Conflict):
            act()
    collective_closings.sweep(school.session)
    done = ballot(school, ballot_id)
    assert (done.votes, done.answered) == ([6, 0, 0, 0], 6)
    assert case_of(school, ballot_id).outcome == "counted"
    for action, times in {"end_voting": 1, "open_ballots": 2, "confirm_count": 2, "close_collective": 1}.items():
        assert school.session.scalar(select(func.count()).where(JournalEntry.action == action)) == times
    assert list(journal.verify(school.session)) == []
    assert set(envelopes(school, ballot_id).values()) == {None}


@contextmanager
def breaking(database: Engine, number: int) -> Iterator[None]:
    """Let the database be lost in the instant of one of the next commits."""
    left = [number]

    def commit(_connection: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OperationalError("COMMIT", None, ConnectionError())

    event.listen(database, "commit", commit)
    try:
        yield
    finally:
        event.remove(database, "commit", commit)
