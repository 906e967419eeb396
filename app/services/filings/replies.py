"""The paper channel: what the bureau replied on paper, entered by one person of the school and confirmed by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.people import Organization
from app.db.work import Submission
from app.domain.errors import Forbidden, Invalid
from app.domain.filings import BatchStatus, RowStatus, RowVerdict
from app.domain.text import N_, Sentence, sentence
from app.services.filings import answers, effects, routes
from app.services.filings.effects import Filing

Exceptions = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reply:
    """What a bureau replied: the number of its letter, and which rows it did not pass."""

    number: str
    exceptions: Exceptions


def record(session: Session, batch: FilingBatch, reply: Reply, confirmed_by_id: int | None) -> int:
    """Let the rows of a batch go as the bureau replied; return how many are effective.

    Raises Invalid by field, and Forbidden where one person entered and confirmed.
    """
    entered_by_id = _entered_by(session, batch, reply)
    if confirmed_by_id is None or entered_by_id in {None, confirmed_by_id}:
        raise Forbidden(N_("不能生效：批复要由一个人登记、另一个人核对。"))
    rows = session.scalars(
        select(FilingRow)
        .where(FilingRow.batch_id == batch.id, FilingRow.status == RowStatus.PENDING)
        .order_by(FilingRow.id)
        .with_for_update()
    ).all()
    told = _checked(rows, reply.exceptions)
    for row in rows:
        row.audited_by_id, row.confirmed_by_id = entered_by_id, confirmed_by_id
        row.revision += 1
        if row.id in told:
            _except(session, row, told[row.id])
    passed = [row for row in rows if row.id not in told]
    filing = Filing(_issuer(session, batch), batch.instance_id or 0, entered_by_id or 0, confirmed_by_id)
    for place, row in enumerate(passed, _numbered(session, batch, reply) + 1):
        row.filing_number = f"{reply.number}-{place}"
    effects.take_effect(session, [(row, filing) for row in passed])
    if any(row.status == RowStatus.RETURNED for row in rows):
        batch.status = BatchStatus.CORRECTING
    answers.conclude(session, [batch])
    return len(passed)


def check(session: Session, batch: FilingBatch, exceptions: Exceptions) -> None:
    """Check which rows the bureau did not pass. Raises Invalid by field."""
    query = select(FilingRow).where(FilingRow.batch_id == batch.id, FilingRow.status == RowStatus.PENDING)
    _checked(session.scalars(query).all(), exceptions)


def _checked(rows: Sequence[FilingRow], exceptions: Exceptions) -> dict[int, Mapping[str, Any]]:
    open_rows = {row.id for row in rows}
    errors: dict[str, list[Sentence]] = {}
    named = [one.get("row") for one in exceptions]
    for index, row_id in enumerate(named):
        if row_id not in open_rows or row_id in named[:index]:
            errors[f"exceptions.{index}.row"] = [sentence(N_("这位老师不在这次批复里，或者填了两次。"))]
    if errors:
        raise Invalid(errors)
    return {one["row"]: one for one in exceptions}


def _entered_by(session: Session, batch: FilingBatch, reply: Reply) -> int | None:
    """Return from the history who entered the reply last."""
    query = select(Submission).where(Submission.instance_id == batch.instance_id).order_by(Submission.id.desc())
    found = (one.person_id for one in session.scalars(query) if one.values.get("number") == reply.number)
    return next(found, None)


def _except(session: Session, row: FilingRow, told: Mapping[str, Any]) -> None:
    row.reason = told.get("reason")
    if told.get("outcome") == RowVerdict.RETURN:
        row.status = RowStatus.RETURNED
        return
    row.status = RowStatus.REFUSED
    answers.settle_row(session, row)


def _numbered(session: Session, batch: FilingBatch, reply: Reply) -> int:
    """Return how many ranks have a number from a letter: one letter may answer several lists, one at a time."""
    top = int(batch.organization.path.split("/")[1])
    session.execute(select(Organization.id).where(Organization.id == top).with_for_update(key_share=True))
    started = FilingRow.filing_number.startswith(f"{reply.number}-", autoescape=True)
    return len(session.scalars(select(FilingRow.id).where(started)).all())


def _issuer(session: Session, batch: FilingBatch) -> str:
    passed = routes.bureaus_of(session, batch.organization_id)
    return passed[0].name if passed else ""
