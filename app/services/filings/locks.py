"""Holding lists while rows of theirs move, so that of two who settle rows of a list the later one sees what both did."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db.filings import FilingBatch, FilingRow
from app.db.people import Organization


def hold_batches(session: Session, rows: Select[FilingRow]) -> None:
    """Hold the lists of rows until the transaction ends, by id.

    Whoever changes rows that were handed in locks in one order: years (a city before its districts), then lists by id,
    then rows; and picks rows only once their lists are held. A school that hands rows in again or takes them back, its
    district and its city so wait for one another and never in a ring, and nobody writes what he saw before he waited.
    """
    about = FilingBatch.id.in_(rows.with_only_columns(FilingRow.batch_id))
    held = select(FilingBatch.id).where(about).order_by(FilingBatch.id)
    session.execute(held.with_for_update(key_share=True))


def hold_numbers(session: Session) -> None:
    """Hold the numbers that ranks get from letters, which are never the same, whoever sent the letter.

    Before years and lists: who starts a case holds an organisation first, and a year after it.
    """
    tops = select(Organization.id).where(Organization.parent_id.is_(None)).order_by(Organization.id)
    session.execute(tops.with_for_update(key_share=True))
