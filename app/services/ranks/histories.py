"""A person's ranks over the years: which one holds, what was corrected, which have a certificate, who may have one mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingRow
from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_held
from app.db.queries.posts import Workplace, workplaces
from app.db.rank_reviews import RankApplication
from app.db.registers import DossierEntry
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource, Look
from app.domain.errors import NotFound
from app.domain.filings import SETTLED
from app.domain.identity import Actor
from app.domain.vocabulary import Role
from app.services.dossiers import looks, scope
from app.services.reading import cases

# Who takes up what is wrong in the register.
MENDERS = Role.MORAL_EDUCATION_OFFICE


@dataclass(frozen=True)
class History:
    """A person's ranks, those that took effect last first; struck out and replaced ones are among them."""

    person: Person
    workplaces: Sequence[Workplace]
    entries: Sequence[DossierEntry]
    # Of the person's school: whom to tell of a mistake.
    menders: Sequence[str]
    # Entries of which a correction is filed, and nothing came of it yet.
    correcting: frozenset[int]
    # By entry, the case that tells the reader how it came about; none where there is none in sight.
    cases: Mapping[int, int]

    @property
    def current(self) -> DossierEntry | None:
        """Return the rank that holds today."""
        return next((one for one in self.entries if is_effective(one)), None)


def is_live(entry: DossierEntry) -> bool:
    """Tell whether nothing took an entry's place, and nothing struck it out."""
    return entry.replaced_at is None and not entry.is_void


def is_effective(entry: DossierEntry) -> bool:
    """Tell whether a rank counts and has taken effect."""
    return is_live(entry) and entry.from_on <= clock.today()


def is_certified(entry: DossierEntry) -> bool:
    """Tell whether there is a certificate of a rank: it was filed on the platform, and has taken effect."""
    return is_effective(entry) and was_filed_here(entry)


def was_filed_here(entry: DossierEntry) -> bool:
    """Tell whether a filing on the platform wrote a rank: only another filing changes it."""
    return entry.source == EntrySource.CASE


def history_of(session: Session, actor: Actor, person_id: int) -> History:
    """Return a person's ranks; a look at another's is noted. Raises NotFound."""
    person = scope.get_person(session, actor, person_id)
    if not scope.sight_of(session, actor, person_id).has_entries:
        raise NotFound
    looks.note(session, actor, person_id, Look.REGISTER)
    places = workplaces(session, [person_id], clock.today()).get(person_id, [])
    entries = _entries(session, person_id)
    correcting, told = _correcting(session, person_id), _cases(session, actor, person_id, entries)
    return History(person, places, entries, _menders(session, places), correcting, told)


def _entries(session: Session, person_id: int) -> Sequence[DossierEntry]:
    query = (
        select(DossierEntry)
        .where(DossierEntry.person_id == person_id, DossierEntry.kind == EntryKind.RANK)
        .options(
            joinedload(DossierEntry.organization),
            joinedload(DossierEntry.verified_by),
            joinedload(DossierEntry.instance).joinedload(ProcessInstance.organization),
        )
        .order_by(DossierEntry.from_on.desc(), DossierEntry.id.desc())
    )
    return session.scalars(query).all()


def _correcting(session: Session, person_id: int) -> frozenset[int]:
    query = select(FilingRow.corrects_id).where(
        FilingRow.person_id == person_id, FilingRow.corrects_id.is_not(None), FilingRow.status.not_in(SETTLED)
    )
    return frozenset(one for one in session.scalars(query) if one is not None)


def _cases(session: Session, actor: Actor, person_id: int, entries: Sequence[DossierEntry]) -> Mapping[int, int]:
    """Return by entry the case of its application, supplement or correction, or of the bureau's year: the first in sight."""
    signed_in = FilingRow.particulars["case"].as_integer()
    query = select(FilingRow.filing_number, RankApplication.instance_id, signed_in)
    query = query.outerjoin(RankApplication, RankApplication.id == FilingRow.application_id)
    found = session.execute(query.where(FilingRow.person_id == person_id, FilingRow.filing_number.is_not(None)))
    filed = {number: told for number, *told in found}
    wanted = {one.id: [*filed.get(one.number, ()), one.instance_id] for one in entries}
    seen = cases.readable(session, actor, {one for told in wanted.values() for one in told if one is not None})
    nearest = {entry: next((one for one in told if one in seen), None) for entry, told in wanted.items()}
    return {entry: one for entry, one in nearest.items() if one is not None}


def _menders(session: Session, places: Sequence[Workplace]) -> Sequence[str]:
    query = (
        select(Person.name)
        .join(Position, Position.person_id == Person.id)
        .join(Organization, Organization.id == Position.organization_id)
        .where(Organization.id.in_([one.id for one in places]), Position.role == MENDERS, is_held(clock.today()))
        .distinct()
        .order_by(Person.name)
    )
    return session.scalars(query).all()
