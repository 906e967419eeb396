"""What a person's file proves as of a day: the facts of `domain.facts`, each with its evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_held
from app.db.registers import IS_LIVE, DossierEntry
from app.domain.dossiers import EntryKind, Level
from app.domain.errors import Invalid, NotFound
from app.domain.fact_reading import FactRules, Told, read_entries
from app.domain.facts import FactState, FactValue, Value
from app.domain.text import N_
from app.domain.vocabulary import InstanceStatus, Role

FIRST_YEAR, LAST_YEAR = 1950, 2100
ENTERING, ENTERED = "dossier_entry", "submit_entry"
_OPEN = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED)
_TOLD = (
    DossierEntry.id,
    DossierEntry.kind,
    DossierEntry.from_on,
    DossierEntry.until_on,
    DossierEntry.category,
    DossierEntry.level,
    DossierEntry.class_name,
    DossierEntry.hours,
    DossierEntry.title,
    DossierEntry.issuer,
    DossierEntry.number,
)


@dataclass(frozen=True)
class File:
    """A person's file as of a day, read once; by which rules its facts count is another matter."""

    as_of: date
    entries: Mapping[int, Told]
    # What the roll of people and the positions held on the day tell.
    posts: Mapping[str, Value]

    def facts(self, rules: FactRules) -> dict[str, FactValue]:
        """Return every fact by the rules."""
        told = {name: FactValue(value, (), FactState.PROVEN) for name, value in self.posts.items()}
        return {**told, **read_entries(self.entries.values(), rules, self.as_of)}


def facts_of(
    session: Session, person_id: int, organization_id: int, as_of: date, rules: FactRules
) -> dict[str, FactValue]:
    """Return every fact of a person at a school, in two statements. Raises NotFound."""
    return read_file(session, person_id, organization_id, as_of).facts(rules)


def read_file(session: Session, person_id: int, organization_id: int, as_of: date) -> File:
    """Read the live entries of a person and the posts held on a day, in two statements.

    Raises NotFound, and Invalid for a day of another age.
    """
    if not FIRST_YEAR <= as_of.year <= LAST_YEAR:
        raise Invalid.field("as_of", N_("日期要在 %(first)d 年到 %(last)d 年之间。"), first=FIRST_YEAR, last=LAST_YEAR)
    query = select(*_TOLD).where(DossierEntry.person_id == person_id, IS_LIVE, DossierEntry.from_on <= as_of)
    rows = session.execute(query)
    entries = {row.id: _told(row) for row in rows}
    return File(as_of, entries, _posts(session, person_id, organization_id, as_of))


def pending_kinds(session: Session, person_id: int) -> frozenset[EntryKind]:
    """Return the kinds of which a person has handed in entries that wait to be verified."""
    running = select(ProcessInstance.values).where(
        ProcessInstance.process_key == ENTERING,
        ProcessInstance.initiator_id == person_id,
        ProcessInstance.status.in_(_OPEN),
    )
    cases: Iterable[Mapping[str, Any]] = session.scalars(running)
    entered = ((values.get(ENTERED) or {}).get("kind") for values in cases)
    return frozenset(EntryKind(kind) for kind in entered if kind is not None)


def rule_values(pinned: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of pinned rules by parameter."""
    return {key: rule.get("value") for key, rule in pinned.items()}


def _told(row: Any) -> Told:
    level = Level(row.level) if row.level is not None else None
    return Told(**{**row._asdict(), "kind": EntryKind(row.kind), "level": level})


def _posts(session: Session, person_id: int, organization_id: int, as_of: date) -> dict[str, Value]:
    rows = session.execute(
        select(Person.name, Organization.name.label("school"), Position.role, Position.organization_id)
        .select_from(Person)
        .join(Organization, Organization.id == organization_id)
        .outerjoin(Position, and_(Position.person_id == Person.id, is_held(as_of)))
        .where(Person.id == person_id)
    ).all()
    if not rows:
        raise NotFound
    return _told_by(rows, organization_id)


def _told_by(rows: Sequence[Any], organization_id: int) -> dict[str, Value]:
    here = {row.role for row in rows if row.organization_id == organization_id}
    return {
        "person_name": rows[0].name,
        "school_name": rows[0].school,
        "is_homeroom_teacher": Role.HOMEROOM_TEACHER in here,
        "is_studio_host": any(row.role == Role.STUDIO_HOST for row in rows),
    }
