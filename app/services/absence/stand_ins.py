"""For whom a person stands in now: read with the person, so that an absence has nothing to undo at its end."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.db.people import Organization, Position
from app.db.queries import absences as queries
from app.domain import clock
from app.domain.absences import Chain, chains_to
from app.domain.identity import Holding, StandIn
from app.domain.vocabulary import Role

# What the people of an organisation hold there, and what they are called.
_Held = Mapping[int, tuple[str, tuple[Holding, ...]]]


def of_person(session: Session, person_id: int, holdings: Iterable[Holding]) -> tuple[StandIn, ...]:
    """Return for whom a person stands in, in the organisations where the person holds a position."""
    places = {held.organization_id for held in holdings}
    found = queries.links(session, places, clock.now())
    ids = {(absence.organization_id, link): absence.id for absence, link in found}
    chains = [
        (place, chain)
        for place in sorted(places)
        for chain in chains_to([link for absence, link in found if absence.organization_id == place], person_id)
    ]
    held = _held(session, chains)
    return tuple(
        _stand_in(place, ids[place, chain.links[0]], chain, held[place])
        for place, chain in chains
        if _all_belong(chain, held.get(place, {}))
    )


def holding_of(position: Position, organization: Organization) -> Holding:
    """Return a position as its holder's."""
    return Holding(
        position_id=position.id,
        role=Role(position.role),
        organization_id=organization.id,
        organization_name=organization.name,
        organization_path=organization.path,
        studio_id=position.studio_id,
    )


def _held(session: Session, chains: list[tuple[int, Chain]]) -> dict[int, dict[int, tuple[str, tuple[Holding, ...]]]]:
    """Return, by organisation, the names and positions of those in whose place somebody acts."""
    people = {person for _place, chain in chains for person in (chain.principal, *chain.through)}
    found: dict[int, dict[int, tuple[str, tuple[Holding, ...]]]] = {}
    if not people:
        return found
    for position, person, organization in queries.positions(
        session, people, {place for place, _chain in chains}, clock.today()
    ):
        here = found.setdefault(organization.id, {})
        name, known = here.get(person.id, (person.name, ()))
        here[person.id] = (name, (*known, holding_of(position, organization)))
    return found


def _all_belong(chain: Chain, held: _Held) -> bool:
    """Tell whether all in whose place one would act still belong to the organisation."""
    return all(person in held for person in (chain.principal, *chain.through))


def _stand_in(organization_id: int, absence_id: int, chain: Chain, held: _Held) -> StandIn:
    name, holdings = held[chain.principal]
    span = chain.span
    return StandIn(
        absence_id=absence_id,
        principal_id=chain.principal,
        name=name,
        organization_id=organization_id,
        holdings=holdings,
        processes=span.processes,
        through=chain.through,
        until_at=span.until_at,
    )
