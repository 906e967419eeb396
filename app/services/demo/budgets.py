"""The stories of budgets: one a studio and year, and an amendment that waits."""

from datetime import date, timedelta
from typing import Any

from app.domain import clock
from app.services.demo import desk, studios
from app.services.demo.diary import Diary
from app.services.demo.expenses import fen
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World

# Next year's budget is drafted in the second week of December, so that January can begin with money.
DRAFTED = (12, 7)
RETURNED_FIRST = "luojia"


def stories(world: World) -> list[Story]:
    """Return the stories of all budgets."""
    years = range(world.school_year.year + 1, world.days.today.year + 1)
    found = [_budget(world, studio, year, place) for year in years for place, studio in enumerate(studios.listed())]
    return [*found, *(_amendment(world, told) for told in load("open")["amendment"])]


def _budget(world: World, studio: dict[str, Any], year: int, place: int) -> Story:
    day = world.days.on_or_after(date(year - 1, *DRAFTED) + timedelta(days=place % 4))
    yield clock.at(day, 10, 5 + place)
    values = _values(world, studio, year, studio["lines"])
    instance = desk.start(world, studio["host"], "annual_budget", studio["school"], values)
    finance = world.holder(studio["school"], "finance")
    if studio["key"] == RETURNED_FIRST:
        day = world.days.on_or_after(day + timedelta(days=1))
        yield clock.at(day, 14, 12)
        desk.answer(world, instance, finance, "return", comment="区级配套文件还没附上，请核对金额后再报。")
        yield clock.at(day, 16, 3)
        desk.answer(world, instance, studio["host"], "submit", values)
    yield clock.at(world.days.on_or_after(day + timedelta(days=2)), 14, 20 + place)
    desk.answer(world, instance, finance, "accept")


def _amendment(world: World, told: dict[str, Any]) -> Story:
    studio = next(studio for studio in studios.listed() if studio["key"] == told["studio"])
    yield Diary(world, told["back"]).next("host")
    values = _values(world, studio, clock.today().year, {**studio["lines"], **told["lines"]})
    desk.start(world, studio["host"], "annual_budget", studio["school"], values)


def _values(world: World, studio: dict[str, Any], year: int, lines: dict[str, int]) -> dict[str, Any]:
    return {
        "studio": world.studios[studio["key"]],
        "year": year,
        "grants": [{"source": source, "amount": fen(yuan)} for source, yuan in studio["grants"].items()],
        "lines": [{"category": category, "amount": fen(yuan)} for category, yuan in lines.items()],
    }
