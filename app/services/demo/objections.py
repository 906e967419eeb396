"""The story of an objection to a name on the demo's notice: read by its handler, and the person is asked for a word."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.notices import Notice
from app.domain import clock
from app.services.demo import desk
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.objections import raising
from app.services.objections.checking import Typed
from app.services.objections.raising import Vault

RAISED, READ = (10, 30), (15, 20)


def stories(world: World) -> list[Story]:
    """Return the one story of an objection."""
    data = load("notices")
    return [_story(world, data["notice"]["school"], data["objection"])]


def _story(world: World, school: str, told: Mapping[str, Any]) -> Story:
    raised = world.days.back(told["raised"])
    yield clock.at(raised, *RAISED)
    notice = _notice(world, school)
    typed = Typed(notice.names[told["against"] - 1].person_id, told["reason"])
    vault = Vault(world.seal, world.folder)
    objection = raising.raise_objection(world.session, vault, world.actor(told["by"]), notice.id, typed)
    instance = objection.instance_id
    yield clock.at(raised, *READ)
    desk.answer(world, instance, world.holder(school, "supervision"), "submit", {"gist": told["gist"]})


def _notice(world: World, school: str) -> Notice:
    found = Notice.organization_id == world.organizations[school], Notice.posted_at.is_not(None)
    return world.session.scalars(select(Notice).where(*found).order_by(Notice.id.desc()).limit(1)).one()
