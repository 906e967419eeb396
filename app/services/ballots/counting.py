"""Counting: two scrutineers open the ballots, together or one after the other, as often as wanted; two confirm.

Until then nothing of it is stored: a count lives in memory and on the scrutineer's page.
"""

from dataclasses import asdict, dataclass

import orjson
from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.ballots import Ballot, BallotKey
from app.db.queries import ballots as queries
from app.db.queries import collectives as tasks
from app.db.queries.collectives import LockedCollective
from app.domain import ballots, clock
from app.domain.ballots import NEEDED_SCRUTINEERS, Tally
from app.domain.errors import Conflict, Invalid
from app.domain.identity import Actor
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus, Verdict
from app.services import journal
from app.services.ballots import envelopes, erasures, keepers, paper_readings
from app.services.collective import collective_closings
from app.services.journal import Act
from app.services.transactions import connection_of, writing

ALONE = N_("要两位监票人各自开启过选票，才能计票。")
DIFFERS = N_("您看到的计票结果和现在算出来的不一样，请重新计票。")


@dataclass(frozen=True)
class Counted:
    """A count in memory, with a mark of it that tells nothing without the ballots' key."""

    tally: Tally
    mark: bytes


def count(session: Session, actor: Actor, ballot_id: int, passphrase: str) -> Counted | None:
    """Open the ballots with a scrutineer's passphrase and count; None while only one of the three has opened.

    Raises NotFound, Invalid for a wrong passphrase, Conflict outside the counting, or
    where the tellers have not read the paper ballots alike.
    """
    key = keepers.key_of(keepers.keeper(session, actor, ballot_id), passphrase)
    with writing(session):
        held = _counting(session, ballot_id)
        private = _open(session, actor, held, key)
        ballot = session.get_one(Ballot, ballot_id, populate_existing=True)
        paper = queries.paper_of(ballot)
        sealed = queries.envelopes_of(connection_of(session), ballot_id) if private is not None else []
        readings = paper_readings.readings(session, ballot_id)
    if private is None:
        return None
    tally = ballots.count(paper, envelopes.records(sealed, private))
    tally = paper_readings.with_papers(tally, readings, paper, private)
    return Counted(tally, envelopes.fingerprint(_written(tally), private))


def confirm(session: Session, actor: Actor, ballot_id: int, passphrase: str) -> bool:
    """Confirm the count as a scrutineer; tell whether it was the second, which makes it final.

    Raises NotFound, Invalid for a wrong passphrase, Conflict where one alone has opened, or outside the counting.
    """
    counted = count(session, actor, ballot_id, passphrase)
    if counted is None:
        raise Conflict(ALONE)
    with writing(session):
        held = _counting(session, ballot_id)
        found = keepers.keepers(session, ballot_id)
        if any(one.confirmed not in {None, counted.mark} for one in found):
            raise Conflict(DIFFERS)
        own = next(one for one in found if one.person_id == actor.person_id)
        is_new = own.confirmed is None
        own.confirmed = counted.mark
        session.flush()
        is_final = sum(one.confirmed is not None for one in found) >= NEEDED_SCRUTINEERS
        if is_new:
            queries.finish_duty(connection_of(session), ballot_id, actor.person_id, clock.now())
            journal.record_collective(connection_of(session), held, actor, Act("confirm_count", {}))
        if is_final:
            _settle(session, held, counted.tally)
        tasks.save(connection_of(session), held)
    if is_final:
        collective_closings.close_soon(session, ballot_id, held.instance_id)
    return is_final


def _counting(session: Session, ballot_id: int) -> LockedCollective:
    held = tasks.lock_task(connection_of(session), ballot_id)
    if held is None or held.status != CollectiveStatus.COUNTING:
        raise Conflict(keepers.NOT_COUNTING)
    return held


def _open(session: Session, actor: Actor, held: LockedCollective, key: PrivateKey) -> bytes | None:
    """Open the outer boxes that are the person's, and an inner one that a colleague has laid bare."""
    query = select(BallotKey).where(BallotKey.ballot_id == held.id).execution_options(populate_existing=True)
    boxes = list(session.scalars(query))
    shut = [one for one in boxes if one.outer_id == actor.person_id and not one.is_open]
    for one in shut:
        one.box, one.is_open = _opened(one, key), True
    session.flush()
    if shut:
        journal.record_collective(connection_of(session), held, actor, Act("open_ballots", {}))
        tasks.save(connection_of(session), held)
    ready = next((one for one in boxes if one.inner_id == actor.person_id and one.is_open), None)
    return _opened(ready, key) if ready is not None else None


def _opened(one: BallotKey, key: PrivateKey) -> bytes:
    found = envelopes.opened(one.box, key)
    if found is None:
        raise Invalid.field("passphrase", N_("这份密钥打不开，请和另一位监票人核对。"))
    return found


def _settle(session: Session, held: LockedCollective, tally: Tally) -> None:
    """Write the tally and destroy what could tell more: from here on nothing is undone."""
    ballot = session.get_one(Ballot, held.id, populate_existing=True)
    ballot.votes, ballot.receipts = list(tally.votes), list(tally.receipts)
    ballot.abstained, ballot.void = tally.abstained, tally.void
    ballot.answered, ballot.papers = tally.answered, tally.papers
    session.flush()
    held.counts = {Verdict.SUBMIT: tally.answered}
    held.status = CollectiveStatus.SETTLED
    erasures.wipe(session, held.id)


def _written(tally: Tally) -> bytes:
    return orjson.dumps(asdict(tally), option=orjson.OPT_SORT_KEYS)
