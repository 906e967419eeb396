"""What forms about files offer to choose: own entries, people of the school, sanctions of the school."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.people import Person, Position
from app.db.queries.offices import is_work
from app.db.registers import IS_LIVE, DossierEntry
from app.domain import clock
from app.domain.dossiers import ENTRY_KIND_TITLES, OWN_KINDS, EntryKind
from app.domain.identity import Actor
from app.domain.vocabulary import ROLE_TITLES, Role
from app.engine.forms import Option
from app.services.dossiers import scope
from app.services.dossiers.entry_texts import line_of, name_of

MOST_ENTRIES = 500


def own_entries(session: Session, actor: Actor) -> list[Option]:
    """Offer the person's own entries that may be corrected."""
    own = (DossierEntry.person_id == actor.person_id, DossierEntry.kind.in_(OWN_KINDS), IS_LIVE)
    return [Option(entry.id, entry_name(entry), line_of(entry)) for entry in _entries(session, *own)]


def school_people(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Offer the people who work in an organisation today, without who asks; guests in its studios are of another."""
    rows = session.execute(
        select(Person.id, Person.name, Position.role)
        .join(Position, Position.person_id == Person.id)
        .where(Position.organization_id == organization_id, is_work(clock.today()), Person.is_active)
        .where(Person.id != actor.person_id)
        .order_by(Person.name, Person.id, Position.id)
    )
    people: dict[int, tuple[str, dict[str, None]]] = {}
    for person_id, name, role in rows:
        people.setdefault(person_id, (name, {}))[1][ROLE_TITLES[Role(role)]] = None
    return [Option(key, f"{name} · {'、'.join(titles)}") for key, (name, titles) in people.items()]


def school_sanctions(session: Session, actor: Actor, organization_id: int) -> list[Option]:
    """Offer the sanctions of the people of an organisation that may be corrected: those in sight, not of who asks."""
    here = select(Position.person_id).where(Position.organization_id == organization_id, is_work(clock.today()))
    is_sanction = DossierEntry.kind == EntryKind.SANCTION
    wanted = (is_sanction, DossierEntry.person_id.in_(here), IS_LIVE, scope.visible_entries(session, actor))
    entries = _entries(session, *wanted, DossierEntry.person_id != actor.person_id)
    return [Option(entry.id, f"{entry.person.name} · {name_of(entry)}", line_of(entry)) for entry in entries]


def entry_name(entry: DossierEntry) -> str:
    """Return the name of an entry with its kind: 个人荣誉 · 区优秀班主任."""
    return f"{ENTRY_KIND_TITLES[EntryKind(entry.kind)]} · {name_of(entry)}"


def name_of_entry(session: Session, value: object) -> str | None:
    """Return how a chosen entry reads."""
    found = session.get(DossierEntry, value) if isinstance(value, int) else None
    return entry_name(found) if found else None


def name_of_person(session: Session, value: object) -> str | None:
    """Return how a chosen person reads."""
    found = session.get(Person, value) if isinstance(value, int) else None
    return found.name if found else None


def _entries(session: Session, *wanted: ColumnElement[bool]) -> Sequence[DossierEntry]:
    query = select(DossierEntry).where(*wanted)
    return session.scalars(query.order_by(DossierEntry.kind, DossierEntry.from_on.desc()).limit(MOST_ENTRIES)).all()
