"""Secret ballots: the paper and its tally, the seats with their envelopes, the scrutineers and the sealed keys.

Nothing here says who voted when: a seat has no time and no number of its own, and a changed vote overwrites it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, exists, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.collectives import CollectiveTask
from app.db.people import Person
from app.db.work import WorkItem


class Ballot(Base):
    """What a collective task has beside its rule where it is secret; the two have one number."""

    __tablename__ = "ballot"
    id: Mapped[int] = mapped_column(ForeignKey("collective_task.id"), primary_key=True, autoincrement=False)
    # Rows of id, name and hint.
    choices: Mapped[list[Any]]
    seats: Mapped[int]
    # How many are to be chosen in all, where a tie for the last place counts.
    places: Mapped[int | None]
    can_abstain: Mapped[bool]
    custody: Mapped[str] = mapped_column(String(16))
    # Whether a vote may be changed, and whether assistants of homeroom teachers vote, too.
    can_change: Mapped[bool]
    with_assistants: Mapped[bool]
    # Who is on no roll of it though in the position, by their numbers: candidates, and who did a step kept apart.
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    # The one extension that the diagram allows where too few voted.
    is_extended: Mapped[bool] = mapped_column(default=False)
    # From the day on which voting opened.
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    voting_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # After the count was confirmed: votes by the places of the names, and the sorted receipts.
    votes: Mapped[list[Any] | None]
    receipts: Mapped[list[Any] | None]
    abstained: Mapped[int | None]
    void: Mapped[int | None]
    answered: Mapped[int | None]
    # How many of those that were counted were on paper.
    papers: Mapped[int | None]
    # Of the tally sheet, from its first printing.
    code: Mapped[str | None] = mapped_column(String(24), unique=True)
    task: Mapped[CollectiveTask] = relationship()


class BallotScrutineer(Base):
    """One of the three who open the ballots: a public key from a passphrase that is stored nowhere."""

    __tablename__ = "ballot_scrutineer"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The fingerprint, keyed by the ballots' own key, of the count that was confirmed.
    confirmed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # What the scrutineer read from the paper ballots, sealed like a vote.
    papers: Mapped[bytes | None] = mapped_column(LargeBinary)
    person: Mapped[Person] = relationship()


class BallotKey(Base):
    """The private key of a ballot sealed for two scrutineers, one box in the other; after the first act the inner one."""

    __tablename__ = "ballot_key"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    outer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    inner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    box: Mapped[bytes] = mapped_column(LargeBinary)
    is_open: Mapped[bool] = mapped_column(default=False)


class BallotSeat(Base):
    """A voter's place on the roll, with the sealed vote or the mark of a paper ballot until the ballots are counted."""

    __tablename__ = "ballot_seat"
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    envelope: Mapped[bytes | None] = mapped_column(LargeBinary)
    is_paper: Mapped[bool] = mapped_column(default=False)
    person: Mapped[Person] = relationship()


def has_voted() -> ColumnElement[bool]:
    """Return the condition of a work item whose assignee has voted in the ballot that it is for, or got a paper."""
    return exists().where(
        BallotSeat.ballot_id == WorkItem.collective_id,
        BallotSeat.person_id == WorkItem.assignee_id,
        or_(BallotSeat.envelope.is_not(None), BallotSeat.is_paper),
    )
