"""The deadlines of a review and a vote that run are moved: who may, how far, and what moves with them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveTask
from app.db.journal import JournalEntry
from app.db.rounds import Round
from app.db.work import Notification
from app.domain import calendar, clock
from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.rounds import RoundDate
from app.domain.vocabulary import CollectiveStatus
from app.services import doctor
from app.services.ballots import openings
from app.services.collective import collective_closings
from app.services.rounds import dates
from app.services.timing import calendars
from tests.integration.ballot_world import KEEPERS, PASSPHRASES
from tests.integration.crowd import at_once, refusals
from tests.integration.prepared import database, school
from tests.integration.round_world import Days, Selecting, close_window, selecting
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
REVIEW, VOTE = RoundDate.REVIEW_UNTIL, RoundDate.VOTE_UNTIL
WHY = "外出教研"


@pytest.fixture
def days() -> Iterator[Days]:
    found = Days()
    yield found
    found.leave()


@pytest.fixture
def world(school: School) -> Selecting:
    return selecting(school, candidates=2, members=1)


def under_review(world: Selecting, days: Days, order: str = "review_first") -> Round:
    """Open a round, have two apply, and close the window."""
    seen = world.open(order=order)
    for person in world.candidates:
        world.do(world.apply(seen, person), "check_application", world.office, "accept")
    close_window(world, seen, days)
    people = (world.school.people[name] for name in KEEPERS)
    values = dict(zip(("first", "second", "third"), people, strict=True))
    world.do(seen.instance_id, "arrange_vote", world.office, values=values)
    return world.again(seen)


def until(world: Selecting, seen: Round, element: str) -> date:
    return clock.shanghai(due(world.task_of(seen.instance_id, element))).date()


def due(task: CollectiveTask) -> datetime:
    assert task.due_at is not None
    return task.due_at


def later(day: date, count: int = 3) -> date:
    return calendars.national().add_working_days(day, count).on


def move(world: Selecting, seen: Round, name: RoundDate, to: date, by: int | None = None) -> Round:
    revision, actor = world.again(seen).revision, world.actor(by or world.office)
    return dates.move(world.school.session, actor, seen.id, name, to, WHY, revision)


def status(world: Selecting, seen: Round, element: str) -> CollectiveStatus:
    return CollectiveStatus(world.task_of(seen.instance_id, element).status)


def test_a_review_that_runs_goes_on_until_the_moved_deadline(world: Selecting, days: Days) -> None:
    seen = under_review(world, days)
    before, planned = until(world, seen, "score_candidates"), date.fromisoformat(seen.dates["notice_from"])
    with pytest.raises(Forbidden):
        move(world, seen, REVIEW, later(before), by=world.candidates[0])
    with pytest.raises(Conflict):
        move(world, seen, VOTE, later(before))
    with pytest.raises(Invalid):
        move(world, seen, REVIEW, clock.today())
    move(world, seen, REVIEW, later(before))
    task, moved = world.task_of(seen.instance_id, "score_candidates"), world.again(seen)
    assert (task.due_at, task.reminded_at) == (calendar.due_at(later(before)), None)
    assert task.remind_at is not None
    assert before < clock.shanghai(task.remind_at).date() < later(before)
    dated = [date.fromisoformat(moved.dates[name]) for name in ("review_until", "notice_from")]
    assert dated == [later(before), later(planned)]
    assert world.item(seen.instance_id, "score_candidates", world.school.people["legal"]).due_at == task.due_at
    world.settle()
    heard = select(Notification.person_id).where(Notification.text.contains(WHY))
    assert set(world.school.session.scalars(heard)) >= {world.school.people["legal"], *world.candidates}
    days.go(calendar.due_at(before) + timedelta(minutes=1))
    world.settle()
    assert status(world, seen, "score_candidates") == CollectiveStatus.OPEN
    days.go(due(task) + timedelta(minutes=1))
    with pytest.raises(Conflict):
        move(world, seen, REVIEW, later(clock.today()))
    world.settle()
    assert status(world, seen, "score_candidates") == CollectiveStatus.CLOSED


def test_a_vote_that_runs_only_goes_on_longer_and_its_roll_stays(world: Selecting, days: Days) -> None:
    seen, session = under_review(world, days, "parallel"), world.school.session
    ballot = world.task_of(seen.instance_id, "vote").id
    for name in KEEPERS:
        openings.set_passphrase(session, world.school.actor(name), ballot, PASSPHRASES[name])
    before, roll = until(world, seen, "vote"), world.task_of(seen.instance_id, "vote").roll_hash
    review = world.again(seen).dates["review_until"]
    for sooner in (before, later(clock.today(), 1)):
        with pytest.raises(Invalid) as refused:
            move(world, seen, VOTE, sooner)
        assert set(refused.value.errors) == {"date"}
    move(world, seen, VOTE, later(before))
    task = world.task_of(seen.instance_id, "vote")
    assert (task.due_at, task.roll_hash) == (calendar.due_at(later(before)), roll)
    # The review runs too: it keeps its own deadline.
    assert world.again(seen).dates["review_until"] == review
    told = session.scalars(select(JournalEntry).where(JournalEntry.action == "move_deadline")).one()
    assert (told.details["reason"], told.collective_id) == (WHY, ballot)


def test_moved_at_the_moment_of_the_deadline_it_is_moved_or_over_never_both(
    world: Selecting, days: Days, database: Engine
) -> None:
    seen = under_review(world, days)
    task = world.task_of(seen.instance_id, "score_candidates")
    panel, instance, ends_at, actor = task.id, seen.instance_id, due(task), world.actor(world.office)
    revision, to = world.again(seen).revision, later(until(world, seen, "score_candidates"))
    days.go(ends_at - timedelta(seconds=1))

    def put_off(session: Session) -> Round:
        return dates.move(session, actor, seen.id, REVIEW, to, WHY, revision)

    def close(session: Session) -> None:
        with clock.frozen(ends_at):
            collective_closings.close(session, panel, instance)

    answers = at_once(database, put_off, close)
    is_moved = refusals(answers) == []
    expected = CollectiveStatus.OPEN if is_moved else CollectiveStatus.CLOSED
    assert status(world, seen, "score_candidates") == expected
    assert doctor.examine(world.school.session) == []
