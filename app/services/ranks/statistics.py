"""How many homeroom teachers hold which rank, by school and district: of those on the confirmed lists of a day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.queries import rank_counts
from app.db.queries.rank_counts import Count
from app.domain.dossiers import Rank
from app.domain.errors import Forbidden
from app.domain.identity import Actor
from app.domain.policy import Action, allows
from app.domain.vocabulary import OrganizationKind
from app.services.accounts.organizations import get_organization, organizations_for, place_of

# A smaller group is not broken down for whoever does not see its people anyway.
SMALLEST = 5


@dataclass(frozen=True)
class Unit:
    """An organisation with its homeroom teachers by rank; `withheld` are those who are counted and not broken down."""

    organization: Organization
    schools: int
    # Schools whose list is confirmed: the others are counted with nobody.
    confirmed: int
    homeroom_teachers: int
    withheld: int
    by_rank: Mapping[Rank, int]

    @property
    def shown(self) -> int:
        """Return how many people are broken down."""
        return self.homeroom_teachers - self.withheld

    @property
    def unranked(self) -> int:
        """Return how many of those who are broken down hold no rank."""
        return self.shown - sum(self.by_rank.values())


@dataclass(frozen=True)
class Statistics:
    """The units of an organisation on a day, and all of them together; `schools` is the same by school."""

    total: Unit
    as_of: date
    units: Sequence[Unit]
    schools: Sequence[Unit]


def statistics(session: Session, actor: Actor, organization_id: int | None, as_of: date) -> Statistics:
    """Return the statistics of an organisation, by default the highest that one may ask about.

    Raises NotFound for one out of sight, Forbidden.
    """
    organization = _asked(session, actor, organization_id)
    below = session.scalars(
        select(Organization)
        .where(Organization.path.startswith(organization.path, autoescape=True))
        .order_by(Organization.path)
    ).all()
    schools = _schools(actor, below, rank_counts.by_school(session, organization.path, as_of))
    children = [one for one in below if one.parent_id == organization.id]
    children.sort(key=lambda one: (one.kind == OrganizationKind.SCHOOL, one.id))
    units = [_sum(one, schools) for one in children or [organization]]
    return Statistics(_sum(organization, schools), as_of, units, schools)


def _asked(session: Session, actor: Actor, organization_id: int | None) -> Organization:
    if organization_id is not None:
        return get_organization(session, actor, organization_id, Action.SEE_STATISTICS)
    found = organizations_for(session, actor, Action.SEE_STATISTICS)
    if not found:
        raise Forbidden
    return found[0]


def _schools(actor: Actor, below: Iterable[Organization], counts: Iterable[Count]) -> list[Unit]:
    by_school: dict[int, Counter[Rank | None]] = {}
    for school, rank, people in counts:
        by_school.setdefault(school, Counter())[rank] += people
    return [_school(actor, one, by_school.get(one.id)) for one in below if one.kind == OrganizationKind.SCHOOL]


def _school(actor: Actor, school: Organization, counted: Counter[Rank | None] | None) -> Unit:
    people = counted.total() if counted else 0
    is_withheld = people < SMALLEST and not allows(actor, Action.SEE_DOSSIERS, place_of(school))
    by_rank = {} if is_withheld or not counted else {rank: count for rank, count in counted.items() if rank}
    return Unit(school, 1, int(counted is not None), people, people if is_withheld else 0, by_rank)


def _sum(organization: Organization, schools: Iterable[Unit]) -> Unit:
    """Add up the schools of an organisation; nobody who is withheld is told by a difference."""
    found = [one for one in schools if one.organization.path.startswith(organization.path)]
    by_rank = Counter[Rank]()
    for one in found:
        by_rank.update(one.by_rank)
    return Unit(
        organization,
        schools=len(found),
        confirmed=sum(one.confirmed for one in found),
        homeroom_teachers=sum(one.homeroom_teachers for one in found),
        withheld=sum(one.withheld for one in found),
        by_rank=by_rank,
    )
