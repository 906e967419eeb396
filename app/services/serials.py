"""Serial numbers of cases, without gaps within an organisation and year."""

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db.people import Organization
from app.db.processes import SerialCounter
from app.domain import clock
from app.domain.serial import Serial


def lock(session: Session, organization_id: int) -> None:
    """Hold an organisation until the commit, without hindering rows that only refer to it."""
    query = select(Organization.id).where(Organization.id == organization_id)
    session.execute(query.with_for_update(key_share=True))


def next_serial(session: Session, code: str, organization: Organization) -> str:
    """Draw the next number of a process in an organisation; locks the counter until the commit."""
    year = clock.today().year
    # Without this lock two first cases of a year would both insert the counter.
    lock(session, organization.id)
    key = {"code": code, "organization_id": organization.id, "year": year}
    raised = session.execute(
        update(SerialCounter).filter_by(**key).values(last=SerialCounter.last + 1).returning(SerialCounter.last)
    ).scalar_one_or_none()
    if raised is None:
        session.execute(insert(SerialCounter).values(**key, last=1))
    return str(Serial(code, organization.code, year, raised or 1))
