"""Steps that break: nothing of them stays, the incident does, and a later try goes through."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.db.journal import JournalEntry, OutboxMessage
from app.db.processes import Incident, ProcessInstance, Timer
from app.db.work import Submission, WorkItem
from app.domain import clock
from app.domain.errors import Conflict, Forbidden, Invalid
from app.services import doctor, journal
from app.services.acts import interventions
from app.services.incidents import OperationFailed, open_incidents
from app.services.operations.call import Call
from app.services.starting import starts
from app.services.timing import ticks
from tests.integration.crowd import click
from tests.integration.prepared import (
    Operation,
    database,
    operations,
    school,
    start_watched,
    teacher,
)
from tests.integration.school import School

__all__ = ["database", "operations", "school"]  # fixtures
START = clock.now()
TABLES = (Submission, WorkItem, JournalEntry, OutboxMessage, ProcessInstance)


def counts(school: School) -> list[Any]:
    school.session.rollback()
    return [school.session.scalar(select(func.count()).select_from(table)) for table in TABLES]


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance)


def broken(_call: Call) -> None:
    raise ZeroDivisionError("坏了")


def refused(_call: Call) -> None:
    raise Invalid({})


def harmless(_call: Call) -> None:
    return None


def test_a_step_that_breaks_leaves_an_incident_and_nothing_else(
    school: School, operations: dict[str, Operation]
) -> None:
    instance = start_watched(school)
    school.act(instance, "legal", "return")
    before = counts(school), case_of(school, instance).revision
    again = click(school, instance, "teacher", "submit", {"topic": "改了"})
    operations["check_expense"] = broken
    with pytest.raises(OperationFailed):
        again(school.session)
    assert (counts(school), case_of(school, instance).revision) == before
    incident = open_incidents(school.session, instance)[0]
    assert (incident.element, incident.summary) == ("check", "ZeroDivisionError: 坏了")
    assert "broken" in incident.detail
    assert any("没解决的故障" in str(finding) for finding in doctor.examine(school.session))
    operations["check_expense"] = harmless
    again(school.session)
    assert open_incidents(school.session, instance) == []
    assert case_of(school, instance).title == "改了"
    assert doctor.examine(school.session) == []


def test_a_refusal_is_no_incident(school: School, operations: dict[str, Operation]) -> None:
    instance = start_watched(school)
    school.act(instance, "legal", "return")
    operations["check_expense"] = refused
    with pytest.raises(Invalid):
        school.act(instance, "teacher", "submit", {"topic": "改了"})
    assert open_incidents(school.session, instance) == []


def test_what_breaks_outside_an_operation_is_an_incident_too(
    school: School, operations: dict[str, Operation], monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = start_watched(school)
    monkeypatch.setattr("app.services.telling.notices.announce", broken)
    with pytest.raises(OperationFailed):
        school.act(instance, "legal", "agree")
    assert case_of(school, instance).status == "running"
    assert open_incidents(school.session, instance)[0].request["task"] == school.open_item(instance).id


def test_a_start_that_breaks_leaves_nothing(school: School, operations: dict[str, Operation]) -> None:
    before = counts(school)
    operations["check_expense"] = broken
    with pytest.raises(OperationFailed):
        start_watched(school)
    assert counts(school) == before
    operations["check_expense"] = harmless
    assert case_of(school, start_watched(school)).serial.endswith("-0001")


def test_a_timer_that_breaks_stops_its_case_alone(school: School, operations: dict[str, Operation]) -> None:
    first, second = start_watched(school, "甲"), start_watched(school, "乙")

    def breaks_once(call: Call) -> None:
        if call.instance_id == first:
            raise ZeroDivisionError("坏了")

    operations["reserve_funds"] = breaks_once
    with clock.frozen(START + timedelta(days=2)):
        ticks.tick(school.session)
        assert ticks.tick(school.session)["timers"] == 0
        assert (case_of(school, first).status, case_of(school, second).status) == ("failed", "running")
        fired = school.session.scalars(select(Timer.instance_id).where(Timer.fired_at.is_not(None)))
        assert list(fired) == [second]
        with pytest.raises(Conflict, match="自动步骤上出了问题"):
            school.act(first, "legal", "agree")
        retried(school, operations, first)


def retried(school: School, operations: dict[str, Operation], instance: int) -> None:
    admin = school.actor("admin")
    with pytest.raises(OperationFailed):
        interventions.retry(school.session, admin, instance)
    assert case_of(school, instance).status == "failed"
    operations["reserve_funds"] = harmless
    with pytest.raises(Forbidden):
        interventions.retry(school.session, teacher(school), instance)
    interventions.retry(school.session, admin, instance)
    assert case_of(school, instance).status == "running"
    assert open_incidents(school.session, instance) == []
    with pytest.raises(Conflict):
        interventions.retry(school.session, admin, instance)
    school.act(instance, "legal", "agree")
    assert list(journal.verify(school.session)) == []
    assert doctor.examine(school.session) == []


def test_a_failed_case_can_be_cancelled(school: School, operations: dict[str, Operation]) -> None:
    instance = start_watched(school)
    operations["reserve_funds"] = broken
    with clock.frozen(START + timedelta(days=2)):
        ticks.tick(school.session)
    interventions.cancel(school.session, school.actor("admin"), instance, "办不下去")
    assert case_of(school, instance).status == "cancelled"


def test_giving_back_that_breaks_keeps_the_case(school: School, operations: dict[str, Operation]) -> None:
    instance = start_watched(school)
    operations["release_funds"] = broken
    with pytest.raises(OperationFailed):
        interventions.withdraw(school.session, teacher(school), instance, "不用了")
    assert case_of(school, instance).status == "running"
    assert school.session.scalars(select(Incident)).one().request == {"element": "release_funds", "action": "withdraw"}
    operations["release_funds"] = harmless
    interventions.withdraw(school.session, teacher(school), instance, "不用了")
    assert case_of(school, instance).status == "withdrawn"
    assert open_incidents(school.session, instance) == []


def test_a_process_that_does_not_hold_starts_nowhere(school: School) -> None:
    with pytest.raises(Exception, match="没有找到"):
        starts.start(school.session, teacher(school), "nothing", school.organizations["school"], {})


def test_a_database_that_goes_away_within_an_operation_is_no_incident(
    school: School, operations: dict[str, Operation]
) -> None:
    def goes_away(_call: Any) -> None:
        raise OperationalError("SELECT 1", {}, OSError("线路断了"))

    operations["check_expense"] = goes_away
    with pytest.raises(OperationalError):
        start_watched(school)
    school.session.rollback()
    assert school.session.scalar(select(func.count()).select_from(Incident)) == 0
