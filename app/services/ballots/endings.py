"""The end of the voting: enough voted and the scrutineers count, or it goes on once, or there is no quorum."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.queries import ballots as queries
from app.db.queries import collectives
from app.db.queries.collectives import LockedCollective
from app.domain import clock
from app.domain.tally import COUNTED, NO_QUORUM, has_quorum
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, Verdict
from app.engine import ballots
from app.engine.changes import Opened
from app.services import journal, outbox, work_items
from app.services.ballots import erasures, keepers, preparing
from app.services.journal import Act
from app.services.steps import Step
from app.services.timing import dues

COUNT = N_("监票：开启选票，计票")


def end_voting(step: Step, held: LockedCollective) -> bool:
    """End the voting of a locked ballot that is due; tell whether the case moves on, for lack of votes."""
    ballot = step.session.get_one(Ballot, held.id)
    answered = queries.count_cast(step.connection, held.id)
    if has_quorum(held.rule.quorum, held.roll, answered):
        _ask_scrutineers(step, held, ballot)
        return False
    extension = None if ballot.is_extended else _extension(step, held)
    if extension is not None:
        _extend(step, held, ballot, extension)
        return False
    ballot.ended_at, ballot.answered = clock.now(), answered
    step.session.flush()
    held.counts = {Verdict.SUBMIT: answered}
    erasures.wipe(step.session, held.id)
    return True


def outcome_of(session: Session, held: LockedCollective) -> tuple[str, dict[str, Any]]:
    """Return how a ballot ended, and what the case keeps of it."""
    ballot = session.get_one(Ballot, held.id, populate_existing=True)
    result = NO_QUORUM if ballot.votes is None else COUNTED
    paper = queries.paper_of(ballot)
    return result, ballots.result(held.roll, ballot.answered or 0, paper, ballot.votes, ballot.places)


def _ask_scrutineers(step: Step, held: LockedCollective, ballot: Ballot) -> None:
    """Close the voters' work items, all in the same way, and open one for each scrutineer."""
    now, connection = clock.now(), step.connection
    held.status = CollectiveStatus.COUNTING
    journal.record_collective(connection, held, None, Act("end_voting", {"element": held.element}))
    collectives.save(connection, held)
    connection.execute(collectives.CANCEL_SEATS, {"collective": held.id, "closed_at": now})
    opened = Opened(held.task_id, held.element, None)
    row = work_items.common_row(step.case, step.process, opened, dues.due_at(preparing.DUTY_LASTS))
    row |= {"collective_id": held.id, "organization_id": held.organization_id, "element_name": COUNT}
    people = [one.person_id for one in keepers.keepers(step.session, held.id)]
    queries.add_duties(connection, row, people)
    ballot.ended_at = now
    step.session.flush()


def _extension(step: Step, held: LockedCollective) -> datetime | None:
    """Return until when the voting goes on, where the diagram allows it."""
    length = ballots.terms_of(step.process, held.element, step.case.values, step.context).extension
    return dues.due_at(length).instant


def _extend(step: Step, held: LockedCollective, ballot: Ballot, due_at: datetime) -> None:
    """Let the voting go on once, and remind who has not voted."""
    ballot.is_extended = True
    step.session.flush()
    journal.record_collective(step.connection, held, None, Act("extend_voting", {"due_at": due_at.isoformat()}))
    collectives.save(step.connection, held, due_at=due_at)
    queries.move_due(step.connection, held.id, due_at)
    outbox.put(step.session, "remind_missing", {"collective": held.id})
