"""Who votes on paper: a scrutineer strikes a voter from the electronic roll before handing a paper over."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db.ballots import Ballot, BallotSeat
from app.db.people import Person
from app.db.processes import ProcessInstance
from app.db.queries import collectives as tasks
from app.db.queries.collectives import LockedCollective
from app.domain import clock
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.services import journal, steps
from app.services.ballots import keepers
from app.services.journal import Act
from app.services.transactions import connection_of, writing

MOST_FOUND = 20
NOT_OPEN = N_("只有投票期间才能发、收回纸质选票。")
HAS_VOTED = N_("这位老师已经在平台上投过票，这次投票不能改投，不能再领纸质选票。")


@dataclass(frozen=True)
class PaperVoters:
    """Who got a paper ballot, and whom a scrutineer looks for among the others."""

    issued: list[BallotSeat]
    found: list[BallotSeat]


def voters(session: Session, actor: Actor, ballot_id: int, wanted: str) -> PaperVoters:
    """Return who got a paper ballot, and who of the roll has a name like the wanted one. Raises NotFound."""
    keepers.keeper(session, actor, ballot_id)
    query = select(BallotSeat).join(Person, Person.id == BallotSeat.person_id).options(joinedload(BallotSeat.person))
    query = query.where(BallotSeat.ballot_id == ballot_id).order_by(Person.name, Person.id)
    others = query.where(BallotSeat.is_paper.is_(False), Person.name.contains(wanted, autoescape=True))
    found = list(session.scalars(others.limit(MOST_FOUND))) if wanted else []
    return PaperVoters(list(session.scalars(query.where(BallotSeat.is_paper))), found)


def issue(session: Session, actor: Actor, ballot_id: int, person_id: int) -> None:
    """Strike a voter from the electronic roll before a paper ballot is handed over; a vote cast before is destroyed.

    Raises NotFound, Conflict outside the voting, or where a vote is final.
    """
    with writing(session):
        held, seat = _open_seat(session, actor, ballot_id, person_id)
        if seat.is_paper:
            return
        if seat.envelope is not None and not session.get_one(Ballot, ballot_id).can_change:
            raise Conflict(HAS_VOTED)
        seat.is_paper, seat.envelope = True, None
        _note(session, held, actor, "issue_paper_ballot")


def take_back(session: Session, actor: Actor, ballot_id: int, person_id: int) -> None:
    """Put a voter who gives the paper ballot back on the electronic roll again. Raises NotFound, Conflict."""
    with writing(session):
        held, seat = _open_seat(session, actor, ballot_id, person_id)
        if not seat.is_paper:
            return
        seat.is_paper = False
        _note(session, held, actor, "take_back_paper_ballot")


def _open_seat(session: Session, actor: Actor, ballot_id: int, person_id: int) -> tuple[LockedCollective, BallotSeat]:
    """Lock a ballot that is voted in, so that nobody votes meanwhile, and return a voter's seat."""
    keepers.keeper(session, actor, ballot_id)
    held = tasks.lock_task(connection_of(session), ballot_id)
    if held is None or held.status != CollectiveStatus.OPEN or held.is_due(clock.now()):
        raise Conflict(NOT_OPEN)
    steps.refuse_unless_running(session.get_one(ProcessInstance, held.instance_id))
    seat = session.get(BallotSeat, (ballot_id, person_id), populate_existing=True)
    if seat is None:
        raise NotFound
    return held, seat


def _note(session: Session, held: LockedCollective, actor: Actor, action: str) -> None:
    """Journal an act without the voter's name: who votes in which way is nobody's concern afterwards."""
    session.flush()
    journal.record_collective(connection_of(session), held, actor, Act(action, {}))
    tasks.save(connection_of(session), held)
