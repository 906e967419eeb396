"""Scheduled starts: each occurrence begins once, whatever the clock and the tickers do."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.db.processes import ProcessDefinition, ProcessInstance, ProcessVersion
from app.db.schedules import Schedule, ScheduledStart
from app.db.work import Notification, WorkItem
from app.domain import clock
from app.domain.clock import SHANGHAI
from app.domain.errors import Conflict, Forbidden, Invalid, NotFound
from app.domain.vocabulary import Role
from app.engine.package import ProcessPackage
from app.services import doctor, journal
from app.services.publishing import definitions
from app.services.reading import cases, history, inbox
from app.services.starting import bulk_starts, schedules
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import ASK_FORM, DONE, call, flows, package, review, scoring, task
from tests.integration.crowd import at_once
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
SUMMER = datetime(2026, 7, 1, 8, tzinfo=SHANGHAI)
FIRST = datetime(2026, 9, 1, tzinfo=SHANGHAI)
ASK = '<bpmn:startEvent id="ask" name="开始" shenpi:form="ask" shenpi:roles="process_admin"/>'
PLAN = '[schedule]\nstarts = "yearly 09-01"\nvalues = {topic = "新学年"}\n'


def yearly(plan: str = PLAN, called: str = "") -> ProcessPackage:
    middle = call("review", "送审", called) if called else task("work", "准备", "process_admin", verdicts="submit")
    name = "review" if called else "work"
    body = f"{ASK}{middle}{DONE}{flows('ask', name, 'done')}"
    return package(
        "yearly", "每年的事", body, 'title_template = "{ask.topic}的准备"\n' + plan, forms__ask_json=ASK_FORM
    )


def publish(school: School, *packages: ProcessPackage) -> None:
    with writing(school.session):
        for one in packages:
            definitions.publish_built_in(school.session, one, {other.key: other for other in packages})


def adopt(school: School, place: str = "school", name: str = "admin", at: datetime = SUMMER) -> None:
    with clock.frozen(at):
        schedules.adopt(school.session, school.actor(name), "yearly", school.organizations[place])


def tick(school: School, at: datetime) -> dict[str, int]:
    with clock.frozen(at):
        return ticks.tick(school.session)


def begun(school: School) -> list[ProcessInstance]:
    school.session.rollback()
    query = select(ProcessInstance).where(ProcessInstance.process_key == "yearly").order_by(ProcessInstance.id)
    return list(school.session.scalars(query))


def retire(school: School, key: str, at: datetime | None) -> None:
    version = select(ProcessVersion).join(ProcessVersion.definition).where(ProcessDefinition.key == key)
    with writing(school.session):
        school.session.scalars(version).one().retired_at = at


def test_a_case_begins_by_itself(school):
    publish(school, yearly())
    adopt(school)
    assert tick(school, FIRST - timedelta(seconds=1))["starts"] == 0
    assert tick(school, FIRST)["starts"] == 1
    assert tick(school, FIRST)["starts"] == 0
    (case,) = begun(school)
    assert (case.title, case.initiator_id, case.values) == ("新学年的准备", None, {"ask": {"topic": "新学年"}})
    with clock.frozen(FIRST):
        admin = school.actor("admin")
        view = cases.case_view(school.session, admin, case.id)
        assert [(one.kind, one.person) for one in history.timeline(school.session, view)] == [
            ("waiting", "韩雪"),
            ("submit", "系统"),
        ]
        assert [one.element for one in inbox.todo(school.session, admin, inbox.Query()).items] == ["work"]
        school.act(case.id, "admin", "submit")
    assert begun(school)[0].outcome == "done"
    entries = journal.case_entries(school.session, case.id)
    assert (entries[0].action, entries[0].actor_id) == ("start", None)
    assert list(journal.verify(school.session)) == []


@pytest.mark.parametrize(("catch_up", "count"), [("latest", 1), ("each", 4)])
def test_a_downtime_of_years(school, catch_up, count):
    publish(school, yearly(f'{PLAN}catch_up = "{catch_up}"\n'))
    adopt(school)
    assert tick(school, FIRST.replace(year=2029, month=10))["starts"] == count
    occurrences = school.session.scalars(select(ScheduledStart.occurs_at).order_by(ScheduledStart.occurs_at))
    years = [clock.shanghai(one).year for one in occurrences]
    assert years == [2026, 2027, 2028, 2029][-count:]
    assert school.session.scalars(select(Schedule.next_at)).one() == FIRST.replace(year=2030)


def test_many_that_are_due_at_once_begin_over_several_ticks(school, monkeypatch):
    publish(school, yearly())
    adopt(school, "district", "district_admin")
    monkeypatch.setattr(schedules, "BATCH", 1)
    assert [tick(school, FIRST)["starts"] for _turn in range(3)] == [1, 1, 0]
    assert len({case.organization_id for case in begun(school)}) == 2


def test_a_clock_that_jumps_ahead_and_back(school):
    publish(school, yearly())
    adopt(school)
    assert tick(school, FIRST.replace(year=2030))["starts"] == 1
    assert tick(school, SUMMER + timedelta(days=1))["starts"] == 0
    assert tick(school, FIRST)["starts"] == 1
    assert tick(school, FIRST - timedelta(days=3))["starts"] == 0
    assert tick(school, FIRST + timedelta(days=3))["starts"] == 0
    for year in (2027, 2028, 2029):
        assert tick(school, FIRST.replace(year=year))["starts"] == 1
    # It began when the clock was wrong, and does not begin again.
    assert tick(school, FIRST.replace(year=2030))["starts"] == 0
    assert len(begun(school)) == 5


def test_several_tickers_begin_each_once(database: Engine, school: School):
    publish(school, yearly())
    adopt(school, "district", "district_admin")

    def run(session: Session) -> None:
        with clock.frozen(FIRST):
            schedules.start_due(session)

    at_once(database, run, run, run)
    assert len(begun(school)) == 2
    assert {one.organization_id for one in begun(school)} == {
        school.organizations[one] for one in ("school", "sibling")
    }


def test_what_is_cut_off_before_its_commit_begins_later(school, monkeypatch):
    publish(school, yearly())
    adopt(school)
    real = bulk_starts.start_many

    def cut_off(*given: Any) -> list[int]:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk_starts, "start_many", cut_off)
    with pytest.raises(KeyboardInterrupt):
        tick(school, FIRST)
    monkeypatch.undo()
    assert begun(school) == []
    assert tick(school, FIRST)["starts"] == 1
    assert len(begun(school)) == 1


def test_a_start_that_fails_is_told_and_tried_again(school):
    publish(school, yearly(called="review"), review(), scoring())
    adopt(school)
    retire(school, "scoring", SUMMER)
    assert tick(school, FIRST)["starts"] == 0
    assert begun(school) == []
    with clock.frozen(FIRST):
        (told,) = doctor.examine(school.session)
    assert "没有按时开始，试了 1 次" in told.chinese()
    retire(school, "scoring", None)
    assert tick(school, FIRST)["starts"] == 0
    assert tick(school, FIRST + timedelta(hours=1))["starts"] == 1
    with clock.frozen(FIRST):
        assert doctor.examine(school.session) == []


def test_who_may_adopt_and_stop(school):
    publish(school, yearly())
    for name, place, refusal in (
        ("teacher", "school", Forbidden),
        ("admin", "sibling", NotFound),
        ("admin", "district", NotFound),
    ):
        with pytest.raises(refusal):
            adopt(school, place, name)
    adopt(school, "district", "district_admin")
    adopt(school)
    assert school.session.scalar(select(func.count(Schedule.id))) == 2
    assert schedules.stop(school.session, school.actor("admin"), "yearly", school.organizations["school"]) == 1
    assert tick(school, FIRST)["starts"] == 1
    assert [one.organization_id for one in begun(school)] == [school.organizations["sibling"]]


def test_a_process_without_a_plan_or_with_wrong_values_is_not_adopted(school):
    publish(school, yearly(""))
    with pytest.raises(Conflict, match="schedule"):
        adopt(school)
    publish(school, yearly('[schedule]\nstarts = "yearly 09-01"\nvalues = {subject = "x"}\n'))
    with pytest.raises(Invalid):
        adopt(school)


def test_a_start_without_what_its_form_requires_is_told_and_begins_nothing(school):
    publish(school, yearly('[schedule]\nstarts = "yearly 09-01"\n'))
    with pytest.raises(Invalid):
        adopt(school)
    publish(school, yearly())
    adopt(school)
    with writing(school.session):
        school.session.scalars(select(Schedule)).one().values = {}
    for later in range(2):
        assert tick(school, FIRST + timedelta(hours=later))["starts"] == 0
    assert begun(school) == []
    told = school.session.scalars(select(Notification.text).where(Notification.text.contains("yearly"))).all()
    assert len(told) == 1
    assert "请填写" in told[0]


def test_tasks_of_the_initiator_fall_to_the_office(school):
    start = '<bpmn:startEvent id="ask" name="开始" shenpi:form="ask" shenpi:roles="teacher"/>'
    body = f"{start}{task('work', '准备', 'initiator', verdicts='submit')}{DONE}{flows('ask', 'work', 'done')}"
    publish(school, package("yearly", "每年的事", body, PLAN, forms__ask_json=ASK_FORM))
    adopt(school)
    tick(school, FIRST)
    item = school.session.scalars(select(WorkItem).where(WorkItem.process_key == "yearly")).one()
    assert (item.assignee_id, item.role, item.organization_id) == (
        None,
        Role.PROCESS_ADMIN,
        school.organizations["school"],
    )
