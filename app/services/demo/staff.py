"""The people of the city and their positions, written in bulk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import insert

from app.db.people import Person, Position
from app.domain.vocabulary import STANDING_BODY_ROLES, Role
from app.services.accounts import passwords
from app.services.demo import city
from app.services.demo.files import load
from app.services.demo.names import Names
from app.services.demo.posts import BUREAU_POSTS, SMALL, full_school, roles_of
from app.services.demo.world import World

DEMO_PASSWORD = "yunlan-2026"  # noqa: S105 - everybody may know it: the sign-in page of the demo shows it
# Numbers of no subscriber, as usernames look where people sign in with their phone.
PHONE = 19900000000
YEARLY = frozenset({Role.HOMEROOM_TEACHER, Role.ASSISTANT_HOMEROOM_TEACHER, *STANDING_BODY_ROLES})
MOST_YEARS = 12
NEW = 2


@dataclass(frozen=True)
class Hire:
    """Somebody who holds a post in an organisation."""

    username: str
    name: str
    code: str
    post: str
    number: int


def hire_all(world: World) -> list[Hire]:
    """Write all people of the city; their positions follow in `appoint`."""
    cast = load("cast")["posts"]
    names = Names(world.chance, _known(cast))
    phones = count(PHONE + 1)
    hires = [hire for code, wanted in _wanted() for hire in _of(code, wanted, cast.get(code, {}), names, phones)]
    # One hash for all: there is nothing to protect, and a slow one for each would take a minute.
    hashed = passwords.hash_one_time(DEMO_PASSWORD)
    rows = [
        {
            "username": hire.username,
            "name": hire.name,
            "staff_number": f"{hire.code}{hire.number:04d}",
            "password_hash": hashed,
        }
        for hire in hires
    ]
    ids = world.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), rows)
    for hire, person_id in zip(hires, ids, strict=True):
        world.people[hire.username], world.names[hire.username] = person_id, hire.name
        world.posts[hire.code, hire.post].append(hire.username)
    return hires


def appoint(world: World, hires: Sequence[Hire]) -> None:
    """Write the positions that people's posts bring."""
    rows = [row for hire in hires for row in _positions(world, hire)]
    world.session.execute(insert(Position), rows)


def _wanted() -> Iterator[tuple[str, dict[str, int]]]:
    full = load("cast")["full"]
    for code in city.bureau_codes():
        yield code, BUREAU_POSTS
    for code in city.school_codes():
        posts = full_school(**full[code]) if code in full else SMALL
        yield code, {**posts, "legal": 1} if code in city.private_codes() else posts


def _known(cast: dict[str, dict[str, list[str]]]) -> set[str]:
    return {entry.split()[1] for posts in cast.values() for entries in posts.values() for entry in entries}


def _of(
    code: str, wanted: dict[str, int], cast: dict[str, list[str]], names: Names, phones: Iterator[int]
) -> Iterator[Hire]:
    numbers = count(1)
    for post, people in wanted.items():
        known = [entry.split() for entry in cast.get(post, [])]
        for place in range(people):
            username, name = known[place] if place < len(known) else (str(next(phones)), names.next())
            yield Hire(username, name, code, post, next(numbers))


def _positions(world: World, hire: Hire) -> Iterator[dict[str, object]]:
    since = _since(world, hire)
    is_bureau = hire.code in city.bureau_codes()
    for role in roles_of(hire.post, is_bureau=is_bureau, is_private=hire.code in city.private_codes()):
        yield {
            "person_id": world.people[hire.username],
            "organization_id": world.organizations[hire.code],
            "role": role,
            "from_on": world.school_year if role in YEARLY else since,
        }


def _since(world: World, hire: Hire) -> date:
    """Return the first day of the school year in which a person came; assistants are new."""
    years = world.chance.randint(1, NEW if hire.post == "assistant" else MOST_YEARS)
    told = load("dossiers")["person"].get(hire.username, {"here": -years})
    world.since[hire.username] = world.first_year + told["here"]
    return world.school_year.replace(year=world.since[hire.username])
