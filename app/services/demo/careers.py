"""The working lives of the city's teachers: when they came, and which classes they led in which school years."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.services.demo import city, studios
from app.services.demo.classes import Roster, Seat, grades, seats
from app.services.demo.files import load
from app.services.demo.world import SEED, World

LEADING = ("year_deputy", "homeroom")
# Who teaches beside an office, and may have led a class once.
TEACHING = (
    "principal",
    "deputy",
    "director",
    "office",
    "academic",
    "supervision",
    "discipline",
    "year_head",
    "admin",
    "teacher",
)
# S1 建设方案 四（三）3: a city studio's member led a class for three years.
MEMBERS_YEARS = 3
BEFORE = (0, 0, 0, 2, 3, 5, 8)
LONGEST_STAY = 6
TRIES = 40
MOST_CLASSES = 6
SHARE_OF_ASSISTANTS = 0.7
SHARE_OF_PAUSES = 0.25


@dataclass(frozen=True)
class Service:
    """A school year with a class; an assistant stood beside its homeroom teacher."""

    seat: Seat
    year: int
    is_assistant: bool = False


@dataclass
class Career:
    """Somebody's years: joined the profession, came here, and served."""

    username: str
    code: str
    joined: int
    here: int
    chance: Random
    served: list[Service] = field(default_factory=list)

    def years_before(self, year: int) -> int:
        """Return how many school years the person had served when a school year began."""
        return sum(service.year < year for service in self.served)

    def serves(self, year: int) -> bool:
        """Tell whether the person serves in a school year."""
        return any(service.year == year for service in self.served)


@dataclass(frozen=True)
class Plan:
    """The school years in which somebody serves, and the class of this year where it is one of these."""

    career: Career
    years: Sequence[int]
    seat: Seat | None = None
    is_assistant: bool = False
    before: str | None = None


def careers_of(world: World) -> list[Career]:
    """Return the careers of all who teach; whoever leads a class today led it up through the grades."""
    roster = Roster()
    plans = [*_leaders(world), *_assistants(world), *_others(world)]
    for plan in plans:
        _serve_here(world, roster, plan)
    for plan in plans:
        _serve_elsewhere(world, roster, plan)
        plan.career.served.sort(key=lambda service: service.year)
    return [plan.career for plan in plans]


def _leaders(world: World) -> Iterator[Plan]:
    members = {one for studio in studios.listed() for one in world.posts[studio["key"], "member"]}
    for code in city.school_codes():
        usernames = [username for post in LEADING for username in world.posts[code, post]]
        for username, seat in zip(usernames, _seats(code, usernames), strict=True):
            latest = world.first_year - (MEMBERS_YEARS if username in members else 0)
            yield _leader(world, username, seat, latest)


def _leader(world: World, username: str, seat: Seat, latest: int) -> Plan:
    told = _told(username)
    career = _career(world, username, seat.code, latest)
    first = min(career.joined + career.chance.randint(0, 3), latest)
    years = range(world.first_year + told["first"] if told else first, world.this_year + 1)
    idle = {world.first_year + year for year in told.get("idle", ())} if told else _idle(career.chance, years)
    return Plan(career, [year for year in years if year not in idle], seat, before=told.get("before"))


def _assistants(world: World) -> Iterator[Plan]:
    for code in city.school_codes():
        for username, seat in zip(world.posts[code, "assistant"], seats(code), strict=False):
            career = _career(world, username, code, world.first_year)
            years = range(max(career.here, world.first_year), world.this_year + 1)
            yield Plan(career, years, Seat(code, seat.grade, 2), is_assistant=True)


def _others(world: World) -> Iterator[Plan]:
    """Yield those who lead no class today; most of them did once."""
    for code in city.school_codes():
        for username in (username for post in TEACHING for username in world.posts[code, post]):
            told = _told(username)
            career = _career(world, username, code, world.first_year)
            first = world.first_year + told["first"] if told else career.joined + career.chance.randint(0, 3)
            last = world.first_year + told["last"] if told else first + career.chance.randint(-3, LONGEST_STAY)
            yield Plan(career, range(first, min(last, world.first_year - 1) + 1), before=told.get("before"))


def _career(world: World, username: str, code: str, latest: int) -> Career:
    chance = Random(f"{SEED} {username}")  # noqa: S311 - the same city on every machine; nothing here is a secret
    here, told = world.since[username], _told(username)
    joined = world.first_year + told["joined"] if told else min(here - chance.choice(BEFORE), latest - 1)
    return Career(username, code, joined, here, chance)


def _idle(chance: Random, years: range) -> set[int]:
    """Return a year or two without a class, for some of those who served long."""
    if len(years) < LONGEST_STAY or chance.random() > SHARE_OF_PAUSES:
        return set()
    first = chance.choice(years[1:-3])
    return {first, first + chance.randint(0, 1)}


def _serve_here(world: World, roster: Roster, plan: Plan) -> None:
    career = plan.career
    years = [year for year in plan.years if year >= career.here]
    seat = plan.seat or _free_seat(roster, career.chance, career.code, years, world.this_year)
    _serve(world, roster, plan, years, seat, world.this_year)


def _serve_elsewhere(world: World, roster: Roster, plan: Plan) -> None:
    """Let the years before a person came be served at one other school."""
    career = plan.career
    years = [year for year in plan.years if year < career.here]
    code = plan.before or career.chance.choice([one for one in city.school_codes() if one != career.code])
    seat = _free_seat(roster, career.chance, code, years, max(years, default=0))
    _serve(world, roster, plan, years, seat, max(years, default=0))


def _serve(world: World, roster: Roster, plan: Plan, years: Sequence[int], seat: Seat | None, last: int) -> None:
    """Serve so many years with a class that is called so in the last of them, the very first mostly as assistant."""
    if seat is None:
        return
    for year in years:
        led = seat.ago(last - year)
        is_beginner = year == min(plan.years) < world.first_year and plan.career.chance.random() < SHARE_OF_ASSISTANTS
        plan.career.served.append(Service(led, year, plan.is_assistant or is_beginner))
        roster.lead(led, year)


def _free_seat(roster: Roster, chance: Random, code: str, years: Sequence[int], last: int) -> Seat | None:
    """Return a class, as it is called in the last year, that nobody else led in any of the years."""
    most = load("cast")["full"].get(code, {"classes": MOST_CLASSES})["classes"]
    for _try in range(TRIES if years else 0):
        seat = Seat(code, chance.randrange(len(grades(code))), chance.randint(1, most))
        if all(roster.is_free(seat.ago(last - year), year) for year in years):
            return seat
    return None


def _seats(code: str, usernames: Sequence[str]) -> Iterator[Seat]:
    """Yield the classes of those who lead one, the told ones first served."""
    told = {one: Seat(code, *_told(one)["seat"]) for one in usernames if "seat" in _told(one)}
    free = (seat for seat in seats(code) if seat not in told.values())
    return (told[one] if one in told else next(free) for one in usernames)


def _told(username: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = load("dossiers")["person"].get(username, {})
    return found
