"""Deadlines of every kind as rows: dates from forms, reminders that come again, years not announced, many at once."""

import os
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.db.people import Organization
from app.db.processes import ProcessInstance, Timer
from app.db.work import WorkItem
from app.domain import clock
from app.domain.calendar import Calendar
from app.domain.clock import SHANGHAI
from app.services.publishing import definitions, versions
from app.services.starting import bulk_starts, starts
from app.services.starting.bulk_starts import Wanted
from app.services.timing import reckonings, ticks
from app.services.timing.calendars import national
from app.services.transactions import writing
from tests.integration.called_process import FORM, flows, package, task
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
# A Monday in a week of five working days.
# A thousand in full: `SHENPI_MANY_TIMERS=1000`.
MANY = int(os.environ.get("SHENPI_MANY_TIMERS", str(ticks.BATCH + 50)))
MONDAY = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
ASK = '<bpmn:startEvent id="ask" name="提出" shenpi:form="ask" shenpi:roles="teacher"/>'
ENDS = '<bpmn:endEvent id="done" name="已办"/><bpmn:endEvent id="late" name="已超时"/><bpmn:endEvent id="told" name="已催"/>'
TIMER = '<bpmn:timerEventDefinition id="{0}_t"/>'


def watched(name: str, due: str, *, interrupting: bool = True, work: str = "") -> str:
    """Draw a task with a deadline at its border."""
    word = str(interrupting).lower()
    border = f'<bpmn:boundaryEvent id="{name}" attachedToRef="work" cancelActivity="{word}" shenpi:due="{due}">'
    end = "late" if interrupting else "told"
    way = flows("ask", "work", "done") + flows(name, end)
    return f"{ASK}{task('work', '办理', 'teacher', work, 'submit')}{border}{TIMER.format(name)}</bpmn:boundaryEvent>{ENDS}{way}"


def publish(school: School, body: str) -> None:
    form = FORM.format(type="datetime", key="until", label="截止").replace(
        '"label": "截止"', '"subtype": "date", "dateLabel": "截止"'
    )
    form = form.replace('"required": true', '"required": false')
    with writing(school.session):
        definitions.publish_built_in(school.session, package("deadline", "有期限的事", body, forms__ask_json=form))


def begin(school: School, until: str | None = None, at: datetime = MONDAY) -> int:
    values = {"until": until} if until else {}
    with clock.frozen(at):
        place = school.organizations["school"]
        return starts.start(school.session, school.actor("teacher"), "deadline", place, values).instance


def tick(school: School, at: datetime) -> dict[str, int]:
    with clock.frozen(at):
        return ticks.tick(school.session)


def outcome(school: School, instance: int) -> str | None:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance).outcome


@pytest.mark.parametrize(
    ("due", "end"),
    [
        ("P1M", datetime(2026, 12, 2, 9, tzinfo=SHANGHAI)),
        ("PT90M", MONDAY + timedelta(minutes=90)),
        ("2026-11-05", datetime(2026, 11, 5, 23, 59, 59, tzinfo=SHANGHAI)),
        ("2026-11-05T12:00", datetime(2026, 11, 5, 12, tzinfo=SHANGHAI)),
        ("working_days(2)", datetime(2026, 11, 4, 17, 30, tzinfo=SHANGHAI)),
        ("ask.until", datetime(2026, 11, 8, 23, 59, 59, tzinfo=SHANGHAI)),
        ("working_days_before(ask.until, 2)", datetime(2026, 11, 5, 17, 30, tzinfo=SHANGHAI)),
        ("working_day_on_or_before(ask.until)", datetime(2026, 11, 6, 17, 30, tzinfo=SHANGHAI)),
    ],
)
def test_a_deadline_falls_due_at_its_instant(school, due, end):
    publish(school, watched("too_late", due))
    instance = begin(school, "2026-11-08")
    tick(school, end - timedelta(seconds=1))
    assert outcome(school, instance) is None
    # The clock jumps back: nothing happens, and nothing is forgotten.
    tick(school, MONDAY - timedelta(days=9))
    tick(school, end)
    assert outcome(school, instance) == "late"
    assert tick(school, end + timedelta(days=400))["timers"] == 0


def test_a_deadline_at_a_border_that_is_not_known_never_comes(school):
    publish(school, watched("too_late", "ask.until"))
    instance = begin(school)
    tick(school, MONDAY + timedelta(days=900))
    assert outcome(school, instance) is None
    assert school.session.scalar(select(func.count(Timer.id)).where(Timer.instance_id == instance)) == 0


@pytest.mark.parametrize(
    ("due", "days"),
    [("R3/P1D", [1, 2, 3]), ("every(working_days(2), 3)", [2.5, 4.5, 8.5])],
)
def test_a_reminder_comes_as_often_as_it_says(school, due, days):
    publish(school, watched("remind", due, interrupting=False))
    instance = begin(school)
    quarters = range(4 * 10)
    came = [one / 4 for one in quarters if tick(school, MONDAY + timedelta(days=one / 4))["timers"]]
    assert came == days
    fired = school.session.scalars(select(Timer.fired_at).where(Timer.instance_id == instance)).all()
    assert len(fired) == 3
    assert None not in fired
    with clock.frozen(MONDAY + timedelta(days=30)):
        school.act(instance, "teacher", "submit")
    assert outcome(school, instance) == "done"


def test_reminders_that_were_missed_come_once(school):
    publish(school, watched("remind", "R5/P1D", interrupting=False))
    instance = begin(school)
    assert tick(school, MONDAY + timedelta(days=3, hours=1))["timers"] == 1
    assert tick(school, MONDAY + timedelta(days=3, hours=2))["timers"] == 0
    assert tick(school, MONDAY + timedelta(days=4))["timers"] == 1
    assert tick(school, MONDAY + timedelta(days=9))["timers"] == 1
    assert tick(school, MONDAY + timedelta(days=99))["timers"] == 0
    assert outcome(school, instance) is None


def test_a_reminder_ends_with_its_task(school):
    publish(school, watched("remind", "R5/P1D", interrupting=False))
    instance = begin(school)
    tick(school, MONDAY + timedelta(days=1))
    with clock.frozen(MONDAY + timedelta(days=1)):
        school.act(instance, "teacher", "submit")
    assert outcome(school, instance) == "done"
    assert tick(school, MONDAY + timedelta(days=9))["timers"] == 0


def test_a_provisional_deadline_is_reckoned_again_when_its_year_is_announced(school):
    publish(school, watched("too_late", "working_days(3)", work='shenpi:due="working_days(3)"'))
    december = datetime(2031, 12, 30, 9, tzinfo=SHANGHAI)
    instance = begin(school, at=december)
    timer = school.session.scalars(select(Timer).where(Timer.instance_id == instance)).one()
    assert (timer.is_provisional, timer.due_at) == (True, datetime(2032, 1, 2, 17, 30, tzinfo=SHANGHAI))
    known = national()
    new_year = {date(2032, 1, day): False for day in (1, 2)}
    announced = Calendar({**known.holidays, **new_year}, known.known_years | {2031, 2032})
    assert reckonings.catch_up(school.session, announced) == 2
    assert reckonings.catch_up(school.session, announced) == 0
    school.session.expire_all()
    assert (timer.is_provisional, timer.due_at) == (False, datetime(2032, 1, 6, 17, 30, tzinfo=SHANGHAI))
    item = school.session.scalars(select(WorkItem).where(WorkItem.instance_id == instance)).one()
    assert (item.is_due_provisional, item.due_at) == (False, datetime(2032, 1, 6, 17, 30, tzinfo=SHANGHAI))


def test_more_timers_than_a_batch_fire_in_one_tick(school):
    publish(school, watched("too_late", "P3D"))
    place = school.organizations["school"]
    with clock.frozen(MONDAY):
        version = versions.effective_version(school.session, "deadline", school.session.get_one(Organization, place))
        bulk_starts.start_many(school.session, version, [Wanted(f"many/{one}", place) for one in range(MANY)])
    assert tick(school, MONDAY + timedelta(days=3))["timers"] == MANY
    ended = school.session.scalars(select(ProcessInstance.outcome).where(ProcessInstance.process_key == "deadline"))
    assert Counter(ended) == {"late": MANY}
