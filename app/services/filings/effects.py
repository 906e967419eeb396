"""Making ranks effective: the only way into the register, and only for what two people audited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session, contains_eager

from app.db.filings import FilingRow, FilingRun
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource
from app.domain.entry_checks import Particulars
from app.domain.filings import RowStatus, filing_number
from app.services import outbox
from app.services.dossiers.recording import Entry, record_many
from app.services.filings import answers, auditing, locks, runs, setbacks

GO_ON = "make_effective"
# Rows of one transaction.
CHUNK = 500


@dataclass(frozen=True)
class Filing:
    """By whom and where rows were filed, as the register tells it."""

    issuer: str
    instance_id: int
    audited_by_id: int
    confirmed_by_id: int


def make_effective(session: Session, run: FilingRun) -> int:
    """Give what passed in a year its numbers, write it into the register, tell everybody; return how many.

    The first rows are effective at once, the others through the outbox, so many in a transaction. Those of which the
    journal does not show that one person audited and another confirmed them go back to be audited, and hold up nobody.
    """
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)
    count = session.scalar(passed.with_only_columns(func.count())) or 0
    return count - _next_chunk(session, run)


def go_on(session: Session, payload: Mapping[str, Any]) -> None:
    """Make effective what a year has still passed."""
    _next_chunk(session, runs.locked(session, payload["run"]))


def _next_chunk(session: Session, run: FilingRun) -> int:
    """Make so many rows effective, and see to the rest after the commit; return how many of them cannot be."""
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)
    locks.hold_batches(session, passed)
    held = (
        passed.order_by(FilingRow.id)
        .options(contains_eager(FilingRow.batch))
        .limit(CHUNK)
        .with_for_update(of=FilingRow)
    )
    rows = session.scalars(held.execution_options(populate_existing=True)).all()
    why = setbacks.faults(session, run, rows)
    if why:
        setbacks.set_back(session, run, [row for row in rows if row.id in why], why)
    good = [row for row in rows if row.id not in why]
    for row in good:
        run.last_number += 1
        row.filing_number = filing_number(run.organization.code, run.school_year, run.last_number)
    take_effect(session, [(row, _filing_of(run, row)) for row in good])
    if len(rows) == CHUNK:
        outbox.put(session, GO_ON, {"run": run.id})
    return len(why)


def take_effect(session: Session, rows: Sequence[tuple[FilingRow, Filing]]) -> None:
    """Let numbered rows be effective from today, in the register and for everybody."""
    today = clock.today()
    for row, _filing in rows:
        row.status, row.effective_on, row.reason = RowStatus.EFFECTIVE, today, None
        row.revision += 1
    record_many(session, [_entry(row, filing) for row, filing in rows])
    session.flush()
    answers.settle_rows(session, [row for row, _filing in rows])
    answers.conclude(session, {row.batch_id: row.batch for row, _filing in rows}.values())


def _filing_of(run: FilingRun, row: FilingRow) -> Filing:
    assert row.audited_by_id is not None  # noqa: S101 - the audit was demanded
    assert row.confirmed_by_id is not None  # noqa: S101 - as above
    return Filing(run.organization.name, run.instance_id, row.audited_by_id, row.confirmed_by_id)


def _entry(row: FilingRow, filing: Filing) -> Entry:
    particulars = Particulars(
        kind=EntryKind.RANK,
        from_on=row.from_on or clock.today(),
        category=row.rank,
        issuer=filing.issuer,
        number=row.filing_number or "",
    )
    return Entry(
        person_id=row.person_id,
        organization_id=row.batch.organization_id,
        particulars=particulars,
        source=EntrySource.CASE,
        entered_by_id=filing.audited_by_id,
        verified_by_id=filing.confirmed_by_id,
        instance_id=filing.instance_id,
        corrects_id=row.corrects_id,
        is_void=row.is_void,
        evidence=tuple(row.particulars.get("proof") or ()),
    )
