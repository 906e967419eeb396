"""What is told of a person in the file, before it is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain import school_years
from app.domain.dossiers import EntryKind, Level
from app.domain.entry_checks import Particulars
from app.services.demo import city
from app.services.demo.careers import Career, Service
from app.services.demo.files import load
from app.services.demo.world import World

TITLES = ("junior", "intermediate", "senior", "full_senior")
PANEL = "云澜市中小学教师职称评审委员会"
WORKING_YEARS = 37
FIRST_DAY, LAST_DAY = (9, 1), (8, 31)


@dataclass(frozen=True)
class Told:
    """Particulars of an entry, since when they are known, and whether a paper is attached."""

    particulars: Particulars
    known_on: date
    school: str | None = None
    is_proved: bool = False


def is_known(username: str) -> bool:
    """Tell whether the data file tells of a person."""
    return username in load("dossiers")["person"]


def basics(world: World, career: Career) -> Iterator[Told]:
    """Yield when a person began to work, and the professional titles."""
    begun = date(career.joined, *FIRST_DAY)
    retired = date(career.joined + WORKING_YEARS, *LAST_DAY)
    yield Told(Particulars(EntryKind.EMPLOYMENT, begun, until_on=retired), begun)
    for title, year in zip(TITLES, _title_years(world, career), strict=False):
        given = date(year, 12, 20)
        number = f"ZC{year}{career.chance.randint(0, 99999):05d}"
        yield Told(Particulars(EntryKind.TITLE, given, category=title, issuer=PANEL, number=number), given)


def _title_years(world: World, career: Career) -> list[int]:
    told = load("dossiers")["person"].get(career.username)
    if told:
        return [world.first_year + year for year in told["titles"]]
    steps = (1, career.chance.randint(6, 8), career.chance.randint(13, 20))
    return [career.joined + step for step in steps if career.joined + step < world.this_year]


def services(world: World, career: Career) -> Iterator[Told]:
    """Yield the school years with a class, up to the story's first, which is still running."""
    for service in (served for served in career.served if served.year <= world.first_year):
        yield service_of(world, service, is_open=service.year == world.first_year)


def service_of(world: World, service: Service, *, is_open: bool) -> Told:
    """Return a school year with a class; one that is running has no end."""
    begun = date(service.year, *FIRST_DAY)
    particulars = Particulars(
        EntryKind.SERVICE,
        begun,
        category="assistant" if service.is_assistant else "full",
        issuer=world.titles[service.seat.code],
        class_name=service.seat.name,
        until_on=None if is_open else date(service.year + 1, *LAST_DAY),
    )
    return Told(particulars, begun, service.seat.code)


def by_hand(world: World, career: Career) -> Iterator[Told]:
    """Yield what the data file tells of a person everybody knows."""
    for one in load("dossiers")["person"].get(career.username, {}).get("entries", ()):
        begun = _day(world, one["year"], one["on"])
        particulars = Particulars(
            EntryKind(one["kind"]),
            begun,
            title=one["title"].format(year=_written(begun)),
            category=one.get("category"),
            level=Level(one["level"]),
            issuer=one.get("issuer") or issuer(world, career.code, one["level"]),
            class_name=_class_of(career, begun) if one["kind"] == EntryKind.CLASS_HONOUR else "",
            until_on=_day(world, *one["until"]) if "until" in one else None,
            number=one.get("number", ""),
        )
        yield Told(particulars, particulars.until_on or begun, is_proved=one.get("proof", False))


def issuer(world: World, code: str, level: str) -> str:
    """Return who gives something at a level to people of a school."""
    if level == Level.SCHOOL:
        return world.titles[code]
    name: str = load("careers")["issuer"][level]
    return name.format(place=city.district_of(code))


def training(world: World, career: Career, service: Service, tier: str) -> Told:
    """Return a course in the summer after a school year."""
    course: dict[str, Any] = load("careers")["training"][tier]
    begun, code = date(service.year + 1, 7, 10), service.seat.code
    ended = begun + timedelta(days=course["days"] - 1)
    particulars = Particulars(
        EntryKind.TRAINING,
        begun,
        title=course["title"].format(place=city.district_of(code)),
        category=tier,
        level=Level(course["level"]),
        issuer=issuer(world, code, course["level"]),
        until_on=ended,
        hours=course["hours"],
        number=f"PX{begun.year}{career.chance.randint(0, 9999):04d}",
    )
    return Told(particulars, ended)


def _class_of(career: Career, on: date) -> str:
    """Return the class that a person led on a day."""
    return next(service.seat.name for service in career.served if service.year == school_years.school_year_of(on))


def _written(on: date) -> str:
    """Write the school year of a day as titles do."""
    year = school_years.school_year_of(on)
    return f"{year}—{year + 1}"


def _day(world: World, year: int, on: str) -> date:
    month, day = (int(part) for part in on.split("-"))
    return date(world.first_year + year, month, day)
