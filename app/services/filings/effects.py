"""Making ranks effective: the only way into the register, and only for what two people audited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.db.work import Submission
from app.domain import clock
from app.domain.dossiers import EntryKind, EntrySource
from app.domain.entry_checks import Particulars
from app.domain.errors import Forbidden
from app.domain.filings import RowStatus, RowVerdict, filing_number
from app.domain.text import N_
from app.domain.vocabulary import Verdict
from app.services.dossiers.recording import Entry, record_many
from app.services.filings import answers, auditing


@dataclass(frozen=True)
class Filing:
    """By whom and where rows were filed, as the register tells it."""

    issuer: str
    instance_id: int
    audited_by_id: int
    confirmed_by_id: int


def make_effective(session: Session, run: FilingRun) -> int:
    """Give what passed in a year its numbers, write it into the register, tell everybody; return how many.

    Raises Forbidden where the journal does not show that one person audited a row and another confirmed it.
    """
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED).order_by(FilingRow.id)
    rows = session.scalars(passed.with_for_update(of=FilingRow)).all()
    _require_audit(session, run, rows)
    for row in rows:
        run.last_number += 1
        row.filing_number = filing_number(run.organization.code, run.school_year, run.last_number)
    take_effect(session, [(row, _filing_of(run, row)) for row in rows])
    return len(rows)


def take_effect(session: Session, rows: Sequence[tuple[FilingRow, Filing]]) -> None:
    """Let numbered rows be effective from today, in the register and for everybody."""
    today = clock.today()
    for row, _filing in rows:
        row.status, row.effective_on, row.reason = RowStatus.EFFECTIVE, today, None
        row.revision += 1
    record_many(session, [_entry(row, filing) for row, filing in rows])
    session.flush()
    for row, _filing in rows:
        answers.settle_row(session, row)
    answers.conclude(session, {row.batch_id: row.batch for row, _filing in rows}.values())


def _require_audit(session: Session, run: FilingRun, rows: Iterable[FilingRow]) -> None:
    """Demand of each row an audit in the journal, and that another person answered the case's confirmation."""
    people = {row.id: (row.audited_by_id, row.confirmed_by_id) for row in rows}
    prepared = auditing.audited(session, run, people.keys())
    answered = select(Submission.person_id).where(
        Submission.instance_id == run.instance_id, Submission.verdict == Verdict.ACCEPT
    )
    confirmed = set(session.scalars(answered))
    for row_id, (auditor, confirmer) in people.items():
        is_audited = prepared.get(row_id) == (auditor, RowVerdict.ACCEPT) and auditor is not None
        if not is_audited or confirmer == auditor or confirmer not in confirmed:
            raise Forbidden(N_("不能生效：名单要由一个人审核、另一个人确认，请退回后重新审核。"))


def _filing_of(run: FilingRun, row: FilingRow) -> Filing:
    assert row.audited_by_id is not None  # noqa: S101 - the audit was demanded
    assert row.confirmed_by_id is not None  # noqa: S101 - as above
    return Filing(run.organization.name, run.instance_id, row.audited_by_id, row.confirmed_by_id)


def _entry(row: FilingRow, filing: Filing) -> Entry:
    particulars = Particulars(
        kind=EntryKind.RANK,
        from_on=clock.today(),
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
    )
