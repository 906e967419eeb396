"""The stories of absences: one that holds, one that an administrator set, one that is to come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.domain import clock
from app.services.absence import absences
from app.services.absence.absences import AbsenceDraft
from app.services.demo.diary import Diary
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World


def stories(world: World) -> list[Story]:
    """Return the stories of all absences."""
    return [_story(world, told) for told in load("absences")["absence"]]


def _story(world: World, told: Mapping[str, Any]) -> Story:
    yield Diary(world, told["back"]).next("deputy")
    draft = AbsenceDraft(
        principal_id=world.people[told["principal"]],
        substitute_id=world.people[told["substitute"]],
        from_at=max(_begin(world, told["from"]), clock.at(clock.today())),
        until_at=_begin(world, told["until"] + 1),
        processes=told.get("processes"),
        reason=told.get("reason"),
    )
    actor = world.actor(told.get("by", told["principal"]))
    absences.set_absence(world.session, actor, world.organizations[told["school"]], draft)


def _begin(world: World, days: int) -> datetime:
    return clock.at(world.days.today + timedelta(days=days))
