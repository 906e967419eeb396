"""Rows that came back: the school's office corrects them, the principal signs, and only they go up again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.rank_reviews import RankApplication
from app.domain import canonical, clock
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.errors import Invalid
from app.domain.filings import SETTLED, WITHDRAWN, BatchState, BatchStatus, FilingLevel, RowStatus
from app.domain.text import N_, Sentence, sentence
from app.services.filings import answers, batches, rank_corrections
from app.services.filings.arrivals import arriving

ABOVE = N_("不能高于学校认定的“%(rank)s”：要报更高的，请选“撤下”，由评审组重新表决、学校重新认定。")
CHANGED = N_("职级由“%(before)s”改为“%(after)s”")
Given = Sequence[Mapping[str, Any]]


def state_of(session: Session, batch: FilingBatch) -> BatchState:
    """Return what the school has to do about a batch."""
    found = {row.status for row in rows_of(session, batch)}
    if RowStatus.RETURNED in found:
        return BatchState.CORRECTING
    return BatchState.WAITING if found - SETTLED else BatchState.SETTLED


def rows_of(session: Session, batch: FilingBatch) -> Sequence[FilingRow]:
    """Return the rows of a batch as they are now."""
    query = select(FilingRow).where(FilingRow.batch_id == batch.id).order_by(FilingRow.id)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def returned(session: Session, batch: FilingBatch) -> list[FilingRow]:
    """Return the rows that came back to the school."""
    return [row for row in rows_of(session, batch) if row.status == RowStatus.RETURNED]


def check(session: Session, batch: FilingBatch, given: Given) -> list[FilingRow]:
    """Return the rows that are corrected, each of which came back; others may wait. Raises Invalid by field."""
    back = {row.id: row for row in returned(session, batch)}
    errors: dict[str, list[Sentence]] = {}
    named = [one.get("row") for one in given]
    for index, row_id in enumerate(named):
        if row_id not in back:
            errors[f"rows.{index}.row"] = [sentence(N_("这位老师没有退回，不用补正。"))]
        elif row_id in named[:index]:
            errors[f"rows.{index}.row"] = [sentence(N_("这位老师填了两次。"))]
        else:
            errors |= {f"rows.{index}.{name}": [said] for name, said in _mistakes(session, back[row_id], given[index])}
    if errors:
        raise Invalid(errors)
    return [row for row_id, row in back.items() if row_id in named]


def resubmit(session: Session, batch_id: int, given: Given, signed_by_id: int | None) -> int:
    """Send corrected rows up again, as the principal signed them; return how many. Raises Invalid by field."""
    run_id = batches.run_of(session.get_one(FilingBatch, batch_id))
    with arriving(session, run_id) if run_id is not None else nullcontext():
        batch = batches.locked(session, batch_id)
        told = {one["row"]: one for one in given}
        rows = check(session, batch, given)
        for row in rows:
            _correct(session, row, told[row.id], batches.level_of(batch))
        left = returned(session, batch)
        batch.status = BatchStatus.CORRECTING if left else BatchStatus.SUBMITTED
        batch.signed_by_id = signed_by_id
        batch.manifest_hash = manifest_hash(batch)
        batch.revision += 1
        if left:
            # A case of the diagram's first version waits to be told before it looks at its list again.
            answers.tell_school(session, batch)
    answers.conclude(session, [batch])
    return len(rows)


def why(row: FilingRow) -> str:
    """Return why a row came back: what the city wrote that returned it through its district, and what the district did."""
    above = row.particulars.get("returned") if row.particulars.get("is_back") else None
    return "；".join(dict.fromkeys(one for one in (above, row.reason) if one))


def manifest_hash(batch: FilingBatch) -> str:
    """Return the hash of a list as it is signed: names, ranks and kinds."""
    return canonical.content_hash({"batch": batch.id, "rows": signed_rows(batch.rows)})


def signed_rows(rows: Sequence[FilingRow]) -> list[dict[str, Any]]:
    """Return what is signed of rows."""
    return [
        {
            "person": row.person_id,
            "name": row.name,
            "rank": row.rank,
            "kind": row.kind,
            "corrects": row.corrects_id,
            "from_on": row.from_on.isoformat() if row.from_on else None,
            "is_void": row.is_void,
        }
        for row in rows
    ]


def _mistakes(session: Session, row: FilingRow, told: Mapping[str, Any]) -> list[tuple[str, Sentence]]:
    """Return by field what is wrong with how a returned row is mended.

    No rank is filed above the one that the school determined, and only a correction has a date of its own.
    """
    is_changed = bool(told.get("rank") or told.get("from_on"))
    if told.get("rank") == WITHDRAWN or not is_changed:
        return []
    if row.corrects is None:
        return list(_mistakes_of_first(session, row, told))
    if row.is_void:
        return [("rank", sentence(N_("报的是划销，不用改职级和日期；不划销的请撤下，另报更正。")))]
    return list(rank_corrections.mistakes(row.corrects, *_mended(row, told)))


def _mistakes_of_first(session: Session, row: FilingRow, told: Mapping[str, Any]) -> Iterator[tuple[str, Sentence]]:
    if told.get("from_on"):
        yield "from_on", sentence(N_("生效日期只有更正才填。"))
    determined = Rank(session.get_one(RankApplication, row.application_id).rank)
    if told.get("rank") and Rank(told["rank"]).is_above(determined):
        yield "rank", sentence(ABOVE, rank=RANK_TITLES[determined])


def _mended(row: FilingRow, told: Mapping[str, Any]) -> tuple[Rank, date | None]:
    """Return the rank of a row, and since when, as it is corrected."""
    on = told.get("from_on")
    return Rank(told.get("rank") or row.rank), date.fromisoformat(on) if on else row.from_on


def corrected(row: FilingRow, told: Mapping[str, Any]) -> str | None:
    """Return what the school says it corrected, a changed rank before it, which a note might pass over."""
    note = told.get("note")
    if told.get("rank") in {None, "", WITHDRAWN, row.rank}:
        return note
    rank = Rank(told["rank"])
    changed = sentence(CHANGED, before=RANK_TITLES[Rank(row.rank)], after=RANK_TITLES[rank]).chinese()
    return "；".join(filter(None, (changed, note)))


def _correct(session: Session, row: FilingRow, told: Mapping[str, Any], level: FilingLevel) -> None:
    row.audited_by_id = row.confirmed_by_id = None
    row.revision += 1
    if told.get("rank") == WITHDRAWN:
        row.status, row.reason = RowStatus.REFUSED, told.get("note")
        answers.settle_row(session, row)
        return
    said = corrected(row, told)
    row.rank, row.from_on = _mended(row, told)
    mended = {"returned": why(row), "corrected": said, "is_back": False, "is_set_back": False}
    row.particulars = {**row.particulars, **mended}
    row.status, row.level, row.reason = RowStatus.PENDING, level, None
    if row.came_on is not None:
        row.came_on = clock.today()
