"""The stories of semester plans: filed, refused, on the way, late, and one that nobody may review."""

from collections.abc import Mapping
from typing import Any

from app.domain import clock, semesters
from app.domain.vocabulary import Verdict
from app.services.demo import desk, studios
from app.services.demo.diary import Diary
from app.services.demo.expenses import fen
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World

Told = Mapping[str, Any]
# What the office has three working days for decides how far back a late plan begins.
REVIEW_DAYS = 3


def stories(world: World) -> list[Story]:
    """Return the stories of all plans."""
    homes = {studio["key"]: studio for studio in studios.listed()}
    return [_story(world, told, homes[told["studio"]]) for told in load("plans")["plan"]]


def _story(world: World, told: Told, studio: Told) -> Story:
    back = world.days.back_to_overdue(REVIEW_DAYS) if told.get("ends") == "overdue" else int(told["back"])
    diary = Diary(world, back)
    yield diary.next("host", at=told.get("at"))
    values = _values(world, told)
    instance = desk.start(world, studio["host"], "semester_plan", studio["school"], values)
    for step in told.get("steps", ()):
        yield diary.next(step["who"], step.get("after", 0), step.get("at"))
        person = studio["host"] if step["who"] == "host" else world.holder(studio["school"], step["who"])
        if "to" in step:
            desk.send_back(world, instance, person, step["to"], step["says"])
            continue
        handed_in = values if step["does"] == Verdict.SUBMIT else {}
        desk.answer(world, instance, person, step["does"], handed_in, step.get("says"))


def _values(world: World, told: Told) -> dict[str, Any]:
    rows = ({"month": month, "name": name, "kind": kind} for month, name, kind in told["activities"])
    return {
        "studio": world.studios[told["studio"]],
        "semester": semesters.around(clock.today())[told["semester"]],
        "direction": told["direction"],
        "goals": told["goals"],
        "activities": list(rows),
        "results": told["results"],
        "budget": fen(told["budget"]),
    }
