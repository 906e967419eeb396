"""A panel in the small world: people on a roll, a request to them, and their answers."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.collectives import CollectiveResponse, CollectiveTask
from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.work import WorkItem
from app.domain import clock
from app.domain.identity import Actor
from app.domain.vocabulary import Role, WorkItemStatus
from app.services import completions
from app.services.accounts.actors import load_actor
from app.services.collective import collective_responses
from app.services.completions import Completion
from app.services.journal import RequestKey
from app.services.publishing import definitions
from app.services.starting import starts
from app.services.transactions import writing
from tests.integration.crowd import Act
from tests.integration.school import School
from tests.panel_process import panel_package

REASON = "理由见附后"


def publish(school: School, **attributes: Any) -> None:
    with writing(school.session):
        definitions.publish_built_in(school.session, panel_package(**attributes))


def seat(school: School, number: int, role: Role = Role.LEADERSHIP_GROUP_MEMBER, start: int = 0) -> list[int]:
    """Make people who hold the panel's role, and return their ids."""
    since = clock.today() - timedelta(days=30)
    people = [{"username": f"panel{start + one}", "name": f"评委{one}", "password_hash": "-"} for one in range(number)]
    with writing(school.session) as session:
        found = list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people))
        place = {"organization_id": school.organizations["school"], "role": role, "from_on": since}
        session.execute(insert(Position), [{"person_id": person_id, **place} for person_id in found])
    return found


def start_panel(school: School, **values: Any) -> int:
    place = school.organizations["school"]
    given = {"topic": "推荐名班主任", **values}
    return starts.start(school.session, school.actor("teacher"), "panel", place, given).instance


def opened(school: School, number: int, **attributes: Any) -> tuple[int, list[int]]:
    """Publish the process, seat a panel and ask it; return the case and the panel."""
    publish(school, **attributes)
    people = seat(school, number)
    return start_panel(school), people


def task_of(session: Session, instance: int) -> CollectiveTask:
    """Return the latest collective task of a case as it is now."""
    session.rollback()
    query = select(CollectiveTask).where(CollectiveTask.instance_id == instance)
    return session.scalars(query.order_by(CollectiveTask.id.desc()).limit(1)).one()


def place_of(session: Session, instance: int, person_id: int) -> WorkItem:
    query = select(WorkItem).where(WorkItem.instance_id == instance, WorkItem.assignee_id == person_id)
    return session.scalars(query.order_by(WorkItem.id.desc()).limit(1)).one()


def answering(
    school: School, instance: int, person_id: int, verdict: str = "agree", key: RequestKey | None = None, **given: Any
) -> Act:
    """Return the click of a member who sees the task now."""
    session = school.session
    item = place_of(session, instance, person_id)
    item_id, revision, actor = item.id, item.revision, load_actor(session, person_id)
    asked = Completion(revision, verdict, given.get("values", {}), given.get("comment", REASON))
    session.rollback()
    return lambda one: completions.complete(one, actor, item_id, asked, key)


def answer(school: School, instance: int, person_id: int, verdict: str = "agree", **given: Any) -> Any:
    return answering(school, instance, person_id, verdict, **given)(school.session)


def recuse(school: School, instance: int, person_id: int, reason: str | None = REASON) -> Any:
    item = place_of(school.session, instance, person_id)
    return collective_responses.recuse(school.session, member(school, person_id), item.id, reason)


def member(school: School, person_id: int) -> Actor:
    return load_actor(school.session, person_id)


def case_of(school: School, instance: int) -> ProcessInstance:
    school.session.rollback()
    return school.session.get_one(ProcessInstance, instance, populate_existing=True)


def places(school: School, instance: int) -> dict[int, str]:
    """Return the status of each place on the latest roll."""
    task = task_of(school.session, instance)
    rows = school.session.execute(
        select(WorkItem.assignee_id, WorkItem.status).where(WorkItem.collective_id == task.id)
    )
    return {person_id: WorkItemStatus(status) for person_id, status in rows if person_id is not None}


def responses(school: School, instance: int) -> dict[int, str]:
    task = task_of(school.session, instance)
    rows = school.session.execute(
        select(CollectiveResponse.person_id, CollectiveResponse.verdict).where(
            CollectiveResponse.collective_id == task.id
        )
    )
    return {person_id: verdict for person_id, verdict in rows}  # noqa: C416 - rows are no pairs to mypy
