"""What goes out from a filing: to the bureau that has rows to audit, to the school, to each teacher's application."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.rank_reviews import RankApplication
from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.filings import SETTLED, BatchKind, BatchStatus, RowStatus
from app.domain.notification_kinds import NotificationKind
from app.domain.ranks import RankApplicationResult
from app.domain.text import N_, sentence
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.messaging import messages
from app.services.telling.notifications import News, tell

ARRIVED, ANSWERED, ROW_SETTLED, SETTLED_ALL = "rows_arrived", "batch_answered", "rank_settled", "filing_settled"
LIFE = Period(0, 3)
EFFECTIVE_NOW = N_("您补报的职级已经备案生效：%(rank)s，备案号 %(number)s。")
REFUSED_AGAIN = N_("您补报的职级没有通过：%(reason)s")


def tell_run(session: Session, run: FilingRun) -> None:
    """Tell a bureau's case that it has rows to audit."""
    _send(session, run.organization_id, ARRIVED, run.id, {})


def tell_school(session: Session, batch: FilingBatch) -> None:
    """Tell a batch's own case that something came back."""
    _send(session, batch.organization_id, ANSWERED, batch.id, {})


def settle_row(session: Session, row: FilingRow) -> None:
    """Tell a teacher's application what the filing made of it."""
    if row.application_id is None:
        return
    application = session.get_one(RankApplication, row.application_id)
    if application.result == RankApplicationResult.REFUSED_ABOVE:
        _settle_again(session, application, row)
        return
    payload = {
        "result": "effective" if row.status == RowStatus.EFFECTIVE else "refused",
        "reason": row.reason or "",
        "rank": row.rank,
        "effective_on": row.effective_on.isoformat() if row.effective_on else None,
        "filing_number": row.filing_number,
    }
    _send(session, application.organization_id, ROW_SETTLED, application.id, payload)


def _settle_again(session: Session, application: RankApplication, row: FilingRow) -> None:
    """Keep what a supplement came to for an application whose case ended with the first answer, and tell its person."""
    words = sentence(REFUSED_AGAIN, reason=row.reason or "")
    if row.status == RowStatus.EFFECTIVE:
        application.result = RankApplicationResult.EFFECTIVE
        words = sentence(EFFECTIVE_NOW, rank=RANK_TITLES[row.rank], number=row.filing_number or "")
    tell(session, [row.person_id], News(words.chinese(), NotificationKind.RESULT, application.instance_id))


def conclude(session: Session, batches: Iterable[FilingBatch]) -> None:
    """Settle those batches of which no row is open any more, and tell the school and its review."""
    for batch in batches:
        counts = _counts(session, batch.id)
        if batch.status == BatchStatus.SETTLED or counts.keys() - SETTLED:
            continue
        batch.status, batch.settled_at = BatchStatus.SETTLED, clock.now()
        batch.revision += 1
        tell_school(session, batch)
        if batch.kind == BatchKind.REGULAR and batch.review_id is not None:
            told = {"effective": counts.get(RowStatus.EFFECTIVE, 0), "refused": counts.get(RowStatus.REFUSED, 0)}
            _send(session, batch.organization_id, SETTLED_ALL, batch.review_id, told)


def _counts(session: Session, batch_id: int) -> dict[RowStatus, int]:
    session.flush()
    query = select(FilingRow.status, func.count()).where(FilingRow.batch_id == batch_id).group_by(FilingRow.status)
    return {RowStatus(status): count for status, count in session.execute(query)}


def _send(session: Session, organization_id: int, message: str, key: int, payload: Mapping[str, object]) -> None:
    messages.send(session, organization_id, Sent("", message, str(key), "own", LIFE, dict(payload)))
