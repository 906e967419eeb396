"""How a bureau's year stands in numbers, for who confirms what was audited, sums it up or signs it up."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain.filings import Difference, RowStatus, RowVerdict
from app.services.filings import auditing, row_lists, runs
from app.services.filings.row_lists import Wanted


@dataclass(frozen=True)
class Tally:
    """Rows by what becomes of them, how those at hand differ from last year, and how many were effective then.

    `last_year` is none where the bureau had no year before.
    """

    counts: Counter[Any]
    differences: Counter[Difference]
    last_year: int | None


def of_audit(session: Session, run: FilingRun) -> Tally:
    """Count the rows to audit by the verdicts that are prepared for them; none stands for those without one."""
    counts: Counter[RowVerdict | None] = Counter(auditing.count_prepared(session, run))
    counts[None] = auditing.count_pending(session, run)
    at_hand = auditing.rows_of(run).where(FilingRow.status == RowStatus.PENDING)
    return _tally(session, run, counts, at_hand)


def of_summing_up(session: Session, run: FilingRun) -> Tally:
    """Count the rows that a district sums up, those it refused, and those that their schools correct."""
    link = select(FilingRow.status, func.count()).join(FilingRow.batch).where(auditing.link_of(run) == run.id)
    passed = FilingRow.status.in_((RowStatus.PASSED, RowStatus.REFUSED)), *auditing.lies_with(run)
    counts = Counter(_counted(session, link.where(*passed)))
    counts.update(_counted(session, link.where(FilingRow.status == RowStatus.RETURNED)))
    at_hand = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)
    return _tally(session, run, counts, at_hand)


def _counted(session: Session, query: Any) -> dict[RowStatus, int]:
    found: Any = session.execute(query.group_by(FilingRow.status))
    return {RowStatus(status): count for status, count in found}


def _tally(session: Session, run: FilingRun, counts: Counter[Any], at_hand: Select[Any]) -> Tally:
    sums = [func.coalesce(func.sum(case((differs, 1), else_=0)), 0) for differs in row_lists.DIFFERS.values()]
    found = session.execute(row_lists.narrowed(at_hand, Wanted()).with_only_columns(*sums)).one()
    differences = Counter(dict(zip(row_lists.DIFFERS, found, strict=True)))
    return Tally(counts, differences, _last_year(session, run))


def _last_year(session: Session, run: FilingRun) -> int | None:
    before = runs.find(session, run.organization_id, run.school_year - 1)
    if before is None:
        return None
    filed = auditing.link_of(before) == before.id, FilingRow.status == RowStatus.EFFECTIVE
    query = select(func.count()).select_from(FilingRow).join(FilingRow.batch).where(*filed)
    return session.scalar(query) or 0
