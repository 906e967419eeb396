"""A person's file as somebody sees it: entries with what they took the place of, what waits, who looked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.registers import IS_LIVE, DossierEntry, DossierLook
from app.db.work import IS_OPEN, Attachment, WorkItem
from app.domain.dossiers import Look
from app.domain.identity import Actor
from app.domain.vocabulary import InstanceStatus
from app.services import visibility
from app.services.accounts.people import positions_of
from app.services.dossiers import looks, scope
from app.services.dossiers.scope import Sight

PROCESS = "dossier_entry"
UNDECIDED = (InstanceStatus.RUNNING, InstanceStatus.SUSPENDED, InstanceStatus.FAILED)


@dataclass(frozen=True)
class Kept:
    """An entry that nothing took the place of, and those that it did, the latest first."""

    entry: DossierEntry
    earlier: Sequence[DossierEntry]


@dataclass(frozen=True)
class Waiting:
    """An entry on its way into the file."""

    case: ProcessInstance
    is_returned: bool


@dataclass(frozen=True)
class File:
    """What somebody sees of a person's file; `proofs` are the attachments by id."""

    person: Person
    positions: Sequence[Position]
    sight: Sight
    entries: Sequence[Kept]
    struck_out: Sequence[Kept]
    waiting: Sequence[Waiting]
    proofs: Mapping[str, Attachment]
    # Who looked, for nobody but the person.
    looks: Sequence[DossierLook]


def file_of(session: Session, actor: Actor, person_id: int) -> File:
    """Return a person's file as somebody may see it; another's is noted. Raises NotFound."""
    person = scope.get_person(session, actor, person_id)
    sight = scope.sight_of(session, actor, person_id)
    looks.note(session, actor, person_id, Look.FILE)
    found = _entries(session, actor, person_id)
    kept = [Kept(entry, _earlier(found, entry)) for entry in found.values() if entry.replaced_at is None]
    return File(
        person=person,
        positions=positions_of(session, person_id),
        sight=sight,
        entries=[one for one in kept if not one.entry.is_void],
        struck_out=[one for one in kept if one.entry.is_void],
        waiting=_waiting(session, actor, person_id),
        proofs=_proofs(session, found.values()),
        looks=looks.looks_at(session, person_id) if sight.is_own else (),
    )


def own_entry(session: Session, actor: Actor, entry_id: int) -> DossierEntry | None:
    """Return an own entry that may be corrected, or None."""
    return session.scalar(
        select(DossierEntry).where(
            DossierEntry.id == entry_id,
            DossierEntry.person_id == actor.person_id,
            IS_LIVE,
        )
    )


def _entries(session: Session, actor: Actor, person_id: int) -> dict[int, DossierEntry]:
    """Return all entries in sight by their ids, those that begin last first."""
    query = (
        select(DossierEntry)
        .where(DossierEntry.person_id == person_id, scope.visible_entries(session, actor))
        .options(
            joinedload(DossierEntry.organization),
            joinedload(DossierEntry.entered_by),
            joinedload(DossierEntry.verified_by),
            joinedload(DossierEntry.instance).joinedload(ProcessInstance.organization),
            selectinload(DossierEntry.evidence),
        )
        .order_by(DossierEntry.from_on.desc(), DossierEntry.id.desc())
    )
    return {entry.id: entry for entry in session.scalars(query)}


def _earlier(found: Mapping[int, DossierEntry], entry: DossierEntry) -> list[DossierEntry]:
    chain: list[DossierEntry] = []
    while entry.corrects_id is not None and entry.corrects_id in found:
        entry = found[entry.corrects_id]
        chain.append(entry)
    return chain


def _waiting(session: Session, actor: Actor, person_id: int) -> list[Waiting]:
    """Return the cases in sight that would enter something, the latest first; those that wait for the person's hand."""
    is_returned = (
        select(WorkItem.id)
        .where(WorkItem.instance_id == ProcessInstance.id, WorkItem.assignee_id == person_id, IS_OPEN)
        .where(WorkItem.role.is_(None))
        .exists()
    )
    query = select(ProcessInstance, is_returned).where(
        ProcessInstance.initiator_id == person_id,
        ProcessInstance.process_key == PROCESS,
        ProcessInstance.status.in_(UNDECIDED),
        visibility.may_see(session, actor),
    )
    return [Waiting(case, returned) for case, returned in session.execute(query.order_by(ProcessInstance.id.desc()))]


def _proofs(session: Session, entries: Iterable[DossierEntry]) -> dict[str, Attachment]:
    ids = [proof.attachment_id for entry in entries for proof in entry.evidence]
    return {one.id: one for one in session.scalars(select(Attachment).where(Attachment.id.in_(ids)))} if ids else {}
