"""The only writer of entries in teachers' files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db.registers import IS_LIVE, DossierEntry, EntryEvidence
from app.domain import clock
from app.domain.dossiers import EntrySource
from app.domain.entry_checks import Particulars
from app.domain.errors import Conflict
from app.domain.text import N_

# Rows of one statement: far below what either database takes.
BATCH = 500


@dataclass(frozen=True)
class Entry:
    """A verified entry to be written; one that corrects another takes its place, a void one strikes it out.

    `organization_id` is the school whose file it is in; `school_id` the school of a service, where it is on the platform.
    """

    person_id: int
    organization_id: int
    particulars: Particulars
    source: EntrySource
    entered_by_id: int
    verified_by_id: int
    # Now, where not told.
    entered_at: datetime | None = None
    verified_at: datetime | None = None
    instance_id: int | None = None
    school_id: int | None = None
    corrects_id: int | None = None
    is_void: bool = False
    # Ids of attachments.
    evidence: tuple[str, ...] = ()


def record(session: Session, entry: Entry) -> int:
    """Write one entry; return its id. Raises Conflict where what it corrects is no longer live."""
    return record_many(session, [entry])[0]


def record_many(session: Session, entries: Iterable[Entry]) -> list[int]:
    """Write many entries in a few statements; return their ids in the same order.

    Raises Conflict where one of them corrects what is no longer live, or another's, or of another kind.
    """
    wanted = list(entries)
    return [
        entry_id
        for start in range(0, len(wanted), BATCH)
        for entry_id in _write(session, wanted[start : start + BATCH])
    ]


def _write(session: Session, entries: Sequence[Entry]) -> list[int]:
    _replace(session, [entry for entry in entries if entry.corrects_id is not None])
    # Without the option, rows that leave other columns empty each become a statement of their own.
    adding = (
        insert(DossierEntry)
        .returning(DossierEntry.id, sort_by_parameter_order=True)
        .execution_options(render_nulls=True)
    )
    ids = list(session.scalars(adding, [_row(entry) for entry in entries]))
    proofs = [
        {"entry_id": entry_id, "attachment_id": attachment_id}
        for entry_id, entry in zip(ids, entries, strict=True)
        for attachment_id in dict.fromkeys(entry.evidence)
    ]
    if proofs:
        session.execute(insert(EntryEvidence), proofs)
    return ids


def _replace(session: Session, corrections: Sequence[Entry]) -> None:
    """Lock what is corrected, and take it out of force."""
    if not corrections:
        return
    wanted = {entry.corrects_id for entry in corrections}
    live = (
        select(DossierEntry.id, DossierEntry.person_id, DossierEntry.kind)
        .where(DossierEntry.id.in_(wanted), IS_LIVE)
        .with_for_update()
    )
    found = {row.id: (row.person_id, row.kind) for row in session.execute(live)}
    alike = [found.get(entry.corrects_id) == (entry.person_id, entry.particulars.kind) for entry in corrections]
    if len(wanted) < len(corrections) or not all(alike):
        raise Conflict(N_("要更正的这条登记刚才已经改过，请刷新后重新填写。"))
    session.execute(update(DossierEntry).where(DossierEntry.id.in_(wanted)).values(replaced_at=clock.now()))


def _row(entry: Entry) -> dict[str, Any]:
    now = clock.now()
    row = {name: value for name, value in vars(entry).items() if name not in {"particulars", "evidence"}}
    moments = {"entered_at": entry.entered_at or now, "verified_at": entry.verified_at or entry.entered_at or now}
    return {**row, **moments, **vars(entry.particulars)}
