"""The stories of semester plans: filed, refused, on the way, late, and one that nobody may review."""

from collections.abc import Mapping
from typing import Any

from app.domain import clock, semesters
from app.domain.vocabulary import Verdict
from app.services.attention import attentions
from app.services.demo import desk, hands, studios
from app.services.demo.diary import Diary
from app.services.demo.expenses import fen
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World

Told = Mapping[str, Any]


def stories(world: World) -> list[Story]:
    """Return the stories of all plans."""
    homes = {studio["key"]: studio for studio in studios.listed()}
    return [*(_story(world, told, homes[told["studio"]]) for told in load("plans")["plan"]), _look(world)]


def _look(world: World) -> Story:
    """Let the tick look at what is late or held by nobody, as it does in passing."""
    yield Diary(world, 1).next("office", at="16:30")
    attentions.attend(world.session)


def _story(world: World, told: Told, studio: Told) -> Story:
    diary = Diary(world, int(told["back"]))
    yield diary.next("host", at=told.get("at"))
    values = _values(world, told)
    instance = desk.start(world, studio["host"], "semester_plan", studio["school"], values)
    for step in told.get("steps", ()):
        yield diary.next(step["who"], step.get("after", 0), step.get("at"))
        person = studio["host"] if step["who"] == "host" else world.holder(studio["school"], step["who"])
        if step["does"] in hands.DOES:
            hands.do(world, instance, step.get("by", person), step)
            continue
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
