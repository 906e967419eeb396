"""Secret ballots in few statements: a vote costs the same whatever the roll's size, and locks no other voter out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    LargeBinary,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from app.db.ballots import Ballot, BallotKey, BallotScrutineer, BallotSeat
from app.db.base import table_of
from app.db.collectives import CollectiveTask
from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.offices import is_held
from app.db.work import OPEN, WorkItem
from app.domain.ballots import Choice, Paper
from app.domain.vocabulary import WorkItemKind, WorkItemStatus

_ballot, _seat, _key, _keeper = map(table_of, (Ballot, BallotSeat, BallotKey, BallotScrutineer))
_task, _item, _case = map(table_of, (CollectiveTask, WorkItem, ProcessInstance))
_of, _voter = bindparam("ballot", type_=BigInteger), bindparam("person", type_=BigInteger)


@dataclass(frozen=True, slots=True)
class LockedSeat:
    """A voter's place while the ballot is kept from ending."""

    organization_id: int
    status: str
    due_at: datetime | None
    instance_status: str
    choices: list[dict[str, str]]
    seats: int
    can_abstain: bool
    can_change: bool
    public_key: bytes

    @property
    def paper(self) -> Paper:
        """Return the ballot paper."""
        return paper_of(self)


# Shared: voters do not wait for each other, and only the end of the voting waits for them.
_LOCK_SEAT = (
    select(
        _task.c.organization_id,
        _task.c.status,
        _task.c.due_at,
        _case.c.status,
        _ballot.c.choices,
        _ballot.c.seats,
        _ballot.c.can_abstain,
        _ballot.c.can_change,
        _ballot.c.public_key,
    )
    .select_from(
        _seat.join(_ballot, _ballot.c.id == _seat.c.ballot_id)
        .join(_task, _task.c.id == _ballot.c.id)
        .join(_case, _case.c.id == _task.c.instance_id)
    )
    .where(_seat.c.ballot_id == _of, _seat.c.person_id == _voter)
    .with_for_update(of=_task, read=True)
)
_VOTE = (
    update(_seat)
    .where(_seat.c.ballot_id == _of, _seat.c.person_id == _voter, _seat.c.is_paper.is_(False))
    .values(envelope=bindparam("sealed", type_=LargeBinary))
)
_VOTE_ONCE = _VOTE.where(_seat.c.envelope.is_(None))


def paper_of(found: Any) -> Paper:
    """Return the ballot paper of a ballot, or of a row with its columns."""
    choices = tuple(Choice(one["id"], one["name"], one["hint"]) for one in found.choices)
    return Paper(choices, found.seats, found.can_abstain)


def lock_seat(connection: Connection, ballot_id: int, person_id: int) -> LockedSeat | None:
    """Keep the ballot from ending while a voter votes; None for who is not on the roll."""
    row: Any = connection.execute(_LOCK_SEAT, {"ballot": ballot_id, "person": person_id}).first()
    return LockedSeat(*row) if row else None


def keep_vote(connection: Connection, ballot_id: int, person_id: int, sealed: bytes, *, can_change: bool) -> bool:
    """Put an envelope into a voter's seat; tell whether it could be.

    An earlier one is changed only if that is allowed, and who got a paper ballot has no other.
    """
    statement = _VOTE if can_change else _VOTE_ONCE
    given = {"ballot": ballot_id, "person": person_id, "sealed": sealed}
    return connection.execute(statement, given).rowcount == 1


def has_paper(connection: Connection, ballot_id: int, person_id: int) -> bool:
    """Tell whether a voter got a paper ballot."""
    query = select(_seat.c.is_paper).where(_seat.c.ballot_id == ballot_id, _seat.c.person_id == person_id)
    return bool(connection.scalar(query))


def add_voters(connection: Connection, ballot_id: int) -> None:
    """Give a seat to everyone who has an open work item for the ballot."""
    voters = select(_item.c.collective_id, _item.c.assignee_id, literal(value=False))
    voters = voters.where(_item.c.collective_id == ballot_id, _item.c.status == OPEN).order_by(_item.c.assignee_id)
    connection.execute(insert(_seat).from_select(["ballot_id", "person_id", "is_paper"], voters))


def voters_of(connection: Connection, ballot_id: int) -> list[int]:
    """Return who is on the roll, by their numbers."""
    query = select(_seat.c.person_id).where(_seat.c.ballot_id == ballot_id).order_by(_seat.c.person_id)
    return list(connection.scalars(query))


def count_cast(connection: Connection, ballot_id: int) -> int:
    """Return how many have voted or got a paper ballot; never shown as it is before the end."""
    has_voted = or_(_seat.c.envelope.is_not(None), _seat.c.is_paper)
    query = select(func.count()).where(_seat.c.ballot_id == ballot_id, has_voted)
    return connection.execute(query).scalar_one()


def count_papers(connection: Connection, ballot_id: int) -> int:
    """Return how many got a paper ballot."""
    query = select(func.count()).where(_seat.c.ballot_id == ballot_id, _seat.c.is_paper)
    return connection.execute(query).scalar_one()


def envelopes_of(connection: Connection, ballot_id: int) -> Sequence[bytes]:
    """Return the envelopes in the order of their own bytes, which is nobody's order."""
    query = select(_seat.c.envelope).where(_seat.c.ballot_id == ballot_id, _seat.c.envelope.is_not(None))
    return sorted(connection.scalars(query))


def add_duties(connection: Connection, row: Mapping[str, Any], people: Collection[int]) -> None:
    """Insert a work item for each scrutineer."""
    common = {
        **row,
        "status": WorkItemStatus.OPEN,
        "kind": WorkItemKind.TASK,
        "is_signature": False,
        "is_returned": False,
    }
    connection.execute(insert(_item), [{**common, "assignee_id": person_id} for person_id in sorted(people)])


def finish_duty(connection: Connection, ballot_id: int, person_id: int, at: datetime) -> None:
    """Close a scrutineer's open work item as done."""
    mine = (_item.c.collective_id == ballot_id) & (_item.c.assignee_id == person_id) & (_item.c.status == OPEN)
    done = {"status": WorkItemStatus.DONE, "closed_at": at, "closed_by_id": person_id}
    connection.execute(update(_item).where(mine).values(revision=_item.c.revision + 1, **done))


def move_due(connection: Connection, ballot_id: int, due_at: datetime) -> None:
    """Let every open work item of a ballot or a panel be due at another time."""
    is_its = (_item.c.collective_id == ballot_id) & (_item.c.status == OPEN)
    settled = {"is_due_provisional": False, "reckoning": None}
    connection.execute(update(_item).where(is_its).values(due_at=due_at, **settled))


def wipe(connection: Connection, ballot_id: int) -> None:
    """Destroy what tells who voted and what opens the votes.

    The seats are written anew by the people's numbers: where PostgreSQL keeps a row tells when it was last changed.
    """
    voters = voters_of(connection, ballot_id)
    seats = [{"ballot_id": ballot_id, "person_id": person_id, "is_paper": False} for person_id in voters]
    connection.execute(delete(_seat).where(_seat.c.ballot_id == ballot_id))
    if seats:
        connection.execute(insert(_seat), seats)
    connection.execute(delete(_key).where(_key.c.ballot_id == ballot_id))
    nothing = {"salt": None, "public_key": None, "confirmed": None, "papers": None}
    connection.execute(update(_keeper).where(_keeper.c.ballot_id == ballot_id).values(nothing))


def holders(connection: Connection, organization_id: int, role: str, on: Any) -> Sequence[int]:
    """Return who with an open account holds a role in an organisation on a day, by their numbers."""
    held = select(Person.id).join(Position, Position.person_id == Person.id).distinct()
    held = held.where(Person.is_active, Position.organization_id == organization_id, Position.role == role, is_held(on))
    return list(connection.scalars(held.order_by(Person.id)))


def at_work(connection: Connection, organization_id: int, people: Collection[int], on: Any) -> set[int]:
    """Return which of these people have an open account and a position in an organisation on a day."""
    held = select(Person.id).join(Position, Position.person_id == Person.id)
    held = held.where(Person.id.in_(people), Person.is_active, Position.organization_id == organization_id, is_held(on))
    return set(connection.scalars(held))
