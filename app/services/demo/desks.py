"""What people have at hand: own sentences for opinions, and drafts that wait to be finished."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.processes import ProcessInstance
from app.db.work import IS_OPEN, WorkItem
from app.services.demo.diary import Diary
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.filling import drafts, opinion_templates
from app.services.filling.drafts import Typed

# After the last case of the day before today was filed.
EVENING = "17:10"


def stories(world: World) -> list[Story]:
    """Return the one story of all desks."""
    return [_story(world, load("desks"))]


def _story(world: World, told: Mapping[str, Any]) -> Story:
    yield Diary(world, 1).next("office", at=EVENING)
    session = world.session
    for username, texts in told["opinions"].items():
        for text in texts:
            opinion_templates.add(session, world.actor(username), text)
    for one in told["start"]:
        subject = drafts.start_subject(one["process"], world.organizations[one["school"]])
        drafts.keep(session, world.actor(one["username"]), subject, Typed(one["values"]))
    for one in told["task"]:
        subject = drafts.task_subject(_open_item(world, one["element"], one["initiator"]))
        drafts.keep(session, world.actor(one["username"]), subject, Typed(None, one["comment"]))


def _open_item(world: World, element: str, initiator: str) -> int:
    query = select(WorkItem.id).join(ProcessInstance, ProcessInstance.id == WorkItem.instance_id)
    started = ProcessInstance.initiator_id == world.people[initiator]
    return world.session.scalars(query.where(IS_OPEN, WorkItem.element == element, started)).one()
