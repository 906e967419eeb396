"""The lists of homeroom teachers that the offices of full schools confirm, and a change in mid-year."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain import school_years
from app.domain.homeroom_lists import ClassPosts, Line, Post, classes_of
from app.services.demo.careers import Career
from app.services.demo.files import load
from app.services.demo.world import World
from app.services.homeroom import confirmations
from app.services.homeroom.drafts import ListDraft

# Where somebody takes over a class while the school year runs.
CHANGING = "MB01"


def codes() -> list[str]:
    """Return the codes of the schools that have an office to confirm lists."""
    return list(load("cast")["full"])


def confirm(world: World, careers: Sequence[Career], year: int) -> None:
    """Confirm the lists of a school year."""
    for code in codes():
        draft = ListDraft(year, 0, school_years.first_day(year), _classes(world, careers, code, year))
        _confirm(world, code, draft)


def hand_over(world: World, careers: Sequence[Career], on: date) -> None:
    """Let a teacher take over the class of the last homeroom teacher from a day on."""
    year = world.this_year
    leaves, takes = (world.people[world.posts[CHANGING, post][-1]] for post in ("homeroom", "teacher"))
    classes = _classes(world, careers, CHANGING, year)
    changed = [replace(one, teacher_id=takes) if one.teacher_id == leaves else one for one in classes]
    _confirm(world, CHANGING, ListDraft(year, 1, on, changed))


def _classes(world: World, careers: Sequence[Career], code: str, year: int) -> list[ClassPosts]:
    """Return the classes of a school year as the careers tell of them."""
    return classes_of(
        Line(service.seat.name, world.people[career.username], Post.ASSISTANT if service.is_assistant else Post.FULL)
        for career in careers
        for service in career.served
        if (service.seat.code, service.year) == (code, year)
    )


def _confirm(world: World, code: str, draft: ListDraft) -> None:
    keeper = world.actor(world.posts[code, "office"][0])
    confirmations.confirm(world.session, keeper, world.organizations[code], draft)
