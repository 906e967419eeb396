"""What a person's file proves as of a day: the facts of `domain.facts`, each with its evidence."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.registers import DossierEntry
from app.domain.dossiers import EntryKind, Level
from app.domain.errors import NotFound
from app.domain.fact_reading import FactRules, Told, read_entries
from app.domain.facts import FactState, FactValue, Value
from app.domain.vocabulary import Role

_LIVE = and_(DossierEntry.replaced_at.is_(None), ~DossierEntry.is_void)


def facts_of(
    session: Session, person_id: int, organization_id: int, as_of: date, rules: FactRules
) -> dict[str, FactValue]:
    """Return every fact of a person at a school, in two statements. Raises NotFound."""
    return {**_posts(session, person_id, organization_id, as_of), **_entries(session, person_id, as_of, rules)}


def rule_values(pinned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of pinned rules by parameter."""
    return {key: rule.get("value") for key, rule in pinned.items()}


def _entries(session: Session, person_id: int, as_of: date, rules: FactRules) -> dict[str, FactValue]:
    rows = session.execute(
        select(
            DossierEntry.id,
            DossierEntry.kind,
            DossierEntry.from_on,
            DossierEntry.until_on,
            DossierEntry.category,
            DossierEntry.level,
            DossierEntry.class_name,
            DossierEntry.hours,
        ).where(DossierEntry.person_id == person_id, _LIVE, DossierEntry.from_on <= as_of)
    )
    return read_entries((_told(row) for row in rows), rules, as_of)


def _told(row: Any) -> Told:
    level = Level(row.level) if row.level is not None else None
    return Told(row.id, EntryKind(row.kind), row.from_on, row.until_on, row.category, level, row.class_name, row.hours)


def _posts(session: Session, person_id: int, organization_id: int, as_of: date) -> dict[str, FactValue]:
    """Return what the roll of people and the positions held on the day tell."""
    is_held = and_(
        Position.person_id == Person.id,
        Position.from_on <= as_of,
        or_(Position.until_on.is_(None), Position.until_on >= as_of),
    )
    rows = session.execute(
        select(Person.name, Organization.name.label("school"), Position.role, Position.organization_id)
        .select_from(Person)
        .join(Organization, Organization.id == organization_id)
        .outerjoin(Position, is_held)
        .where(Person.id == person_id)
    ).all()
    if not rows:
        raise NotFound
    return {name: FactValue(value, (), FactState.PROVEN) for name, value in _told_by(rows, organization_id).items()}


def _told_by(rows: Sequence[Any], organization_id: int) -> dict[str, Value]:
    here = {row.role for row in rows if row.organization_id == organization_id}
    return {
        "person_name": rows[0].name,
        "school_name": rows[0].school,
        "is_homeroom_teacher": Role.HOMEROOM_TEACHER in here,
        "is_studio_host": any(row.role == Role.STUDIO_HOST for row in rows),
    }
