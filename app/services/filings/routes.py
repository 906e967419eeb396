"""Which bureaus a school's list passes: its district and then the city, or the city at once as direct and private schools do."""

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.domain.errors import Conflict
from app.domain.filings import FilingLevel
from app.domain.text import N_
from app.domain.vocabulary import Affiliation, OrganizationKind, Programme
from app.services.rulebook.rules import effective_rules

LEVEL_OF = {
    OrganizationKind.SCHOOL: FilingLevel.SCHOOL,
    OrganizationKind.DISTRICT: FilingLevel.DISTRICT,
    OrganizationKind.CITY: FilingLevel.CITY,
}
# The process that audits at a level.
PROCESS_OF = {FilingLevel.DISTRICT: "rank_filing_district", FilingLevel.CITY: "rank_filing_city"}
BATCHES = "rank_filing"
LETTERS = "rank_filing_letter"
RUNS = frozenset(PROCESS_OF.values())
NO_BUREAU = N_(
    "本校上面没有教育局，名单没有地方报。请找系统管理员核对本校的上级单位；主管教育局不在平台上的，请先把规则里的“上报方式”改为“纸质盖章后登记”。"
)


def level_of(organization: Organization) -> FilingLevel:
    """Return the level at which an organisation stands."""
    return LEVEL_OF[organization.kind]


def bureaus_of(session: Session, school_id: int) -> list[Organization]:
    """Return the bureaus above a school that a list passes, the nearest first."""
    school = session.get_one(Organization, school_id)
    found, above = [], school.parent
    while above is not None:
        found.append(above)
        above = above.parent
    passed = [one for one in found if level_of(one) in PROCESS_OF]
    if len(passed) > 1 and _passes_by(session, school):
        return [one for one in passed if level_of(one) == FilingLevel.CITY]
    return passed


def nearest(session: Session, school_id: int) -> Organization:
    """Return the bureau to which a school's list goes first. Raises Conflict where there is none on the platform."""
    passed = bureaus_of(session, school_id)
    if not passed:
        raise Conflict(NO_BUREAU)
    return passed[0]


def files_with(session: Session, bureau: Organization) -> ColumnElement[bool]:
    """Return the condition of an organisation whose list passes a bureau."""
    below = Organization.path.startswith(bureau.path, autoescape=True)
    if level_of(bureau) != FilingLevel.DISTRICT or bureau.parent_id is None:
        return below
    others = {Affiliation.DIRECT} if _takes_private(session, bureau.id) else {Affiliation.DIRECT, Affiliation.PRIVATE}
    return and_(below, or_(Organization.affiliation.is_(None), Organization.affiliation.not_in(others)))


def _passes_by(session: Session, school: Organization) -> bool:
    """Tell whether a school below a district files with the city at once."""
    is_private = school.affiliation == Affiliation.PRIVATE
    return school.affiliation == Affiliation.DIRECT or (is_private and not _takes_private(session, school.id))


def _takes_private(session: Session, organization_id: int) -> bool:
    """Tell whether the rule sends private schools through their district; without a rule they file with the city."""
    rule = effective_rules(session, organization_id, Programme.RANK).get("filing.private_to")
    return rule is not None and rule.value == FilingLevel.DISTRICT
