"""Serial numbers of cases, without gaps within an organisation and year."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db.base import table_of
from app.db.people import Organization
from app.db.prepared import Addition, Change
from app.db.processes import SerialCounter
from app.db.queries import bulk_locks
from app.db.queries.bulk_locks import LockedOrganization
from app.domain import clock
from app.domain.serial import Serial
from app.services.transactions import connection_of

_counter = table_of(SerialCounter)
_ADD_COUNTER = Addition(_counter)
# First of the key what differs from row to row.
_RAISE_COUNTER = Change(_counter, ("organization_id", "code", "year"), ("last",))


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


def next_serials(session: Session, code: str, organizations: Sequence[LockedOrganization]) -> list[str]:
    """Draw the next numbers of a process for many cases, each of an organisation that the caller holds."""
    year, connection = clock.today().year, connection_of(session)
    last = bulk_locks.last_numbers(connection, code, year, {one.id for one in organizations})
    drawn, serials = Counter[int](), []
    for one in organizations:
        drawn[one.id] += 1
        serials.append(str(Serial(code, one.code, year, last.get(one.id, 0) + drawn[one.id])))
    rows = [
        {"code": code, "organization_id": one, "year": year, "last": last.get(one, 0) + number}
        for one, number in drawn.items()
    ]
    _ADD_COUNTER.run_many(connection, [row for row in rows if row["organization_id"] not in last])
    _RAISE_COUNTER.run_many(connection, [row for row in rows if row["organization_id"] in last])
    return serials
