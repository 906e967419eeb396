"""Last responses at the same moment: closed once, nothing lost, nothing counted twice, on both databases."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse, CollectiveTask
from app.db.journal import JournalEntry
from app.domain import clock
from app.domain.errors import Conflict, Stale
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.collective import collective_closings, collective_responses
from app.services.journal import RequestKey
from app.services.timing import ticks
from tests.integration.crowd import at_once, refusals
from tests.integration.panel_world import (
    answer,
    answering,
    case_of,
    member,
    opened,
    place_of,
    places,
    responses,
    start_panel,
    task_of,
)
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
ROOT = Path(__file__).parents[2]
START = clock.now()
# The full form: `SHENPI_LONG_TESTS=1`.
ROUNDS = 12 if os.environ.get("SHENPI_LONG_TESTS") else 2


def closings(school: School, instance: int) -> int:
    school.session.rollback()
    query = select(func.count()).where(JournalEntry.instance_id == instance, JournalEntry.action == "close_collective")
    return school.session.scalar(query) or 0


def holds_together(school: School, instance: int) -> None:
    """Hold the counters against the rows, the journal against itself, and the case against its end."""
    task = task_of(school.session, instance)
    found = select(func.count()).where(CollectiveResponse.collective_id == task.id)
    assert school.session.scalar(found) == sum(task.counts.values()) + task.recused
    entries = select(func.count()).where(
        JournalEntry.collective_id == task.id, JournalEntry.action.in_(("respond", "recuse"))
    )
    assert school.session.scalar(entries) == sum(task.counts.values()) + task.recused
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_all_answer_at_the_same_moment(school: School, database: Engine) -> None:
    instance, people = opened(school, 8)
    for _round in range(ROUNDS):
        answers = at_once(database, *(answering(school, instance, person_id) for person_id in people))
        assert refusals(answers) == []
        assert (case_of(school, instance).outcome, closings(school, instance)) == ("was_agree", 1)
        assert task_of(school.session, instance).counts == {"agree": 8}
        holds_together(school, instance)
        instance = start_panel(school)


def test_of_many_first_answers_one_decides(school: School, database: Engine) -> None:
    instance, people = opened(school, 6, closing="first", verdicts="agree disagree")
    verdicts = ("agree", "disagree") * 3
    clicks = [answering(school, instance, *pair) for pair in zip(people, verdicts, strict=True)]
    answers = at_once(database, *clicks)
    assert len(refusals(answers)) == 5
    assert set(refusals(answers)) <= {Conflict, Stale}
    case = case_of(school, instance)
    assert case.outcome == f"was_{task_of(school.session, instance).outcome}"
    assert case.values["judge"]["answered"] == closings(school, instance) == 1
    holds_together(school, instance)


def test_two_clicks_are_one_answer(school: School, database: Engine) -> None:
    instance, people = opened(school, 2)
    twice = answering(school, instance, people[0])
    assert refusals(at_once(database, twice, twice, twice)) == [Stale, Stale]
    assert responses(school, instance) == {people[0]: "agree"}
    key = RequestKey("answer-1", "a" * 64)
    same = answering(school, instance, people[1], key=key)
    answers = at_once(database, same, same, same)
    assert refusals(answers) == []
    assert len({answer.task for answer in answers}) == 1
    assert case_of(school, instance).outcome == "was_agree"
    holds_together(school, instance)


def test_an_answer_and_the_deadline_at_once(school: School, database: Engine) -> None:
    with clock.frozen(START):
        instance, people = opened(school, 3, closing="quorum", quorum="2/3")
        answer(school, instance, people[0])
        click = answering(school, instance, people[1])
    before, after = START + timedelta(days=3, seconds=-1), START + timedelta(days=3)

    def in_time(session: Session) -> Any:
        with clock.frozen(before):
            return click(session)

    def tick(session: Session) -> Any:
        with clock.frozen(after):
            return ticks.tick(session)

    answers = at_once(database, in_time, tick, tick)
    is_refused = bool(refusals(answers))
    assert case_of(school, instance).outcome == ("was_no_quorum" if is_refused else "was_agree")
    assert closings(school, instance) == 1
    holds_together(school, instance)


def test_an_answer_and_a_withdrawal_at_once(school: School, database: Engine) -> None:
    instance, people = opened(school, 2)
    teacher = school.actor("teacher")
    click = answering(school, instance, people[0])
    answers = at_once(database, click, lambda session: interventions.withdraw(session, teacher, instance, "不用了"))
    assert len(refusals(answers)) == 1
    is_withdrawn = case_of(school, instance).status == "withdrawn"
    assert isinstance(answers[0], Stale) == is_withdrawn
    assert len(responses(school, instance)) == (0 if is_withdrawn else 1)
    holds_together(school, instance)


def test_the_last_recusal_and_the_last_answer_at_once(school: School, database: Engine) -> None:
    instance, people = opened(school, 3)
    answer(school, instance, people[0])
    item, actor = place_of(school.session, instance, people[1]).id, member(school, people[1])
    answers = at_once(
        database,
        lambda session: collective_responses.recuse(session, actor, item, "亲属"),
        answering(school, instance, people[2]),
    )
    assert refusals(answers) == []
    assert (case_of(school, instance).outcome, closings(school, instance)) == ("was_agree", 1)
    holds_together(school, instance)


def test_many_sweeps_close_once(school: School, database: Engine) -> None:
    with clock.frozen(START):
        instance, _people = opened(school, 4)

    def tick(session: Session) -> Any:
        with clock.frozen(START + timedelta(days=4)):
            return ticks.tick(session)

    at_once(database, tick, tick, tick, tick)
    assert (case_of(school, instance).outcome, closings(school, instance)) == ("was_incomplete", 1)
    assert set(places(school, instance).values()) == {"cancelled"}
    holds_together(school, instance)


def test_a_kill_between_the_last_answer_and_the_closing_loses_nothing(school: School, database: Engine) -> None:
    instance, people = opened(school, 2)
    answer(school, instance, people[0])
    click = answering(school, instance, people[1])
    begun = []

    def die(_connection: Connection) -> None:
        """Break off where the closing begins, as a killed process would."""
        begun.append(1)
        if len(begun) > 1:
            raise SystemExit

    event.listen(database, "begin", die)
    with Session(database) as session, pytest.raises(SystemExit):
        click(session)
    event.remove(database, "begin", die)
    assert task_of(school.session, instance).status == "settled"
    assert case_of(school, instance).status == "running"
    with pytest.raises(Stale):
        answer(school, instance, people[1])
    ticks.tick(school.session)
    assert (case_of(school, instance).outcome, closings(school, instance)) == ("was_agree", 1)
    holds_together(school, instance)


def test_a_case_that_breaks_at_the_closing_stops_with_an_incident_and_can_be_retried(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance, people = opened(school, 1)
    with monkeypatch.context() as patched:
        patched.setattr(collective_closings, "summary", lambda *_given: 1 / 0)
        answer(school, instance, people[0])
    assert case_of(school, instance).status == "failed"
    assert len(doctor.examine(school.session)) == 1
    assert task_of(school.session, instance).status == "settled"
    interventions.retry(school.session, school.actor("admin"), instance)
    ticks.tick(school.session)
    assert case_of(school, instance).outcome == "was_agree"
    holds_together(school, instance)


def test_two_processes_answer_at_once(school: School, database: Engine) -> None:
    instance, people = opened(school, 24)
    url = database.url.render_as_string(hide_password=False)
    halves = [people[0::2], people[1::2]]
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.integration.answering_child", url, str(instance), *map(str, half)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for half in halves
    ]
    for child in children:
        out, _err = child.communicate(timeout=90)
        assert (child.returncode, out) == (0, b"12")
    task = task_of(school.session, instance)
    assert (task.counts, case_of(school, instance).outcome, closings(school, instance)) == (
        {"agree": 24},
        "was_agree",
        1,
    )
    holds_together(school, instance)
    assert school.session.scalar(select(func.count(CollectiveTask.id))) == 1
