"""Who will be asked at tasks to come: the holders of their positions today, as far as the reader may know them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.domain.identity import Actor
from app.domain.vocabulary import STUDIO_ROLES, Role
from app.engine.model import UserTask
from app.services.accounts.actors import holds_today
from app.services.elsewhere import PARENT, ROUND


@dataclass(frozen=True)
class Office:
    """A position that is asked; of a studio where it is a studio's, which may not be chosen yet."""

    role: Role
    organization_id: int
    studio_id: int | None = None
    is_of_studio: bool = False


@dataclass(frozen=True)
class Handlers:
    """Who will be asked: people by name, or where others' names are not told only the position and how many hold it."""

    role: Role | None
    organization: str = ""
    names: tuple[str, ...] = ()
    count: int = 0
    are_told: bool = True
    # Whether it depends on a studio that is not chosen yet.
    is_open: bool = False


@dataclass(frozen=True)
class Place:
    """Whose case it is, or would be, and who files it."""

    organization: Organization
    studio_id: int | None
    initiator_id: int | None
    initiator: str | None
    # Whose round it is that somebody applies in.
    round_organization_id: int | None = None


def office_of(place: Place, task: UserTask) -> Office | None:
    """Return the position that a task asks; None where it asks the initiator, or one person by name."""
    if task.is_person or (task.is_initiator and place.initiator_id is not None):
        return None
    role = Role.PROCESS_ADMIN if task.is_initiator else Role(task.role)
    own = place.organization.id
    elsewhere = {PARENT: place.organization.parent_id, ROUND: place.round_organization_id}.get(task.of)
    is_of_studio = role in STUDIO_ROLES
    return Office(role, elsewhere or own, place.studio_id if is_of_studio else None, is_of_studio)


def handlers_of(
    session: Session, actor: Actor, place: Place, tasks: Mapping[str, UserTask], barred: Mapping[str, set[int]]
) -> dict[str, Handlers]:
    """Return who will be asked at each task by its path; `barred` are the people who may not do one."""
    offices = {path: office_of(place, task) for path, task in tasks.items()}
    holders = _holders(session, {office for office in offices.values() if office is not None})
    others = _organizations(session, place, offices.values())
    found: dict[str, Handlers] = {}
    for path, office in offices.items():
        if office is None:
            # Whom a case will name is not known before.
            named = [] if tasks[path].is_person else [place.initiator or ""]
            found[path] = Handlers(None, names=tuple(named), count=1)
            continue
        people = {one: name for one, name in holders[office].items() if one not in barred.get(path, set())}
        organization = others[office.organization_id]
        are_told = actor.belongs_to(organization.id) or actor.covers(organization.path)
        is_open = office.is_of_studio and office.studio_id is None
        names = tuple(people.values()) if are_told and tasks[path].collective is None and not is_open else ()
        found[path] = Handlers(office.role, organization.name, names, len(people), are_told, is_open)
    return found


def _holders(session: Session, offices: set[Office]) -> dict[Office, dict[int, str]]:
    places = {(office.organization_id, office.role) for office in offices}
    if not places:
        return {}
    rows = session.execute(
        select(Position.organization_id, Position.role, Position.studio_id, Person.id, Person.name)
        .join(Person, Person.id == Position.person_id)
        .where(tuple_(Position.organization_id, Position.role).in_(places), holds_today(), Person.is_active)
        .order_by(Person.id)
    ).all()
    return {
        office: {
            row.id: row.name
            for row in rows
            if (row.organization_id, row.role) == (office.organization_id, office.role)
            and office.studio_id in {None, row.studio_id}
        }
        for office in offices
    }


def _organizations(session: Session, place: Place, offices: Iterable[Office | None]) -> dict[int, Organization]:
    found = {place.organization.id: place.organization}
    wanted = {office.organization_id for office in offices if office is not None} - found.keys()
    return found | {one: session.get_one(Organization, one) for one in wanted}
