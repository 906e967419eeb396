"""Rows that cannot be effective as they stand: they go back to be audited, and the bureau learns why; others go on."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.filings import FilingRow, FilingRun
from app.db.registers import IS_LIVE, DossierEntry
from app.db.work import Submission
from app.domain.filings import RowStatus, RowVerdict
from app.domain.notification_kinds import NotificationKind
from app.domain.text import N_, sentence
from app.domain.vocabulary import Role, Verdict
from app.services import journal
from app.services.filings import auditing
from app.services.filings.arrivals import arriving
from app.services.telling import offices
from app.services.telling.notifications import News

ACT = "set_back_filing_rows"
UNAUDITED = N_("办理记录里看不出是一个人审核、另一个人确认的，请重新审核。")
REPLACED = N_("要更正的那条登记已经不在台账里，请核对后退回或者不予备案。")
WORDS = N_("有 %(count)d 位的职级没有生效，已经回到待审：%(names)s。原因写在名单里，请重新审核、确认；其他的照常生效。")


def faults(session: Session, run: FilingRun, rows: Sequence[FilingRow]) -> dict[int, str]:
    """Return by row what keeps it from being effective.

    That is: no audit in the journal, no other person who confirmed it in the case, or nothing left that it corrects.
    """
    prepared = auditing.audited(session, run, rows)
    answered = select(Submission.person_id).where(
        Submission.instance_id == run.instance_id, Submission.verdict == Verdict.ACCEPT
    )
    confirmed = set(session.scalars(answered))
    found: dict[int, str] = {}
    for row in rows:
        is_audited = row.audited_by_id is not None and prepared.get(row.id) == (row.audited_by_id, RowVerdict.ACCEPT)
        if not is_audited or row.confirmed_by_id == row.audited_by_id or row.confirmed_by_id not in confirmed:
            found[row.id] = UNAUDITED
    return found | dict.fromkeys(_replaced(session, rows), REPLACED)


def set_back(session: Session, run: FilingRun, rows: Sequence[FilingRow], why: Mapping[int, str]) -> None:
    """Let rows be audited once more, each with what was wrong; journal it and tell the bureau."""
    with arriving(session, run.id):
        for row in rows:
            row.status, row.verdict, row.reason = RowStatus.PENDING, None, sentence(why[row.id]).chinese()
            row.audited_by_id = row.confirmed_by_id = None
            row.particulars = {**row.particulars, "is_set_back": True}
            row.revision += 1
    details = {"run": run.id, "rows": [[row.id, row.reason] for row in rows]}
    journal.record_organization(session, run.organization_id, None, ACT, details)
    words = sentence(WORDS, count=len(rows), names="、".join(row.name for row in rows)).chinese()
    news = News(words, NotificationKind.RESULT, run.instance_id, link=f"/filings/{run.id}")
    for role in (Role.BUREAU_CLERK, Role.BUREAU_REVIEWER):
        offices.tell(session, [run.organization_id], role, news)


def _replaced(session: Session, rows: Sequence[FilingRow]) -> list[int]:
    """Return the corrections of what is in force no more."""
    corrected = {row.corrects_id: row.id for row in rows if row.corrects_id is not None}
    if not corrected:
        return []
    live = set(session.scalars(select(DossierEntry.id).where(DossierEntry.id.in_(corrected), IS_LIVE)))
    return [row_id for entry_id, row_id in corrected.items() if entry_id not in live]
