"""Founding the studios: host, members of the own and of other schools, mentor, term."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.domain.vocabulary import StudioLevel
from app.services.demo import city
from app.services.demo.files import load
from app.services.demo.world import World
from app.services.studios.studios import StudioDraft, create_studio

# S1 建设方案 四（一）: three years; S0 五2: two.
YEARS = {StudioLevel.CITY: 3, StudioLevel.SCHOOL: 2}


def listed() -> list[dict[str, Any]]:
    """Return the studios of the data file."""
    studios: list[dict[str, Any]] = load("studios")["studio"]
    return studios


def hosts() -> set[str]:
    """Return who leads a studio."""
    return {studio["host"] for studio in listed()}


def found(world: World) -> None:
    """Found all studios, as the administrators who may."""
    others = _others(world)
    used: set[str] = set()
    for studio in listed():
        own = _own(world, studio, used)
        used.update(own)
        members = own + [next(others) for _ in range(studio["members"])]
        created, _findings = create_studio(
            world.session,
            world.actor(_founder(world, studio)),
            world.organizations[studio["school"]],
            _draft(world, studio, members),
        )
        world.studios[studio["key"]] = created.id
        world.posts[studio["key"], "member"] = members


def _founder(world: World, studio: dict[str, Any]) -> str:
    is_city = studio["level"] == StudioLevel.CITY
    return world.holder("YL" if is_city else studio["school"], "admin")


def _draft(world: World, studio: dict[str, Any], members: list[str]) -> StudioDraft:
    first = world.school_year
    last = date(first.year + YEARS[StudioLevel(studio["level"])], first.month, first.day) - timedelta(days=1)
    # S1 建设方案 四（三）1: a mentor may be a 名校长.
    mentor = [world.holder(studio["mentor"], "principal")] if "mentor" in studio else []
    return StudioDraft(
        name=studio["name"],
        level=studio["level"],
        from_on=first,
        until_on=last,
        host=world.listed([studio["host"]]),
        members=world.listed(members),
        mentor=world.listed(mentor),
    )


def _own(world: World, studio: dict[str, Any], used: set[str]) -> list[str]:
    """Return homeroom teachers of the host's school who belong to no studio yet."""
    here = world.posts[studio["school"], "homeroom"]
    free = [username for username in here if username not in used | hosts()]
    return free[: studio["own"]]


def _others(world: World) -> Iterator[str]:
    """Yield homeroom teachers of schools without a studio, school by school through the districts."""
    homes = {studio["school"] for studio in listed()}
    codes = [code for code in city.school_codes() if code not in homes]
    for place in range(2):
        for code in codes[place::3]:
            yield world.posts[code, "homeroom"][place]
