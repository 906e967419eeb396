"""Deadlines: each timer fires once, in its order, and no answer overtakes it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.journal import JournalEntry
from app.db.processes import ProcessInstance, Timer
from app.db.work import Signature
from app.domain import clock
from app.domain.errors import Forbidden, Stale
from app.domain.vocabulary import Role
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.timing import ticks, wakes
from tests.integration.crowd import at_once, click, refusals
from tests.integration.prepared import (
    database,
    grant,
    operations,
    school,
    start_watched,
)
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures
START = clock.now()
pytestmark = pytest.mark.usefixtures("operations")


def days(number: float) -> datetime:
    return START + timedelta(days=number)


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def timers_of(school: School, instance: int) -> dict[str, bool]:
    school.session.rollback()
    rows = school.session.scalars(select(Timer).where(Timer.instance_id == instance))
    return {timer.element: timer.fired_at is not None for timer in rows}


def passed(school: School, instance: int) -> list[str]:
    school.session.rollback()
    entries = journal.case_entries(school.session, instance)
    return [element for entry in entries for element in entry.details.get("visited", ())]


def agreed(school: School) -> int:
    with clock.frozen(START):
        instance = start_watched(school)
        school.act(instance, "legal", "agree")
    return instance


def sign(school: School, instance: int, name: str, element: str) -> Any:
    return click(school, instance, name, "sign", element=element)


def test_the_deadlines_are_rows_with_instants(school: School) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
    rows = {timer.element: timer.due_at for timer in school.session.scalars(select(Timer))}
    assert rows == {"remind": days(1), "give_up": days(5)}
    assert school.open_item(instance).due_at == days(2)


def test_a_reminder_leaves_the_task_and_fires_once(school: School) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
    with clock.frozen(days(1) - timedelta(seconds=1)):
        assert ticks.tick(school.session)["timers"] == 0
    with clock.frozen(days(1)):
        assert ticks.tick(school.session)["timers"] == 1
        assert ticks.tick(school.session)["timers"] == 0
    assert timers_of(school, instance) == {"remind": True, "give_up": False}
    assert passed(school, instance).count("ping") == 1
    assert school.open_item(instance).element == "answer"
    assert doctor.examine(school.session) == []


def test_timers_that_were_missed_together_fire_in_their_order(school: School) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
    with clock.frozen(days(30)):
        ticks.tick(school.session)
    case = case_of(school, instance)
    assert (case.status, case.outcome) == ("completed", "late")
    ways = passed(school, instance)
    assert ways.index("ping") < ways.index("give_back")
    assert all(timers_of(school, instance).values())
    with clock.frozen(days(31)):
        assert ticks.tick(school.session)["timers"] == 0


def test_a_late_answer_finds_the_deadline_done(school: School) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
        late = click(school, instance, "legal", "agree")
    with clock.frozen(days(6)), pytest.raises(Stale):
        late(school.session)
    case = case_of(school, instance)
    assert (case.status, case.outcome) == ("completed", "late")


def test_a_late_withdrawal_finds_the_deadline_done(school: School) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
    with clock.frozen(days(6)), pytest.raises(Exception, match="已经办结"):
        interventions.withdraw(school.session, school.actor("teacher"), instance, "不用了")
    assert case_of(school, instance).outcome == "late"


def test_several_ticks_at_once_fire_a_timer_once(school: School, database: Engine) -> None:
    with clock.frozen(START):
        cases = [start_watched(school, f"第{number}件") for number in range(3)]

    def fire(session: Session) -> None:
        with clock.frozen(days(1)):
            ticks.tick(session)

    assert refusals(at_once(database, fire, fire, fire)) == []
    for instance in cases:
        assert passed(school, instance).count("ping") == 1
        timer = JournalEntry.instance_id == instance, JournalEntry.action == "timer"
        entry = school.session.scalars(select(JournalEntry).where(*timer)).one()
        assert entry.details["elements"] == ["remind"]
    assert list(journal.verify(school.session)) == []


def test_either_the_answer_or_the_deadline_wins(school: School, database: Engine) -> None:
    with clock.frozen(START):
        instance = start_watched(school)
        answer = click(school, instance, "legal", "agree")

    def wake(session: Session) -> None:
        with clock.frozen(days(5)):
            wakes.wake(session, instance)

    def answered(session: Session) -> Any:
        with clock.frozen(days(4)):
            return answer(session)

    answers = at_once(database, answered, wake)
    is_late = case_of(school, instance).outcome == "late"
    assert refusals(answers) == ([Stale] if is_late else [])
    assert doctor.examine(school.session) == []


def test_signatures_side_by_side_need_two_people(school: School) -> None:
    grant(school, "finance", Role.LEGAL_REPRESENTATIVE)
    instance = agreed(school)
    own, other = (sign(school, instance, "finance", element) for element in ("first_sign", "second_sign"))
    own(school.session)
    with pytest.raises(Forbidden):
        other(school.session)
    sign(school, instance, "legal", "second_sign")(school.session)
    people = {one.element: one.person_id for one in school.session.scalars(select(Signature))}
    assert people == {"first_sign": school.people["finance"], "second_sign": school.people["legal"]}


def test_one_person_in_both_positions_who_clicks_at_once_signs_one(school: School, database: Engine) -> None:
    grant(school, "legal", Role.FINANCE_OFFICER)
    instance = agreed(school)
    both = [sign(school, instance, "legal", element) for element in ("first_sign", "second_sign")]
    assert refusals(at_once(database, *both)) == [Forbidden]


def test_two_people_sign_side_by_side_at_once(school: School, database: Engine) -> None:
    instance = agreed(school)
    pairs = (("finance", "first_sign"), ("legal", "second_sign"))
    assert refusals(at_once(database, *(sign(school, instance, *pair) for pair in pairs))) == []
    assert school.open_item(instance).element == "seal"
    assert doctor.examine(school.session) == []


def test_the_rest_between_elements_ends_by_itself(school: School) -> None:
    instance = agreed(school)
    for name, element in (("finance", "first_sign"), ("legal", "second_sign")):
        sign(school, instance, name, element)(school.session)
    school.act(instance, "admin", "submit")
    assert timers_of(school, instance)["rest"] is False
    assert doctor.examine(school.session) == []
    with clock.frozen(days(8)):
        ticks.tick(school.session)
    case = case_of(school, instance)
    assert (case.status, case.outcome) == ("completed", "done")
