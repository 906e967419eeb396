"""What a person's school years brought, drawn by chance: honours, courses, writings, projects."""

from collections.abc import Iterator
from datetime import date

from app.domain.dossiers import EntryKind, Level
from app.domain.entry_checks import Particulars
from app.services.demo import city
from app.services.demo.careers import Career, Service
from app.services.demo.files import load
from app.services.demo.tellings import Told, issuer, training
from app.services.demo.world import World

TEACHERS_DAY, YOUTH_DAY, END_OF_YEAR = (9, 10), (5, 4), (7, 1)
# After how many school years each level may be given, and how often in a year.
HONOURS = ((Level.PROVINCE, 14, 0.02), (Level.CITY, 8, 0.05), (Level.DISTRICT, 4, 0.1), (Level.SCHOOL, 1, 0.22))
CLASS_HONOURS = ((Level.CITY, 6, 0.02), (Level.DISTRICT, 3, 0.06), (Level.SCHOOL, 0, 0.15))
WRITINGS = ((Level.CITY, 4, 0.03), (Level.DISTRICT, 2, 0.06), (Level.SCHOOL, 1, 0.1))
PROJECTS = ((Level.DISTRICT, 5, 0.02), (Level.SCHOOL, 2, 0.03))
KINDS = ("homeroom", "homeroom", "moral_education", "excellent_teacher")
TIERS = ((0, "junior"), (6, "intermediate"), (12, "senior"))
COURSE_EVERY = 3
Chances = tuple[tuple[Level, int, float], ...]


def drawn(world: World, career: Career) -> Iterator[Told]:
    """Yield what a person's school years brought, in their order."""
    for service in career.served:
        place, years = _place(service), career.years_before(service.year)
        if (level := _level(career, HONOURS, years)) is not None:
            yield _honour(world, career, service, level, place)
        if not service.is_assistant and (level := _level(career, CLASS_HONOURS, years)) is not None:
            yield _class_honour(world, service, level, place)
        if (level := _level(career, WRITINGS, years)) is not None:
            yield _writing(world, career, service, level)
        if (level := _level(career, PROJECTS, years)) is not None:
            yield _project(world, career, service, level)


def courses(world: World, career: Career) -> Iterator[Told]:
    """Yield a course every few school years, the first for beginners."""
    for place, service in enumerate(career.served):
        if place % COURSE_EVERY == 0:
            tier = [tier for years, tier in TIERS if place >= years][-1]
            yield training(world, career, service, tier)


def _level(career: Career, chances: Chances, years: int) -> Level | None:
    """Return a level by chance, the highest that so many school years allow first."""
    return next((level for level, least, share in chances if years >= least and career.chance.random() < share), None)


def _place(service: Service) -> str:
    return city.district_of(service.seat.code)


def _honour(world: World, career: Career, service: Service, level: Level, place: str) -> Told:
    kind = career.chance.choice(KINDS)
    title: str = load("careers")["honour"][level][kind]
    given = date(service.year + 1, *(END_OF_YEAR if level == Level.SCHOOL else TEACHERS_DAY))
    particulars = Particulars(
        EntryKind.HONOUR,
        given,
        title=title.format(place=place, year=_school_year(service)),
        category=kind,
        level=level,
        issuer=issuer(world, service.seat.code, level),
    )
    return Told(particulars, given)


def _class_honour(world: World, service: Service, level: Level, place: str) -> Told:
    title: str = load("careers")["class_honour"][level]
    given = date(service.year + 1, *(END_OF_YEAR if level == Level.SCHOOL else YOUTH_DAY))
    particulars = Particulars(
        EntryKind.CLASS_HONOUR,
        given,
        title=title.format(place=place, year=_school_year(service)),
        level=level,
        issuer=issuer(world, service.seat.code, level),
        class_name=service.seat.name,
    )
    return Told(particulars, given)


def _writing(world: World, career: Career, service: Service, level: Level) -> Told:
    writing = load("careers")["writing"]
    kind = career.chance.choice(list(writing["tails"]))
    title = career.chance.choice(writing["themes"]) + career.chance.choice(writing["tails"][kind])
    given = date(service.year + 1, career.chance.randint(3, 6), career.chance.randint(1, 28))
    where = writing["places"][level].format(place=_place(service), school=world.titles[service.seat.code])
    return Told(Particulars(EntryKind.PUBLICATION, given, title=title, category=kind, level=level, issuer=where), given)


def _project(world: World, career: Career, service: Service, level: Level) -> Told:
    theme = career.chance.choice(load("careers")["writing"]["themes"])
    begun, ended = date(service.year, 10, 12), date(service.year + 1, 6, 20)
    particulars = Particulars(
        EntryKind.PROJECT,
        begun,
        title=load("careers")["project"][level].format(theme=theme),
        category=career.chance.choice(("lead", "member", "member")),
        level=level,
        issuer=issuer(world, service.seat.code, level),
        until_on=ended,
    )
    return Told(particulars, ended)


def _school_year(service: Service) -> str:
    return f"{service.year}—{service.year + 1}"
