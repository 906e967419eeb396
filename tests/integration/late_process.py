"""A process for tests alone: a request that two offices look at, one after the other, with settings of their own."""

from typing import Any

from sqlalchemy import select

from app.db.work import Notification, WorkItem
from app.domain import clock
from app.services import journal
from app.services.publishing import definitions
from app.services.reading import inbox
from app.services.reading.inbox import Query
from app.services.starting import starts
from app.services.timing import ticks
from app.services.transactions import writing
from tests.integration.called_process import ASK, ASK_FORM, DONE, flows, package, task
from tests.integration.school import School

DUE = 'shenpi:due="working_days(3)"'


def publish(
    school: School, first: str, second: str = "", verdicts: str = "agree return", role: str = "finance_officer"
) -> None:
    """Publish the process, with attributes of its two tasks."""
    body = (
        f"{ASK}{task('check', '核对', role, first, verdicts)}{task('decide', '决定', 'deputy_principal', second)}"
        f"{DONE}{flows('ask', 'check', 'decide', 'done')}"
    )
    made = package("late", "要按时办的事", body, 'title_template = "{ask.topic}"\n', forms__ask_json=ASK_FORM)
    with writing(school.session):
        definitions.publish_built_in(school.session, made)


def begin(school: School, name: str = "teacher") -> int:
    place = school.organizations["school"]
    return starts.start(school.session, school.actor(name), "late", place, {"topic": "借用操场"}).instance


def tick(school: School, at: Any) -> dict[str, int]:
    school.session.rollback()
    with clock.frozen(at):
        return ticks.tick(school.session)


def told(school: School, name: str) -> list[str]:
    """Return what a person was told, oldest first."""
    school.session.rollback()
    mine = select(Notification.text).where(Notification.person_id == school.people[name])
    return list(school.session.scalars(mine.order_by(Notification.id)))


def todo(school: School, name: str) -> list[int]:
    school.session.rollback()
    return [row.id for row in inbox.todo(school.session, school.actor(name), Query()).items]


def items(school: School, instance: int) -> list[WorkItem]:
    school.session.rollback()
    return list(school.session.scalars(select(WorkItem).where(WorkItem.instance_id == instance).order_by(WorkItem.id)))


def actions(school: School, instance: int) -> list[str]:
    school.session.rollback()
    return [entry.action for entry in journal.case_entries(school.session, instance)]
