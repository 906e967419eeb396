"""What a person's file proves and what the person may apply for, as somebody may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.domain import clock
from app.domain.dossiers import Look
from app.domain.errors import NotFound
from app.domain.fact_reading import fact_rules
from app.domain.facts import FACTS, FactValue
from app.domain.identity import Actor
from app.domain.vocabulary import OrganizationKind, Programme, Role
from app.services.accounts.actors import holds_today
from app.services.dossiers import looks, scope
from app.services.dossiers.explanations import Explanation, explanations_of
from app.services.dossiers.facts import facts_of
from app.services.dossiers.scope import Sight
from app.services.rulebook.rules import effective_rules

TEACHING = frozenset({Role.TEACHER, Role.HOMEROOM_TEACHER, Role.ASSISTANT_HOMEROOM_TEACHER})


@dataclass(frozen=True)
class Prospects:
    """What the rules of a person's school ask, table by table; of who teaches in no school they ask nothing."""

    person: Person
    sight: Sight
    school: Organization | None
    explanations: Sequence[Explanation]


@dataclass(frozen=True)
class Proven:
    """The facts of a person at the own school as of a day."""

    person: Person
    school: Organization
    as_of: date
    facts: Mapping[str, FactValue]


def prospects_of(session: Session, actor: Actor, person_id: int) -> Prospects:
    """Return what a person may apply for, and what is missing; a look at another's is noted. Raises NotFound."""
    return prospects_in(session, actor, *_looked_at(session, actor, person_id))


def prospects_in(session: Session, actor: Actor, person: Person, sight: Sight) -> Prospects:
    """Return the same for who looks at the file already; nothing for who sees no entries of it, or who does not teach."""
    posts = _posts(session, person.id) if sight.has_entries else []
    school = _first(actor, person.id, [place for place, role in posts if role in TEACHING])
    if school is None:
        return Prospects(person, sight, None, ())
    today, may = clock.today(), sight.has_sanctions
    return Prospects(person, sight, school, explanations_of(session, person.id, school.id, today, has_sanctions=may))


def proven_of(session: Session, actor: Actor, person_id: int, as_of: date | None) -> Proven:
    """Return the facts of a person, by the rules of ranks, today by default; a look at another's is noted.

    Facts about sanctions are left out for those who may not see them. Raises NotFound.
    """
    person, sight = _looked_at(session, actor, person_id)
    school = _first(actor, person_id, [place for place, _role in _posts(session, person_id)])
    if school is None:
        raise NotFound
    day = as_of or clock.today()
    rules = effective_rules(session, school.id, Programme.RANK, day)
    found = facts_of(session, person_id, school.id, day, fact_rules({key: rule.value for key, rule in rules.items()}))
    shown = {name: one for name, one in found.items() if sight.has_sanctions or not FACTS[name].is_confidential}
    return Proven(person, school, day, shown)


def _looked_at(session: Session, actor: Actor, person_id: int) -> tuple[Person, Sight]:
    person = scope.get_person(session, actor, person_id)
    sight = scope.sight_of(session, actor, person_id)
    if not sight.has_entries:
        raise NotFound
    looks.note(session, actor, person_id, Look.FILE)
    return person, sight


def _posts(session: Session, person_id: int) -> list[tuple[Organization, Role]]:
    """Return where and as what a person works in schools today, the oldest post first."""
    rows = session.execute(
        select(Organization, Position.role)
        .join(Position, Position.organization_id == Organization.id)
        .where(Position.person_id == person_id, holds_today(), Organization.kind == OrganizationKind.SCHOOL)
        .order_by(Position.id)
    )
    return [(place, Role(role)) for place, role in rows]


def _first(actor: Actor, person_id: int, schools: Sequence[Organization]) -> Organization | None:
    """Return, of several schools, the one in whose position the person acts, else the first."""
    acting = actor.acting.organization_id if actor.acting and person_id == actor.person_id else None
    return next((one for one in schools if one.id == acting), schools[0] if schools else None)
