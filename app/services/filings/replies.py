"""The paper channel: what the bureau replied on paper, entered by one person of the school and confirmed by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.work import Submission
from app.domain.errors import Forbidden, Invalid
from app.domain.filings import BatchStatus, RowStatus, RowVerdict
from app.domain.text import N_, Sentence, sentence
from app.services.filings import answers, effects, routes
from app.services.filings.effects import Filing

Exceptions = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reply:
    """What a bureau replied: the number of its letter, which rows it did not pass, and whether it replied to others."""

    number: str
    exceptions: Exceptions
    is_partial: bool = False


@dataclass(frozen=True)
class Answered:
    """What a reply answers: which rows, in which case, and who replied."""

    about: ColumnElement[bool]
    instance_id: int | None
    issuer: str


def record(session: Session, batch: FilingBatch, reply: Reply, issuer: str, confirmed_by_id: int | None) -> int:
    """Let the rows of a batch go as the bureau replied that is named, or the one above; return how many are effective.

    Raises Invalid by field, and Forbidden where one person entered and confirmed.
    """
    answered = Answered(FilingRow.batch_id == batch.id, batch.instance_id, issuer or _above(session, batch))
    back, effective = settle(session, answered, reply, confirmed_by_id)
    for row in back:
        row.status, batch.status = RowStatus.RETURNED, BatchStatus.CORRECTING
    return effective


def settle(
    session: Session, answered: Answered, reply: Reply, confirmed_by_id: int | None
) -> tuple[list[FilingRow], int]:
    """Let rows be effective or refused as the bureau replied; return those it returned, and how many are effective.

    The caller holds the numbers, then the lists.
    Raises Invalid by field, and Forbidden where one person entered and confirmed.
    """
    entered_by_id = _entered_by(session, answered, reply)
    if confirmed_by_id is None or entered_by_id in {None, confirmed_by_id}:
        raise Forbidden(N_("不能生效：批复要由一个人登记、另一个人核对。"))
    rows = session.scalars(open_rows(answered.about).with_for_update(of=FilingRow)).all()
    told = _checked(rows, _asked_for(session, answered, reply))
    if reply.is_partial:
        rows = [row for row in rows if row.id in told]
    for row in rows:
        row.audited_by_id, row.confirmed_by_id = entered_by_id, confirmed_by_id
        row.revision += 1
        if row.id in told:
            _except(session, row, told[row.id])
    passed = [row for row in rows if row.id not in told]
    filing = Filing(answered.issuer, answered.instance_id or 0, entered_by_id or 0, confirmed_by_id)
    for place, row in enumerate(passed, _numbered(session, reply) + 1):
        row.filing_number = f"{reply.number}-{place}"
    effects.take_effect(session, [(row, filing) for row in passed])
    answers.conclude(session, {row.batch_id: row.batch for row in rows}.values())
    return [row for row in rows if told.get(row.id, {}).get("outcome") == RowVerdict.RETURN], len(passed)


def check(session: Session, about: ColumnElement[bool], exceptions: Exceptions, *, is_partial: bool = False) -> None:
    """Check which rows the bureau did not pass. Raises Invalid by field."""
    if is_partial and not exceptions:
        raise Invalid.field("others", N_("还没有列出一位老师：请把批复里没有通过的列出来，都通过的选“都通过”。"))
    _checked(session.scalars(open_rows(about)).all(), exceptions)


def check_issuer(session: Session, batch: FilingBatch, issuer: str) -> None:
    """Demand to know who replied where no bureau above is on the platform: certificates name it. Raises Invalid by field."""
    if not issuer and not _above(session, batch):
        raise Invalid.field("issuer", N_("平台上没有本校的主管教育局：请填批复单位，台账和证书上要写。"))


def open_rows(about: ColumnElement[bool]) -> Select[FilingRow]:
    """Return the query of the rows of a list that wait for the reply."""
    return select(FilingRow).where(about, FilingRow.status == RowStatus.PENDING).order_by(FilingRow.id)


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


def _asked_for(session: Session, answered: Answered, reply: Reply) -> Exceptions:
    """Leave out who was withdrawn since the reply was entered: it holds for the others."""
    withdrawn = set(session.scalars(select(FilingRow.id).where(answered.about, FilingRow.status == RowStatus.REFUSED)))
    return [one for one in reply.exceptions if one.get("row") not in withdrawn]


def _entered_by(session: Session, answered: Answered, reply: Reply) -> int | None:
    """Return from the history who entered the reply last."""
    query = select(Submission).where(Submission.instance_id == answered.instance_id).order_by(Submission.id.desc())
    found = (one.person_id for one in session.scalars(query) if one.values.get("number") == reply.number)
    return next(found, None)


def _except(session: Session, row: FilingRow, told: Mapping[str, Any]) -> None:
    row.reason = told.get("reason")
    if told.get("outcome") != RowVerdict.RETURN:
        row.status = RowStatus.REFUSED
        answers.settle_row(session, row)


def _numbered(session: Session, reply: Reply) -> int:
    """Return how many ranks have a number from a letter: one letter may answer several lists."""
    started = FilingRow.filing_number.startswith(f"{reply.number}-", autoescape=True)
    return session.scalar(select(func.count()).select_from(FilingRow).where(started)) or 0


def _above(session: Session, batch: FilingBatch) -> str:
    passed = routes.bureaus_of(session, batch.organization_id)
    return passed[0].name if passed else ""
