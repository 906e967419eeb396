"""What a reader may know of a ballot: before the count only a rounded turnout, after it the tally sheet."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.db.ballots import Ballot, BallotScrutineer, BallotSeat
from app.db.collectives import CollectiveTask
from app.db.processes import ProcessInstance
from app.db.queries import ballots as queries
from app.db.queries.ballots import paper_of
from app.domain import clock
from app.domain.ballots import Choice, Paper, shuffled, ties, turnout
from app.domain.errors import Conflict, NotFound
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.services import visibility
from app.services.ballots import keepers

NOT_COUNTED = N_("还没有计票，计票单要等两位监票人确认以后公布。")


@dataclass(frozen=True)
class BallotView:
    """A ballot as one person sees it."""

    ballot: Ballot
    case: ProcessInstance
    actor_id: int
    keepers: list[BallotScrutineer]
    # The person's own seat, if the person is on the roll.
    seat: BallotSeat | None
    # None where so few are on the roll that it would tell who voted.
    turnout: int | None
    sees_case: bool

    @property
    def task(self) -> CollectiveTask:
        """Return the collective task that is voted on."""
        return self.ballot.task

    @cached_property
    def paper(self) -> Paper:
        """Return the ballot paper."""
        return paper_of(self.ballot)

    @property
    def keeper(self) -> BallotScrutineer | None:
        """Return the person's own place among the scrutineers."""
        return next((one for one in self.keepers if one.person_id == self.actor_id), None)

    @property
    def is_open(self) -> bool:
        """Tell whether votes are taken now."""
        is_due = self.task.due_at is not None and self.task.due_at <= clock.now()
        return self.task.status == CollectiveStatus.OPEN and not is_due

    @property
    def has_voted(self) -> bool:
        """Tell whether the person's own envelope is in, as long as it is."""
        return self.seat is not None and self.seat.envelope is not None

    @property
    def has_paper(self) -> bool:
        """Tell whether the person got a paper ballot."""
        return self.seat is not None and self.seat.is_paper

    @property
    def may_vote(self) -> bool:
        """Tell whether the person may cast a vote now, or change one."""
        is_asked = self.is_open and self.seat is not None and not self.has_paper
        return is_asked and (self.ballot.can_change or not self.has_voted)

    @property
    def choices(self) -> list[Choice]:
        """Return the names in the person's own order."""
        return shuffled(self.paper.choices, self.ballot.id, self.actor_id)

    @property
    def is_counted(self) -> bool:
        """Tell whether there is a tally sheet."""
        return self.ballot.votes is not None


@dataclass(frozen=True)
class Line:
    """A name on the tally sheet; equal votes share a place."""

    place: int
    choice: Choice
    votes: int


def ballot_view(session: Session, actor: Actor, ballot_id: int) -> BallotView:
    """Return a ballot of a case in the person's sight, or a counted one of the person's organisation. Raises NotFound."""
    sees_case = visibility.may_see(session, actor)
    places = {held.organization_id for held in actor.holdings}
    is_public = and_(Ballot.abstained.is_not(None), CollectiveTask.organization_id.in_(places))
    # In one statement: what is hidden and what is not there cost the same.
    query = (
        select(Ballot, ProcessInstance, sees_case)
        .join(CollectiveTask, CollectiveTask.id == Ballot.id)
        .join(ProcessInstance, ProcessInstance.id == CollectiveTask.instance_id)
        .where(Ballot.id == ballot_id, or_(sees_case, is_public))
        .options(contains_eager(Ballot.task))
    )
    found = session.execute(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    ballot = found[0]
    seat = session.get(BallotSeat, (ballot_id, actor.person_id), populate_existing=True)
    cast = queries.count_cast(session.connection(), ballot_id)
    return BallotView(
        ballot=ballot,
        case=found[1],
        actor_id=actor.person_id,
        keepers=keepers.keepers(session, ballot_id),
        seat=seat,
        turnout=turnout(cast, ballot.task.roll),
        sees_case=bool(found[2]),
    )


def tied(view: BallotView) -> list[Choice]:
    """Return who have equally many votes for the last places, so that the count alone does not fill them."""
    found, _open = ties(view.ballot.votes or [], view.ballot.places)
    return [view.paper.choices[place] for place in found]


def tally_lines(view: BallotView) -> list[Line]:
    """Return the names by votes, ties shown as ties. Raises Conflict before the count is confirmed."""
    votes = view.ballot.votes
    if votes is None:
        raise Conflict(NOT_COUNTED)
    ranked = sorted(zip(view.paper.choices, votes, strict=True), key=lambda one: -one[1])
    return [Line(1 + sum(other > number for other in votes), choice, number) for choice, number in ranked]
