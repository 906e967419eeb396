"""The proof: nothing is missing and nothing double, from the applications to the register."""

from collections.abc import Iterator

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow, FilingRun
from app.db.journal import JournalEntry, OutboxMessage
from app.db.messages import Message
from app.db.processes import ProcessInstance
from app.db.rank_reviews import RankApplication, RankReview
from app.db.registers import IS_LIVE, DossierEntry
from app.db.work import Notification, WorkItem
from app.domain.dossiers import EntryKind
from app.domain.filings import BatchStatus, RowStatus
from app.domain.ranks import RankApplicationResult, RankReviewStage
from app.domain.vocabulary import InstanceStatus
from app.services import doctor, journal

ENDING = ("rank_review", "rank_application", "rank_judgement", "rank_filing", "public_notice")


TABLES = {
    "事项": ProcessInstance,
    "待办": WorkItem,
    "办理记录": JournalEntry,
    "消息": Message,
    "待发": OutboxMessage,
    "通知": Notification,
    "申报": RankApplication,
    "报送的人": FilingRow,
    "台账": DossierEntry,
}


def rows(session: Session) -> dict[str, int]:
    """Return how many rows there are of what."""
    return {name: session.scalar(_how_many(table)) or 0 for name, table in TABLES.items()}


def faults(session: Session, schools: int, applicants: int) -> Iterator[str]:
    """Yield what is not as it must be once a city's ranks are effective."""
    wanted = {"学校": schools, "老师": schools * applicants}
    for what, (expected, query) in _counts().items():
        found = session.scalar(query) or 0
        if found != wanted.get(expected, 0):
            yield f"{what}：应为 {wanted.get(expected, 0)}，实为 {found}"
    for fault in journal.verify(session):
        yield f"办理记录：{fault}"
    for finding in doctor.examine(session):
        yield f"体检：{finding.chinese()}"


def _counts() -> dict[str, tuple[str, Select[int]]]:
    """Return what must be how many, by a name: as many as schools, as teachers, or none."""
    is_rank = DossierEntry.kind == EntryKind.RANK
    effective = FilingRow.status == RowStatus.EFFECTIVE
    right = (
        select(func.count())
        .select_from(FilingRow)
        .join(RankApplication, RankApplication.id == FilingRow.application_id)
        .join(DossierEntry, DossierEntry.number == FilingRow.filing_number)
        .where(
            is_rank,
            IS_LIVE,
            DossierEntry.person_id == RankApplication.person_id,
            DossierEntry.category == RankApplication.rank,
            DossierEntry.organization_id == RankApplication.organization_id,
            RankApplication.result == RankApplicationResult.EFFECTIVE,
        )
    )
    told = (
        select(func.count(Notification.id))
        .join(RankApplication, RankApplication.instance_id == Notification.instance_id)
        .join(FilingRow, FilingRow.application_id == RankApplication.id)
        .where(
            Notification.person_id == RankApplication.person_id,
            Notification.text.contains(FilingRow.filing_number),
        )
    )
    told_people = told.with_only_columns(func.count(Notification.person_id.distinct()))
    running = _how_many(
        ProcessInstance, ProcessInstance.process_key.in_(ENDING), ProcessInstance.status != InstanceStatus.COMPLETED
    )
    given = select(func.coalesce(func.sum(FilingRun.last_number), 0))
    return {
        "评审办结": ("学校", _how_many(RankReview, RankReview.stage == RankReviewStage.EFFECTIVE)),
        "报送办结": ("学校", _how_many(FilingBatch, FilingBatch.status == BatchStatus.SETTLED)),
        "申报": ("老师", _how_many(RankApplication)),
        "备案生效": ("老师", _how_many(FilingRow, effective)),
        "备案号（不同的）": ("老师", select(func.count(FilingRow.filing_number.distinct()))),
        "备案号（发出的）": ("老师", given),
        "台账里的职级": ("老师", _how_many(DossierEntry, is_rank)),
        "台账里有职级的人": ("老师", select(func.count(DossierEntry.person_id.distinct())).where(is_rank)),
        "人、职级、学校、备案号都对": ("老师", right),
        "告知备案号（条）": ("老师", told),
        "告知备案号（人）": ("老师", told_people),
        "没有办结的事": ("没有", running),
        "没有送出的消息": ("没有", _how_many(OutboxMessage, OutboxMessage.done_at.is_(None))),
    }


def _how_many(table: type, *conditions: object) -> Select[int]:
    return select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
