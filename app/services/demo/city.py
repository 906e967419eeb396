"""The tree of the invented city."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.db.people import Organization
from app.domain.vocabulary import Affiliation, OrganizationKind
from app.services.accounts.organizations import NewOrganization, add_organization
from app.services.demo.files import load
from app.services.demo.world import World


@dataclass(frozen=True)
class Place:
    """An organisation to be founded, under the one whose code is given."""

    code: str
    above: str | None
    new: NewOrganization


def places() -> Iterator[Place]:
    """Return all organisations from the top down."""
    city = load("city")
    yield Place(city["code"], None, NewOrganization(city["name"], city["code"], OrganizationKind.CITY))
    for district in city["district"]:
        code, name = district["code"], district["name"]
        yield Place(code, city["code"], NewOrganization(f"{name}教育局", code, OrganizationKind.DISTRICT, "", "", name))
        for school in district["schools"]:
            yield _school(code, Affiliation.DISTRICT, [*school, name])
    for affiliation in (Affiliation.DIRECT, Affiliation.PRIVATE):
        for school in city[affiliation]["schools"]:
            yield _school(city["code"], affiliation, school)


def found(world: World) -> None:
    """Write the organisations."""
    made: dict[str | None, Organization | None] = {None: None}
    for place in places():
        organization = add_organization(world.session, made[place.above], place.new)
        made[place.code] = organization
        world.organizations[place.code], world.titles[place.code] = organization.id, organization.name


@cache
def school_codes() -> tuple[str, ...]:
    """Return the codes of all schools, in the tree's order."""
    return tuple(place.code for place in places() if place.new.kind == OrganizationKind.SCHOOL)


@cache
def school(code: str) -> NewOrganization:
    """Return a school by its code."""
    return next(place.new for place in places() if place.new.code == code)


def district_of(code: str) -> str:
    """Return the name of the district in which a school stands."""
    return school(code).location_district


@cache
def bureau_codes() -> tuple[str, ...]:
    """Return the codes of the bureaus, the city's first."""
    return tuple(place.code for place in places() if place.new.kind != OrganizationKind.SCHOOL)


@cache
def private_codes() -> frozenset[str]:
    """Return the codes of the private schools."""
    return frozenset(school[0] for school in load("city")[Affiliation.PRIVATE]["schools"])


def small_district_codes(other_than: str) -> list[str]:
    """Return the codes of the district schools that are not peopled in full, outside the district of a school."""
    full = load("cast")["full"]
    return [
        code
        for code in school_codes()
        if school(code).affiliation == Affiliation.DISTRICT
        and code not in full
        and district_of(code) != district_of(other_than)
    ]


def _school(above: str, affiliation: str, told: list[str]) -> Place:
    code, name, stage, district = told
    return Place(code, above, NewOrganization(name, code, OrganizationKind.SCHOOL, affiliation, stage, district))
