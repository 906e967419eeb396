"""Letters of districts whose city is not on the platform: what they summed up goes to it on paper, and is replied to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.db.filings import FilingLetter, FilingRow, FilingRun
from app.domain import canonical
from app.domain.errors import Conflict, NotFound
from app.domain.filings import FilingLevel, RowStatus
from app.domain.serial import verification_code
from app.domain.text import N_
from app.services import outbox
from app.services.filings import auditing, corrections, locks, papers, replies, settling
from app.services.filings.arrivals import arriving
from app.services.filings.replies import Answered, Reply

START = "filing_letter"


def write(session: Session, run: FilingRun) -> int:
    """Put what passed in a district, whose year is held, into a letter, and have its case started, once.

    Return how many rows it has; there is no letter where the schools have withdrawn them all meanwhile.
    """
    passed = auditing.rows_of(run).where(FilingRow.status == RowStatus.PASSED)
    locks.hold_batches(session, passed)
    rows = session.scalars(passed.order_by(FilingRow.id).execution_options(populate_existing=True)).all()
    if not rows:
        return 0
    made = FilingLetter(
        run_id=run.id,
        code=verification_code(),
        content_hash=signed_hash(rows),
        sent=[_line(row) for row in rows],
        rows=list(rows),
    )
    for row in rows:
        row.level, row.status = FilingLevel.CITY, RowStatus.PENDING
        row.audited_by_id = row.confirmed_by_id = row.came_on = None
        row.revision += 1
    session.add(made)
    session.flush()
    outbox.put(session, START, {"letter": made.id})
    return len(rows)


def begin(session: Session, letter_id: int, instance_id: int, organization_id: int) -> FilingLetter:
    """Return a letter, held, whose case begins.

    Raises NotFound for another district's, and Conflict where it is another case.
    """
    query = select(FilingLetter).where(FilingLetter.id == letter_id).with_for_update(of=FilingLetter, key_share=True)
    letter = session.scalar(query.execution_options(populate_existing=True))
    if letter is None or letter.run.organization_id != organization_id:
        raise NotFound
    if letter.instance_id is not None:
        raise Conflict(N_("这份汇总名单已经在另一件里报送，不能再报一次。"))
    letter.instance_id = instance_id
    return letter


def signed_hash(rows: Sequence[FilingRow]) -> str:
    """Return the hash of what the head of a district signed of rows: names, ranks and kinds."""
    return canonical.content_hash({"rows": corrections.signed_rows(rows)})


def rows_sent(session: Session, letter: FilingLetter) -> Sequence[FilingRow]:
    """Return the rows that were sent with a letter, wherever they are now, in the order of its list."""
    ids = [one["id"] for one in letter.sent]
    return session.scalars(select(FilingRow).where(FilingRow.id.in_(ids)).order_by(FilingRow.id)).all()


def gone(letter: FilingLetter, rows: Sequence[FilingRow]) -> list[int]:
    """Return those of a letter's rows that it does not ask for any more: refused, withdrawn, or back with the district."""
    refused = set(papers.refused(rows))
    return [row.id for row in rows if row.id in refused or not _is_with(letter, row)]


def _is_with(letter: FilingLetter, row: FilingRow) -> bool:
    return row.letter_id == letter.id and row.level == FilingLevel.CITY


def _line(row: FilingRow) -> dict[str, Any]:
    told = {"id": row.id, "name": row.name, "held": row.held, "rank": row.rank, "kind": row.kind}
    its = {"school": row.batch.organization.name, "note": papers.note(row), "corrects": row.corrects_id}
    return {**told, **its}


def rows_in(letter: FilingLetter) -> ColumnElement[bool]:
    """Return the condition of a row that is on its way with a letter."""
    return and_(FilingRow.letter_id == letter.id, FilingRow.level == FilingLevel.CITY)


def count_open(session: Session, letter: FilingLetter) -> int:
    """Return how many rows of a letter wait for the reply."""
    counted = replies.open_rows(rows_in(letter)).order_by(None).with_only_columns(func.count())
    return session.scalar(counted) or 0


def emptied(session: Session, withdrawn: Sequence[FilingRow]) -> list[FilingLetter]:
    """Return the letters of which no row waits for the reply any more, since these were withdrawn."""
    session.flush()
    ids = {row.letter_id for row in withdrawn if row.level == FilingLevel.CITY and row.letter_id is not None}
    query = select(FilingLetter).where(FilingLetter.id.in_(ids)).order_by(FilingLetter.id)
    return [one for one in session.scalars(query) if not count_open(session, one)]


def of_case(session: Session, instance_id: int) -> FilingLetter:
    """Return the letter that a case is. Raises NotFound."""
    found = session.scalar(select(FilingLetter).where(FilingLetter.instance_id == instance_id))
    if found is None:
        raise NotFound
    return found


def of_runs(session: Session, runs: Sequence[FilingRun]) -> list[FilingLetter]:
    """Return the letters of districts' years whose cases have begun, the latest first."""
    is_theirs = FilingLetter.run_id.in_([run.id for run in runs]), FilingLetter.instance_id.is_not(None)
    query = select(FilingLetter).where(*is_theirs).options(joinedload(FilingLetter.instance))
    return list(session.scalars(query.order_by(FilingLetter.id.desc())))


def record(session: Session, letter: FilingLetter, reply: Reply, issuer: str, confirmed_by_id: int | None) -> int:
    """Let the rows of a letter go as the city replied, those it returned back to the district; return how many are effective.

    Raises Invalid by field, and Forbidden where one person entered and confirmed.
    """
    locks.hold_numbers(session)
    with arriving(session, letter.run_id):
        locks.hold_batches(session, replies.open_rows(rows_in(letter)).order_by(None))
        answered = Answered(rows_in(letter), letter.instance_id, issuer)
        back, effective = replies.settle(session, answered, reply, confirmed_by_id)
        for row in back:
            settling.hand_back(row)
    return effective


def take_back(session: Session, instance_id: int) -> None:
    """Let what a letter holds lie with its district again, whose case of it is abandoned; not begun, there is nothing."""
    letter = session.scalar(select(FilingLetter).where(FilingLetter.instance_id == instance_id))
    if letter is None:
        return
    with arriving(session, letter.run_id):
        waits = rows_in(letter), FilingRow.status == RowStatus.PENDING
        locks.hold_batches(session, select(FilingRow).where(*waits))
        lying = {"level": FilingLevel.DISTRICT, "revision": FilingRow.revision + 1}
        changed = update(FilingRow).where(*waits).values(lying)
        session.execute(changed.execution_options(synchronize_session=False))
        session.expire_all()
