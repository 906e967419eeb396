"""Studios that ended before the platform, with their people, grades and balances; and grades since."""

from datetime import date
from typing import Any

from app.db.money import Studio
from app.db.people import Position
from app.db.registers import StudioBalance, StudioGrade
from app.domain import clock, school_years
from app.domain.vocabulary import Role, StudioLevel
from app.services.demo import studios
from app.services.demo.expenses import fen
from app.services.demo.files import load
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.studios.studios import PROGRAMME_OF

GRADED = (7, 6)


def stories(world: World) -> list[Story]:
    """Return the story of what was entered of earlier studios, and of the running ones' first grades."""
    return [_story(world)]


def _story(world: World) -> Story:
    yield clock.at(world.days.on_or_after(world.school_year), 16)
    for told in load("old_studios")["studio"]:
        _found(world, told)
    yield clock.at(world.days.on_or_after(date(world.this_year, *GRADED)), 15, 10)
    for studio in studios.listed():
        is_city = studio["level"] == StudioLevel.CITY
        keeper = world.holder("YL", "clerk") if is_city else world.posts[studio["school"], "office"][0]
        issuer = world.titles["YL" if is_city else studio["school"]]
        grade = load("old_studios")["grades"][studio["key"]]
        _grade(world, world.studios[studio["key"]], (world.first_year, grade, issuer), keeper)
    world.session.flush()


def _found(world: World, told: dict[str, Any]) -> None:
    session, school = world.session, told["school"]
    begun, ended = _day(world, *told["from"]), _day(world, *told["until"])
    level = StudioLevel(told["level"])
    studio = Studio(organization_id=world.organizations[school], name=told["name"], level=level, from_on=begun)
    studio.until_on, studio.programme = ended, PROGRAMME_OF[level]
    session.add(studio)
    session.flush()
    posts = {told["host"]: Role.STUDIO_HOST, **dict.fromkeys(_members(world, told), Role.STUDIO_MEMBER)}
    for username, role in posts.items():
        term = {"studio_id": studio.id, "from_on": begun, "until_on": ended}
        session.add(
            Position(person_id=world.people[username], organization_id=studio.organization_id, role=role, **term)
        )
    keeper = world.posts[school, "office"][0]
    for place, grade in enumerate(told["grades"]):
        _grade(world, studio.id, (begun.year + place, grade, world.titles[school]), keeper)
    balance = StudioBalance(studio_id=studio.id, as_of=ended, amount=fen(told["balance"]))
    balance.entered_by_id = world.people[keeper]
    session.add(balance)


def _members(world: World, told: dict[str, Any]) -> list[str]:
    """Return who led a class of the school when the studio began, and belongs to no other."""
    taken = {one for studio in studios.listed() for one in (studio["host"], *world.posts[studio["key"], "member"])}
    begun = world.first_year + told["from"][0]
    there = [one for one in world.posts[told["school"], "homeroom"] if world.since[one] <= begun and one not in taken]
    return there[: told["members"]]


def _grade(world: World, studio_id: int, graded: tuple[int, str, str], keeper: str) -> None:
    year, grade, issuer = graded
    row = StudioGrade(studio_id=studio_id, grade=grade, issuer=issuer, entered_by_id=world.people[keeper])
    row.period, row.graded_on = school_years.titled(year).chinese(), date(year + 1, *GRADED)
    world.session.add(row)


def _day(world: World, year: int, on: str) -> date:
    return date.fromisoformat(f"{world.first_year + year}-{on}")
