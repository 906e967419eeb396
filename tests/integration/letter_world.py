"""A district with no city above it on the platform: what it sums up goes up by letter."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.rules import RulePackAdoption
from app.services.transactions import writing
from tests.integration.filing_world import Filing


def uprooted(world: Filing) -> int:
    """Take the city from above the district, with its rules; return the district."""
    session, places = world.school.session, world.school.organizations
    city, district = places["city"], places["district"]
    with writing(session):
        for one in session.scalars(select(Organization)):
            one.path = one.path.removeprefix(f"/{city}") if one.id != city else one.path
        session.get_one(Organization, district).parent_id = None
        _give_rules(session, city, district)
    return district


def rooted_again(world: Filing, district: int) -> None:
    """Put the city back above the district, with its rules."""
    session, city = world.school.session, world.school.organizations["city"]
    with writing(session):
        for one in session.scalars(select(Organization).where(Organization.path.startswith(f"/{district}/"))):
            one.path = f"/{city}{one.path}"
        session.get_one(Organization, district).parent_id = city
        _give_rules(session, district, city)


def alone(world: Filing) -> None:
    """Take every bureau from above the school, with the city's rules."""
    session, school = world.school.session, world.place
    with writing(session):
        place = session.get_one(Organization, school)
        place.parent_id, place.path = None, f"/{school}/"
        _give_rules(session, world.school.organizations["city"], school)


def _give_rules(session: Session, giver: int, taker: int) -> None:
    for adopted in session.scalars(select(RulePackAdoption).where(RulePackAdoption.organization_id == giver)):
        adopted.organization_id = taker
