"""Accepting at once all rows that a filter finds, over however many pages; another person confirms them as ever."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.domain.errors import Conflict
from app.domain.filings import RowStatus, RowVerdict
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.filings import auditing, locks, row_lists, runs
from app.services.filings.row_lists import Wanted
from app.services.transactions import writing


@dataclass(frozen=True)
class Found:
    """What a filter finds to accept: how many rows, and a mark that is another as soon as one of them changes."""

    count: int
    mark: str


def found(session: Session, run: FilingRun, wanted: Wanted) -> Found:
    """Return what would be accepted at once: rows to audit, without a verdict unless the filter names one.

    Rows that a bureau above returned, or that could not be effective, and nobody has corrected are not among them,
    nor are corrections of what was filed.
    """
    sums = func.count(), func.coalesce(func.sum(FilingRow.id), 0), func.coalesce(func.sum(FilingRow.revision), 0)
    count, *others = session.execute(_open(run, wanted).with_only_columns(*sums)).one()
    return Found(count, "-".join(str(number) for number in (count, *others)))


def accept_found(session: Session, actor: Actor, run_id: int, wanted: Wanted, mark: str) -> int:
    """Prepare to accept all that a filter finds, as it was seen; return how many.

    Raises NotFound, Forbidden, and Conflict where something changed since, or nothing is found.
    """
    with writing(session):
        run = runs.locked(session, run_id)
        auditing.require_auditor(session, actor, run)
        locks.hold_batches(session, _open(run, wanted))
        seen = found(session, run, wanted)
        if seen.mark != mark or not seen.count:
            raise Conflict(N_("筛选出的名单刚才有变动，请刷新后再办。"))
        ids = _accept(session, actor, _open(run, wanted))
        given = {name: value for name, value in asdict(wanted).items() if value}
        auditing.record(session, run, actor, RowVerdict.ACCEPT, ids, filters=given)
    session.expire_all()
    return len(ids)


def _open(run: FilingRun, wanted: Wanted) -> Select[Any]:
    # What came back, and what changes the register, is looked at one by one.
    is_open = FilingRow.status == RowStatus.PENDING, ~row_lists.IS_BACK, FilingRow.corrects_id.is_(None)
    query = row_lists.narrowed(auditing.rows_of(run), wanted).where(*is_open)
    return query if wanted.verdict is not None else query.where(FilingRow.verdict.is_(None))


def _accept(session: Session, actor: Actor, query: Select[Any]) -> list[int]:
    chosen = select(query.with_only_columns(FilingRow.id).subquery().c.id)
    accepted = (
        update(FilingRow)
        .where(FilingRow.id.in_(chosen))
        .values(
            verdict=RowVerdict.ACCEPT,
            reason=None,
            audited_by_id=actor.person_id,
            confirmed_by_id=None,
            revision=FilingRow.revision + 1,
        )
        .returning(FilingRow.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(accepted))
