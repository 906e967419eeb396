"""Whom a school names when it corrects or supplements its filed list, corrects a filed rank, or enters what was replied on paper."""

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from app.db.filings import FilingBatch, FilingLetter, FilingRow, FilingRun
from app.db.rank_reviews import RankApplication
from app.db.registers import DossierEntry
from app.domain.dossiers import RANK_TITLES, Rank
from app.domain.filings import BatchStatus, FilingLevel, RowStatus
from app.domain.text import N_, sentence
from app.engine.forms import Option
from app.services.filings import corrections, rank_corrections, supplements
from app.services.texts import full_day


def filing_rows(session: Session, organization_id: int, instance_id: int | None) -> list[Option]:
    """Return the rows of a case's list that wait for its school: those that came back, and those that it filed on paper."""
    query = select(FilingRow).join(FilingRow.batch)
    query = query.where(
        FilingBatch.organization_id == organization_id,
        FilingBatch.instance_id == instance_id,
        FilingBatch.status != BatchStatus.SETTLED,
        FilingRow.level == FilingLevel.SCHOOL,
        FilingRow.status.in_((RowStatus.RETURNED, RowStatus.PENDING)),
    )
    found = session.scalars(query.order_by(FilingRow.id))
    return [Option(row.id, f"{row.name} · {RANK_TITLES[row.rank]}", _why(row)) for row in found]


def letter_rows(session: Session, organization_id: int, instance_id: int | None) -> list[Option]:
    """Return the rows that a district handed up by a case's letter and that wait for the reply."""
    query = select(FilingRow).join(FilingLetter, FilingLetter.id == FilingRow.letter_id).join(FilingLetter.run)
    query = (
        query.join(FilingRow.batch)
        .join(FilingBatch.organization)
        .where(
            FilingRun.organization_id == organization_id,
            FilingLetter.instance_id == instance_id,
            FilingRow.level == FilingLevel.CITY,
            FilingRow.status == RowStatus.PENDING,
        )
    )
    found = session.scalars(
        query.options(contains_eager(FilingRow.batch).contains_eager(FilingBatch.organization)).order_by(FilingRow.id)
    )
    return [Option(row.id, f"{row.name} · {RANK_TITLES[row.rank]}", row.batch.organization.name) for row in found]


def _why(row: FilingRow) -> str:
    reason = corrections.why(row)
    return sentence(N_("退回：%(reason)s"), reason=reason).chinese() if reason else ""


def name_of_row(session: Session, value: object) -> str | None:
    """Return whose row it is, of which rank, and why it came back while its school corrects it."""
    row = session.get(FilingRow, value) if isinstance(value, int) else None
    if row is None:
        return None
    why = _why(row) if row.status == RowStatus.RETURNED else ""
    return " · ".join(words for words in (row.name, RANK_TITLES[row.rank], why) if words)


def supplement_applications(session: Session, organization_id: int) -> list[Option]:
    """Return whose ranks a school may file after its list."""
    found = supplements.open_applications(session, organization_id)
    return [Option(one.id, f"{one.person.name} · {RANK_TITLES[one.rank]}") for one in found]


def name_of_application(session: Session, value: object) -> str | None:
    """Return whose application it is, and for which rank."""
    one = session.get(RankApplication, value) if isinstance(value, int) else None
    return f"{one.person.name} · {RANK_TITLES[one.rank]}" if one else None


def filed_ranks(session: Session, organization_id: int) -> list[Option]:
    """Return the ranks that a school filed and may correct."""
    return [_filed(one) for one in rank_corrections.open_entries(session, organization_id)]


def name_of_rank(session: Session, value: object) -> str | None:
    """Return whose filed rank it is, since when, and by which number."""
    one = session.get(DossierEntry, value) if isinstance(value, int) else None
    return f"{_filed(one).label} · {_filed(one).hint}" if one else None


def _filed(entry: DossierEntry) -> Option:
    rank, on = RANK_TITLES[Rank(str(entry.category))], full_day(entry.from_on)
    return Option(entry.id, f"{entry.person.name} · {rank}", f"{on} · {entry.number}")
