"""The story of a studio's change that is on its way."""

from datetime import timedelta

from app.db.money import Studio
from app.domain import clock
from app.services.demo import desk
from app.services.demo.diary import Diary
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World


def stories(world: World) -> list[Story]:
    """Return the one story of a change."""
    return [_change(world)]


def _change(world: World) -> Story:
    told = load("entries")["change"]
    diary, school = Diary(world, told["back"]), told["school"]
    yield diary.next("host")
    # In the last weeks of its term, at once.
    ahead = clock.today() + timedelta(days=told["ahead"])
    until = world.session.get_one(Studio, world.studios[told["studio"]]).until_on
    values = {
        "studio": world.studios[told["studio"]],
        "kind": "members",
        "from_on": (world.days.on_or_after(ahead) if ahead < until else clock.today()).isoformat(),
        "joining": world.names[world.posts[school, "homeroom"][told["join"]]],
        "reason": told["reason"],
        "agreed": True,
    }
    instance = desk.start(world, told["studio"], "studio_change", school, values)
    yield diary.next("deputy", after=2)
    desk.answer(world, instance, world.holder(school, "deputy"), "agree", comment="同意，课时已经协调好。")
