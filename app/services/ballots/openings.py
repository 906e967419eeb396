"""Opening a ballot: each scrutineer sets a passphrase, and with the third the roll is frozen and voting begins."""

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from app.db.ballots import Ballot, BallotKey
from app.db.collectives import CollectiveTask
from app.db.queries import ballots as queries
from app.db.queries import collectives as tasks
from app.db.queries import rolls
from app.db.queries.collectives import LockedCollective
from app.db.queries.rolls import Seats
from app.domain import canonical, clock
from app.domain.errors import Conflict, Stale
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.engine import ballots
from app.engine.changes import Opened
from app.engine.collectives import terms_of
from app.services import journal, steps, work_items
from app.services.ballots import electors, envelopes, keepers
from app.services.collective import collectives
from app.services.journal import Act
from app.services.participations import Part
from app.services.steps import Step
from app.services.timing.dues import due_at
from app.services.transactions import writing

IS_SET = N_("您的监票口令已经设好，不能再改；投票截止后凭它开启选票。")
IS_OPEN = N_("投票已经开始或者取消，不用再设监票口令。")


def set_passphrase(session: Session, actor: Actor, ballot_id: int, passphrase: str) -> None:
    """Keep the public key that follows from a scrutineer's passphrase; the third opens the voting.

    Raises NotFound for who is no scrutineer, Invalid, Stale where it is set already, Conflict after the preparation.
    """
    keepers.keeper(session, actor, ballot_id)
    salt = envelopes.new_salt()
    public_key = bytes(envelopes.key_of(keepers.checked(passphrase), salt).public_key)
    instance_id = session.get_one(CollectiveTask, ballot_id).instance_id
    with writing(session):
        step = steps.locked(session, instance_id, None)
        steps.refuse_unless_running(step.case)
        held = tasks.lock_task(step.connection, ballot_id)
        if held is None or held.status != CollectiveStatus.PREPARING:
            raise Conflict(IS_OPEN)
        own = keepers.keeper(session, actor, ballot_id)
        if own.public_key is not None:
            raise Stale(IS_SET)
        own.salt, own.public_key = salt, public_key
        session.flush()
        queries.finish_duty(step.connection, ballot_id, actor.person_id, clock.now())
        journal.record_collective(step.connection, held, actor, Act("set_passphrase", {"element": held.element}))
        _open_if_ready(step, held)


def _open_if_ready(step: Step, held: LockedCollective) -> None:
    """Save the task's journal head, and begin the voting where all three have set their passphrases."""
    found = keepers.keepers(step.session, held.id)
    public_keys = {one.person_id: one.public_key for one in found if one.public_key is not None}
    changed = _voting(step, held, public_keys) if len(public_keys) == len(found) else {}
    tasks.save(step.connection, held, **changed)


def _voting(step: Step, held: LockedCollective, public_keys: dict[int, bytes]) -> dict[str, Any]:
    """Make the key, freeze the roll and open the voting; return what changes of the task."""
    session, now = step.session, clock.now()
    ballot = session.get_one(Ballot, held.id)
    ballot.public_key, sealed = envelopes.new_ballot(public_keys)
    ballot.voting_at = now
    keys = [BallotKey(ballot_id=held.id, outer_id=one.outer_id, inner_id=one.inner_id, box=one.box) for one in sealed]
    session.add_all(keys)
    session.flush()
    due = due_at(ballots.due_of(step.process, held.element, step.case.values, step.context))
    terms = terms_of(step.process, held.element, step.case.values, step.context)
    opened = Opened(held.task_id, held.element)
    common = work_items.common_row(step.case, step.process, opened, due)
    common |= {"collective_id": held.id, "organization_id": held.organization_id}
    common |= {"is_signature": False, "is_returned": False}
    _seat_voters(step, held, ballot, Seats(common, now, (), ()))
    roll = queries.voters_of(step.connection, held.id)
    held.roll, held.status = len(roll), CollectiveStatus.OPEN
    roll_hash = canonical.content_hash(roll)
    journal.record_collective(
        step.connection, held, None, Act("open_voting", {"roll": held.roll, "roll_hash": roll_hash})
    )
    dated = {"due_at": due.instant, "remind_at": collectives.remind_at(due, terms.remind)}
    return {"roll": held.roll, "roll_hash": roll_hash, **dated}


def _seat_voters(step: Step, held: LockedCollective, ballot: Ballot, seats: Seats) -> None:
    """Give a work item and a seat to everyone who holds the position now, once each."""
    connection, today = step.connection, clock.today()
    task = step.session.get_one(CollectiveTask, held.id)
    for office, barred in electors.offices(step.session, task, ballot, today):
        rolls.add_seats(connection, office, replace(seats, left_out=barred))
    queries.add_voters(connection, held.id)
    rolls.add_parts(connection, held.id, held.instance_id, Part.ASKED, seats.opened_at)
