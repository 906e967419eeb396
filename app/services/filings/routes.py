"""Which bureaus a school's list passes: its district and then the city, or the city at once."""

from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.filings import FilingLevel
from app.domain.vocabulary import OrganizationKind

LEVEL_OF = {
    OrganizationKind.SCHOOL: FilingLevel.SCHOOL,
    OrganizationKind.DISTRICT: FilingLevel.DISTRICT,
    OrganizationKind.CITY: FilingLevel.CITY,
}
# The process that audits at a level.
PROCESS_OF = {FilingLevel.DISTRICT: "rank_filing_district", FilingLevel.CITY: "rank_filing_city"}
BATCHES = "rank_filing"
RUNS = frozenset(PROCESS_OF.values())


def level_of(organization: Organization) -> FilingLevel:
    """Return the level at which an organisation stands."""
    return LEVEL_OF[organization.kind]


def bureaus_of(session: Session, school_id: int) -> list[Organization]:
    """Return the bureaus above a school that a list passes, the nearest first."""
    found, above = [], session.get_one(Organization, school_id).parent
    while above is not None:
        found.append(above)
        above = above.parent
    return [one for one in found if level_of(one) in PROCESS_OF]
