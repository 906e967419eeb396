"""What goes out from a filing: to the bureau that has rows to audit, to the school, to each teacher's application."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.messages import Message
from app.db.rank_reviews import RankApplication
from app.domain import clock
from app.domain.dossiers import RANK_TITLES
from app.domain.filings import SETTLED, BatchKind, BatchStatus, RowStatus
from app.domain.notification_kinds import NotificationKind
from app.domain.platform_messages import PlatformMessage
from app.domain.ranks import RankApplicationResult
from app.domain.text import N_, sentence
from app.engine.changes import Sent
from app.engine.due_values import Period
from app.services.filings import correction_news
from app.services.messaging import messages
from app.services.telling.notifications import News, tell

ARRIVED, ANSWERED = PlatformMessage.ROWS_ARRIVED, PlatformMessage.BATCH_ANSWERED
ROW_SETTLED, SETTLED_ALL = PlatformMessage.RANK_SETTLED, PlatformMessage.FILING_SETTLED
LIFE = Period(0, 3)
EFFECTIVE_NOW = N_("您补报的职级已经备案生效：%(rank)s，备案号 %(number)s。")
REFUSED_AGAIN = N_("您补报的职级没有通过：%(reason)s")


def tell_run(session: Session, run: FilingRun) -> None:
    """Tell a bureau's case that it has rows to audit; what it was told before and has not heard is void.

    Told twice, it would ask for an audit of nothing.
    """
    now = clock.now()
    is_before = Message.name == ARRIVED, Message.key == str(run.id), Message.organization_id == run.organization_id
    is_unheard = Message.received_at.is_(None), Message.expires_at > now
    session.execute(update(Message).where(*is_before, *is_unheard).values(expires_at=now))
    _send(session, run.organization_id, ARRIVED, run.id, {})


def tell_school(session: Session, batch: FilingBatch) -> None:
    """Tell a batch's own case that something came back."""
    _send(session, batch.organization_id, ANSWERED, batch.id, {})


def settle_row(session: Session, row: FilingRow) -> None:
    """Tell a teacher's application what the filing made of it."""
    settle_rows(session, [row])


def settle_rows(session: Session, rows: Sequence[FilingRow]) -> None:
    """Tell teachers' applications what the filing made of them, in as many statements for many as for few.

    What a correction came to is told to the teacher.
    """
    for row in rows:
        if row.corrects_id is not None:
            correction_news.tell_settled(session, row)
    about = RankApplication.id.in_([row.application_id for row in rows if row.application_id is not None])
    applications = {one.id: one for one in session.scalars(select(RankApplication).where(about))}
    sent = []
    for row in rows:
        application = applications.get(row.application_id or 0)
        if application is None:
            continue
        if application.result == RankApplicationResult.REFUSED_ABOVE:
            _settle_again(session, application, row)
        else:
            told = _sent(ROW_SETTLED, application.id, _outcome(row))
            sent.append((application.organization_id, told))
    messages.send_many(session, sent)


def _outcome(row: FilingRow) -> dict[str, object]:
    return {
        "result": "effective" if row.status == RowStatus.EFFECTIVE else "refused",
        "reason": row.reason or "",
        "rank": row.rank,
        "effective_on": row.effective_on.isoformat() if row.effective_on else None,
        "filing_number": row.filing_number,
    }


def _settle_again(session: Session, application: RankApplication, row: FilingRow) -> None:
    """Keep what a supplement came to for an application whose case ended with the first answer, and tell its person."""
    words = sentence(REFUSED_AGAIN, reason=row.reason or "")
    if row.status == RowStatus.EFFECTIVE:
        application.result = RankApplicationResult.EFFECTIVE
        words = sentence(EFFECTIVE_NOW, rank=RANK_TITLES[row.rank], number=row.filing_number or "")
    tell(session, [row.person_id], News(words.chinese(), NotificationKind.RESULT, application.instance_id))


def conclude(session: Session, batches: Iterable[FilingBatch]) -> None:
    """Settle those batches of which no row is open any more, and tell the school and its review.

    Whoever changed the rows holds the batches: so all that others settled of them is counted.
    """
    found = {batch.id: batch for batch in batches}
    counted = _counts(session, found)
    for batch in found.values():
        counts = counted.get(batch.id, {})
        if batch.status == BatchStatus.SETTLED or counts.keys() - SETTLED:
            continue
        batch.status, batch.settled_at = BatchStatus.SETTLED, clock.now()
        batch.revision += 1
        tell_school(session, batch)
        if batch.kind == BatchKind.REGULAR and batch.review_id is not None:
            told = {"effective": counts.get(RowStatus.EFFECTIVE, 0), "refused": counts.get(RowStatus.REFUSED, 0)}
            _send(session, batch.organization_id, SETTLED_ALL, batch.review_id, told)


def _counts(session: Session, batches: Iterable[int]) -> dict[int, dict[RowStatus, int]]:
    session.flush()
    counted: dict[int, dict[RowStatus, int]] = {}
    query = select(FilingRow.batch_id, FilingRow.status, func.count()).where(FilingRow.batch_id.in_(batches))
    for batch_id, status, count in session.execute(query.group_by(FilingRow.batch_id, FilingRow.status)):
        counted.setdefault(batch_id, {})[RowStatus(status)] = count
    return counted


def _send(session: Session, organization_id: int, message: str, key: int, payload: Mapping[str, object]) -> None:
    messages.send(session, organization_id, _sent(message, key, payload))


def _sent(message: str, key: int, payload: Mapping[str, object]) -> Sent:
    return Sent("", message, str(key), "own", LIFE, dict(payload))
