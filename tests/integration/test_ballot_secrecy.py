"""Who has the whole database cannot tell who voted for whom: not before the count, not after it."""

from pathlib import Path

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.db.ballots import BallotKey, BallotScrutineer, BallotSeat
from app.db.base import Base
from app.domain import ballots, paper_ballots
from app.domain.paper_ballots import Stack
from app.services.ballots import envelopes as sealing
from app.services.ballots import keepers, paper_readings, paper_voters
from tests.integration.ballot_world import PASSPHRASES, ballot, confirm, count, counted, end, envelopes, opened, vote
from tests.integration.prepared import database, school
from tests.integration.school import School

__all__ = ["database", "school"]  # fixtures
TABLES = ("ballot_seat", "ballot_key", "ballot_scrutineer")


def files(database: Engine) -> bytes:
    """Return the raw bytes of the database: all of SQLite's, with its log; of PostgreSQL the ballots' tables."""
    if database.dialect.name == "sqlite":
        path = Path(database.url.database or "")
        log = path.with_name(f"{path.name}-wal")
        return path.read_bytes() + (log.read_bytes() if log.exists() else b"")
    with database.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        read = "SELECT pg_read_binary_file(pg_relation_filepath('{}'))"
        return b"".join(bytes(connection.execute(text(read.format(name))).scalar_one()) for name in TABLES)


def private_key(school: School, ballot_id: int) -> bytes:
    """Return the ballot's key as two scrutineers together hold it."""
    session = school.session
    outer, inner = school.people["deputy"], school.people["finance"]
    box = session.get_one(BallotKey, (ballot_id, outer, inner)).box
    for name in ("deputy", "finance"):
        keeper = session.get_one(BallotScrutineer, (ballot_id, school.people[name]))
        box = sealing.opened(box, keepers.key_of(keeper, PASSPHRASES[name])) or b""
    session.rollback()
    return box


def test_before_the_count_no_file_holds_the_key_or_a_choice(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    receipts = [vote(school, ballot_id, person_id, "1") for person_id in people]
    key, held = private_key(school, ballot_id), files(database)
    assert len(key) == 32
    assert key not in held
    seen = [one for one in envelopes(school, ballot_id).values() if one is not None]
    for record in sealing.records(seen, key):
        assert record is not None
        assert record not in held
        assert record[ballots.MASK_BYTES :] not in held
    assert not any(receipt.encode() in held for receipt in receipts)


def test_one_scrutineer_alone_opens_nothing(school: School) -> None:
    ballot_id, people = opened(school)
    vote(school, ballot_id, people[0], "1")
    session = school.session
    keeper = session.get_one(BallotScrutineer, (ballot_id, school.people["deputy"]))
    key = keepers.key_of(keeper, PASSPHRASES["deputy"])
    boxes = list(session.scalars(select(BallotKey.box).where(BallotKey.ballot_id == ballot_id)))
    laid_bare = [found for box in boxes if (found := sealing.opened(box, key)) is not None]
    assert len(laid_bare) == 2
    assert not any(sealing.opened(box, key) for box in laid_bare)
    assert all(len(box) > 32 for box in laid_bare)


def test_after_the_count_envelopes_and_keys_are_gone_from_tables_and_files(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    for person_id in people:
        vote(school, ballot_id, person_id, "3")
    # Whoever votes last changes a mind: row order and transaction ids would tell.
    vote(school, ballot_id, people[0], "1")
    kept = [one for one in envelopes(school, ballot_id).values() if one is not None]
    boxes = list(school.session.scalars(select(BallotKey.box)))
    school.session.rollback()
    key = private_key(school, ballot_id)
    end(school, ballot_id)
    counted(school, ballot_id)
    assert ballot(school, ballot_id).votes == [1, 0, 5, 0]
    assert set(envelopes(school, ballot_id).values()) == {None}
    school.session.rollback()
    held = files(database)
    assert not any(one in held for one in (*kept, *boxes, key))


def test_after_the_count_seats_tell_no_order(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    for person_id in reversed(people):
        vote(school, ballot_id, person_id, "2")
    end(school, ballot_id)
    counted(school, ballot_id)
    place = "rowid" if database.dialect.name == "sqlite" else "ctid"
    with database.connect() as connection:
        rows = list(connection.scalars(text(f"SELECT person_id FROM ballot_seat ORDER BY {place}")))  # noqa: S608
        assert rows == sorted(rows)
        if database.dialect.name == "postgresql":
            assert len(set(connection.scalars(text("SELECT xmin::text FROM ballot_seat")))) == 1


def test_a_count_that_is_not_confirmed_is_stored_nowhere(school: School) -> None:
    ballot_id, people = opened(school)
    for person_id in people:
        vote(school, ballot_id, person_id, "2")
    end(school, ballot_id)
    count(school, ballot_id, "deputy")
    count(school, ballot_id, "finance")
    before = stored(school.session)
    assert count(school, ballot_id, "finance") is not None
    assert stored(school.session) == before
    confirm(school, ballot_id, "finance")
    found = ballot(school, ballot_id)
    assert (found.votes, found.receipts, found.answered) == (None, None, None)


def test_what_is_read_from_papers_is_sealed_and_then_gone(school: School, database: Engine) -> None:
    ballot_id, people = opened(school)
    for person_id in people[:2]:
        paper_voters.issue(school.session, school.actor("deputy"), ballot_id, person_id)
    vote(school, ballot_id, people[2], "2")
    vote(school, ballot_id, people[3], "2")
    end(school, ballot_id)
    stack = Stack(papers=2, abstained=0, void=0, votes=(2, 0, 0, 0))
    for name in ("deputy", "finance"):
        paper_readings.read(school.session, school.actor(name), ballot_id, stack)
    query = select(BallotScrutineer.papers).where(BallotScrutineer.papers.is_not(None))
    sealed = [one for one in school.session.scalars(query) if one is not None]
    school.session.rollback()
    held = files(database)
    assert len(sealed) == 2
    assert paper_ballots.pack(stack) not in held
    counted(school, ballot_id)
    assert ballot(school, ballot_id).votes == [2, 2, 0, 0]
    marks = school.session.scalars(select(BallotSeat.is_paper).where(BallotSeat.ballot_id == ballot_id))
    assert set(marks) == {False}
    school.session.rollback()
    held = files(database)
    assert not any(one in held for one in sealed)


def stored(session: Session) -> list[str]:
    session.rollback()
    rows = [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    session.rollback()
    return sorted(rows)


def test_seats_hold_nothing_but_an_envelope_or_the_mark_of_a_paper() -> None:
    assert set(BallotSeat.__table__.columns.keys()) == {"ballot_id", "person_id", "envelope", "is_paper"}
