"""Which rule packs hold in the invented city, and what its bureaus and schools set themselves."""

from datetime import date
from typing import Any, NamedTuple

from app.domain import clock
from app.domain.vocabulary import Programme, StudioLevel
from app.services.demo import studios
from app.services.demo.playing import Story
from app.services.demo.world import World
from app.services.rulebook.rules import adopt_pack, change_rule

QUARTER = 3


class Local(NamedTuple):
    """A value that an organisation sets, so many working days before today."""

    code: str
    programme: Programme
    parameter: str
    value: Any
    reason: str
    back: int


LOCALS = (
    Local(
        "YL",
        Programme.CITY_STUDIO,
        "expense.lecture_ceiling",
        400_000,
        "参照市级机关培训费讲课费标准，统一外聘专家讲课费上限。",
        152,
    ),
    Local("LX", Programme.CITY_STUDIO, "notice.working_days", 7, "各校反映五天偏短，区里统一公示七个工作日。", 96),
    Local("ZS03", Programme.CITY_STUDIO, "expense.revise_working_days", 3, "退回的单子不要压，三个工作日内改好。", 61),
    Local("SF01", Programme.SCHOOL_STUDIO, "plan.due_working_days", 8, "开学两周内交齐，便于教研组排课。", 44),
)
FUTURE = Local(
    "YL", Programme.CITY_STUDIO, "expense.book_working_days", 3, "缩短入账时间，垫付的老师早些拿到报销款。", 9
)


def adopt(world: World) -> None:
    """Adopt S1 and S4 for the city, S0 in the schools that keep studios of their own."""
    schools = [studio["school"] for studio in studios.listed() if studio["level"] == StudioLevel.SCHOOL]
    adopted = [("YL", Programme.CITY_STUDIO, "s1"), ("YL", Programme.RANK, "s4")]
    for code, programme, pack in adopted + [(code, Programme.SCHOOL_STUDIO, "s0") for code in schools]:
        actor = world.actor(world.holder(code, "admin"))
        adopt_pack(world.session, actor, world.organizations[code], programme, pack, world.school_year)


def changes(world: World) -> list[Story]:
    """Return the local values as stories, the last one of a day to come."""
    return [*(_change(world, local) for local in LOCALS), _change(world, FUTURE, _next_quarter(world.days.today))]


def _change(world: World, local: Local, from_on: date | None = None) -> Story:
    yield clock.at(world.days.back(local.back), 9, 40)
    actor = world.actor(world.holder(local.code, "admin"))
    change_rule(
        world.session,
        actor,
        world.organizations[local.code],
        local.programme,
        local.parameter,
        local.value,
        from_on=from_on or clock.today(),
        reason=local.reason,
    )


def _next_quarter(today: date) -> date:
    month = (today.month - 1) // QUARTER * QUARTER + QUARTER + 1
    return date(today.year, month, 1) if month <= 12 else date(today.year + 1, 1, 1)  # noqa: PLR2004 - months
