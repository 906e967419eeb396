"""The files of all who teach: what was there at the founding, and what the school years brought since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain import clock, school_years
from app.domain.dossiers import EntrySource
from app.domain.vocabulary import Affiliation
from app.services.demo import city, homeroom_lists, papers
from app.services.demo.achievements import courses, drawn
from app.services.demo.careers import Career, careers_of
from app.services.demo.offices import keepers
from app.services.demo.papers import Paper
from app.services.demo.playing import Story
from app.services.demo.ranks import ranks
from app.services.demo.rollovers import go_up
from app.services.demo.tellings import Told, basics, by_hand, is_known, services
from app.services.demo.world import World
from app.services.dossiers.recording import Entry, record_many

# Before the new list of homeroom teachers, what the year brought is entered; later once more.
BEFORE_TERM = (8, 27)
LATELY = 12


@dataclass(frozen=True)
class File:
    """All that is told of a person."""

    career: Career
    told: Sequence[Told]


def stories(world: World) -> list[Story]:
    """Return the story of the files: entered when the platform begins, and added to later."""
    return [_story(world)]


def _story(world: World) -> Story:
    yield clock.at(world.days.on_or_after(world.school_year), 10)
    careers = careers_of(world)
    files = [_file(world, career) for career in careers]
    _write(world, files, EntrySource.FOUNDING, date.min, world.school_year)
    homeroom_lists.confirm(world, careers, world.first_year)
    summer = world.days.on_or_after(date(world.this_year, *BEFORE_TERM))
    yield clock.at(summer, 10)
    _write(world, files, EntrySource.IMPORT, world.school_year, summer)
    yield clock.at(summer, 15)
    homeroom_lists.confirm(world, careers, world.this_year)
    go_up(world, [career for career in careers if career.code not in homeroom_lists.codes()])
    lately = world.days.back(LATELY)
    if lately >= school_years.first_day(world.this_year):
        yield clock.at(lately, 15, 30)
        _write(world, files, EntrySource.IMPORT, summer, lately)
        homeroom_lists.hand_over(world, careers, lately)


def _file(world: World, career: Career) -> File:
    own = by_hand(world, career) if is_known(career.username) else drawn(world, career)
    told = [*basics(world, career), *services(world, career), *courses(world, career), *own]
    is_direct = city.school(career.code).affiliation != Affiliation.DISTRICT
    return File(career, [*told, *ranks(world, career, told, is_direct=is_direct)])


def _write(world: World, files: Iterable[File], source: EntrySource, after: date, until: date) -> None:
    record_many(world.session, [entry for file in files for entry in _entries(world, file, source, after, until)])


def _entries(world: World, file: File, source: EntrySource, after: date, until: date) -> Iterator[Entry]:
    career = file.career
    keeper, verifier = keepers(world, career.code, career.username)
    for told in sorted(file.told, key=lambda one: one.known_on):
        if after < told.known_on <= until:
            yield Entry(
                world.people[career.username],
                world.organizations[career.code],
                told.particulars,
                source,
                world.people[keeper],
                world.people[verifier],
                school_id=world.organizations[told.school] if told.school else None,
                evidence=(_certificate(world, career, told),) if told.is_proved else (),
            )


def _certificate(world: World, career: Career, told: Told) -> str:
    """Store the paper that proves an entry, as its owner; return its id."""
    one, name = told.particulars, world.names[career.username]
    stored = papers.hand_in(world, career.username, Paper(name, one.title, one.issuer, one.from_on))
    stored.organization_id = world.organizations[career.code]
    return stored.id
