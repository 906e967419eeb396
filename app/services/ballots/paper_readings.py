"""Reading paper ballots: two scrutineers each enter what the stack says, and only what they read alike is counted."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.db.ballots import Ballot
from app.db.queries import ballots as queries
from app.db.queries import collectives as tasks
from app.domain import paper_ballots
from app.domain.ballots import NEEDED_SCRUTINEERS, Paper, Tally
from app.domain.errors import Conflict, Invalid
from app.domain.identity import Actor
from app.domain.paper_ballots import Stack
from app.domain.text import N_
from app.domain.vocabulary import CollectiveStatus
from app.services import journal
from app.services.ballots import envelopes, keepers
from app.services.journal import Act
from app.services.transactions import connection_of, writing

NONE_ISSUED = N_("这次投票没有发过纸质选票，不用录入。")
IS_CONFIRMED = N_("已经有监票人确认了计票，纸质选票的票数不能再改。")
NOT_READ = N_("发过 %(issued)d 张纸质选票：请两位监票人各自清点、录入，再计票。")
DIFFERS = N_("几位监票人录入的纸质选票对不上（%(what)s），请一起重新清点，各自再录。")
IMPOSSIBLE = N_("这些数对不上：每张有效的选票至少选 1 人、至多选 %(seats)d 人，请再清点。")
FIELDS = {"papers": N_("总张数"), "abstained": N_("弃权"), "void": N_("无效")}


@dataclass(frozen=True)
class Readings:
    """What the scrutineers have read, still sealed, and how many papers there can be."""

    issued: int
    sealed: tuple[bytes, ...]


def read(session: Session, actor: Actor, ballot_id: int, stack: Stack) -> None:
    """Keep what a scrutineer reads from the paper ballots, sealed until the count.

    Raises NotFound, Invalid for numbers that cannot be, Conflict outside the counting and after a confirmation.
    """
    own = keepers.keeper(session, actor, ballot_id)
    with writing(session):
        held = tasks.lock_task(connection_of(session), ballot_id)
        if held is None or held.status != CollectiveStatus.COUNTING:
            raise Conflict(keepers.NOT_COUNTING)
        if any(one.confirmed for one in keepers.keepers(session, ballot_id)):
            raise Conflict(IS_CONFIRMED)
        ballot = session.get_one(Ballot, ballot_id, populate_existing=True)
        _refuse_impossible(stack, queries.paper_of(ballot), queries.count_papers(connection_of(session), ballot_id))
        own.papers = envelopes.seal(paper_ballots.pack(stack), ballot.public_key or b"")
        session.flush()
        journal.record_collective(connection_of(session), held, actor, Act("read_paper_ballots", {}))
        tasks.save(connection_of(session), held)


def readings(session: Session, ballot_id: int) -> Readings:
    """Return what was read so far."""
    sealed = tuple(one.papers for one in keepers.keepers(session, ballot_id) if one.papers is not None)
    return Readings(queries.count_papers(connection_of(session), ballot_id), sealed)


def with_papers(tally: Tally, found: Readings, paper: Paper, private_key: bytes) -> Tally:
    """Return the count with the paper ballots. Raises Conflict until at least two have read them, and all alike."""
    if not found.issued:
        return tally
    names = [choice.name for choice in paper.choices]
    records = [record for record in envelopes.records(found.sealed, private_key) if record is not None]
    stacks = [paper_ballots.unpack(record, len(names)) for record in records]
    if len(stacks) < NEEDED_SCRUTINEERS:
        raise Conflict(NOT_READ, issued=found.issued)
    stack = paper_ballots.agreed(stacks)
    if stack is None:
        raise Conflict(DIFFERS, what=_difference(stacks, names))
    return paper_ballots.added(tally, stack)


def _refuse_impossible(stack: Stack, paper: Paper, issued: int) -> None:
    if not issued:
        raise Conflict(NONE_ISSUED)
    if stack.papers > issued:
        raise Invalid.field("papers", N_("只发过 %(issued)d 张纸质选票，请再清点。"), issued=issued)
    if stack.abstained and not paper.can_abstain:
        raise Invalid.field("abstained", N_("这次投票不能弃权，空白的选票请计入无效。"))
    if not paper_ballots.can_be(stack, paper):
        raise Invalid.field("papers", IMPOSSIBLE, seats=paper.seats)


def _difference(stacks: list[Stack], names: list[str]) -> str:
    found = {one for other in stacks[1:] for one in paper_ballots.differing(stacks[0], other)}
    fields = [words for name, words in FIELDS.items() if name in found]
    return "、".join([*fields, *(name for place, name in enumerate(names) if place in found)])
