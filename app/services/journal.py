"""The append-only journal: one hash chain per case, per organisation and per collective task (DESIGN §8)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, cast, exists, func, literal, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from app.db.base import table_of
from app.db.collectives import CollectiveResponse, CollectiveTask
from app.db.journal import JournalAnchor, JournalEntry
from app.db.people import Organization
from app.db.processes import ProcessInstance
from app.db.queries import step_writes
from app.db.queries.collectives import LockedCollective
from app.db.queries.step_locks import LockedCase
from app.domain import canonical, clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.transactions import connection_of, writing

SYSTEM = N_("系统")
# What an entry's chain is named after.
CHAINS = ("instance", "organization", "collective")
# How the journal calls answers to collective tasks.
RESPONSES = ("respond", "recuse")
# Ids are drawn before the commit: entries of steps in flight may appear below the last one that an anchor saw.
IN_FLIGHT = 1000
# In which order anchors were made, whatever day the clock said.
ANCHORED = (JournalAnchor.last_entry_id, JournalAnchor.on)


@dataclass(frozen=True)
class RequestKey:
    """An `Idempotency-Key` with the hash of the request that it stands for."""

    key: str
    request_hash: str

    def refuse_other(self, request_hash: str) -> None:
        """Raise Invalid where the key came before with another request."""
        if self.request_hash != request_hash:
            raise _reused()


class Act(NamedTuple):
    """What the journal is told of an act, and what a repeated request for it is answered."""

    action: str
    details: dict[str, Any]
    answer: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fault:
    """A place where the journal does not hold together."""

    chain: str
    sequence: int
    reason: str


def record_case(
    connection: Connection, case: LockedCase, actor: Actor | None, act: Act, request_key: RequestKey | None = None
) -> None:
    """Append an act to a locked case's chain, and raise the head that the case keeps of it.

    Raises Invalid where the key served another request.
    """
    place = {"chain": _chain(case.id), "instance_id": case.id}
    _record_held(connection, case, place, actor, act, request_key)


def begin_chains(cases: Iterable[int], details: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the first entry of each of many new cases that the platform starts alike, to be inserted.

    What is the same in all of them is written once.
    """
    like = _linked((0, ""), {"chain": ""}, None, Act("start", details))
    shared = {name: value for name, value in _content(like).items() if name not in {"answer", "chain"}}
    entry, answer = canonical.mould(shared, ("answer", "chain")), canonical.mould({}, ("instance",))
    rows = []
    for case in cases:
        chain = _chain(case)
        written = entry % (answer % str(case).encode(), canonical.canonical(chain))
        own = {"chain": chain, "instance_id": case, "answer": {"instance": case}}
        rows.append({**like, **own, "entry_hash": canonical.chain_written("", written)})
    return rows


def response_hash(verdict: str, comment: str | None, values: Mapping[str, Any]) -> str:
    """Return what the journal keeps of an answer to a collective task: also of a confidential one."""
    return canonical.content_hash({"verdict": verdict, "comment": comment, "values": values})


def record_collective(
    connection: Connection,
    collective: LockedCollective,
    actor: Actor | None,
    act: Act,
    request_key: RequestKey | None = None,
) -> None:
    """Append an act to a locked collective task's own chain, which the case's readers do not see.

    Raises Invalid where the key served another request.
    """
    place = {"chain": f"collective/{collective.id}", "collective_id": collective.id}
    _record_held(connection, collective, place, actor, act, request_key)


def _record_held(
    connection: Connection,
    held: LockedCase | LockedCollective,
    place: Mapping[str, Any],
    actor: Actor | None,
    act: Act,
    request_key: RequestKey | None,
) -> None:
    """Append an entry to the chain whose head is kept in a locked row."""
    row = _linked((held.journal_sequence, held.journal_hash), place, actor, act, request_key)
    # The same request waits for the same lock; so what came before it was another, in another case at the same moment.
    step_writes.ADD_ENTRY.run(connection, row, _reused if request_key is not None else None)
    held.journal_sequence, held.journal_hash = row["sequence"], row["entry_hash"]


def record_organization(
    session: Session, organization_id: int, actor: Actor | None, action: str, details: dict[str, Any]
) -> int:
    """Append an act to an organisation's chain; return its place there."""
    query = select(Organization.id).where(Organization.id == organization_id)
    session.execute(query.with_for_update(key_share=True))
    place = {"chain": f"organization/{organization_id}", "organization_id": organization_id}
    head = session.execute(
        select(JournalEntry.sequence, JournalEntry.entry_hash)
        .where(JournalEntry.chain == place["chain"])
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    ).first()
    row = _linked((head[0], head[1]) if head else (0, ""), place, actor, Act(action, details))
    step_writes.ADD_ENTRY.run(connection_of(session), row)
    return int(row["sequence"])


def first_answer(session: Session, actor: Actor, request_key: RequestKey | None) -> dict[str, Any] | None:
    """Return the answer that was given to the same request before.

    Raises Invalid when the key came with another request.
    """
    if request_key is None:
        return None
    entry = session.scalar(
        select(JournalEntry).where(
            JournalEntry.actor_id == actor.person_id, JournalEntry.idempotency_key == request_key.key
        )
    )
    if entry is None:
        return None
    request_key.refuse_other(entry.request_hash or "")
    return entry.answer


def case_entries(session: Session, instance_id: int) -> list[JournalEntry]:
    """Return a case's entries, oldest first."""
    query = select(JournalEntry).where(JournalEntry.chain == _chain(instance_id)).order_by(JournalEntry.sequence)
    return list(session.scalars(query))


def _chain(instance_id: int) -> str:
    return f"instance/{instance_id}"


def verify(session: Session) -> Iterator[Fault]:
    """Recompute every chain and every anchor, and yield what does not match."""
    anchors = list(session.scalars(select(JournalAnchor).order_by(*ANCHORED)))
    # Heads that were anchored and must still be there: the end of a chain cannot be cut off unseen.
    missing = {(chain, head) for kept in anchors for chain, head in kept.heads.items()}
    entries = select(table_of(JournalEntry)).order_by(JournalEntry.chain, JournalEntry.sequence)
    previous: Mapping[str, Any] | None = None
    for row in session.execute(entries.execution_options(yield_per=1000)):
        entry = row._asdict()
        is_same_chain = previous is not None and previous["chain"] == entry["chain"]
        yield from _faults(entry, previous if is_same_chain else None)
        missing.discard((entry["chain"], entry["entry_hash"]))
        previous = entry
    for chain in sorted({chain for chain, _head in missing}):
        yield Fault(chain, 0, N_("与当日存证不符"))
    yield from _head_faults(session)
    yield from _response_faults(session)
    yield from _anchor_faults(anchors)


def anchor(session: Session, on: date) -> None:
    """Keep a hash over the heads of the chains that grew since the last anchor, once a day."""
    if session.get(JournalAnchor, on) is not None or _is_turned_back(session, on):
        return
    try:
        with writing(session):
            session.add(_new_anchor(session, on))
    except IntegrityError:
        # Another tick was quicker.
        session.rollback()


def _last_anchor(session: Session) -> JournalAnchor | None:
    return session.scalar(select(JournalAnchor).order_by(*(column.desc() for column in ANCHORED)).limit(1))


def _is_turned_back(session: Session, on: date) -> bool:
    """Tell whether the clock says an earlier day than an anchor over the same entries: which came first is lost."""
    last = _last_anchor(session)
    return last is not None and on < last.on and session.scalar(select(func.max(JournalEntry.id))) == last.last_entry_id


def _new_anchor(session: Session, on: date) -> JournalAnchor:
    last = _last_anchor(session)
    heads = _heads(session, last.last_entry_id - IN_FLIGHT if last else 0)
    return JournalAnchor(
        on=on,
        last_entry_id=session.scalar(select(func.max(JournalEntry.id))) or 0,
        heads=heads,
        anchor_hash=_anchor_hash(last.anchor_hash if last else "", on, heads),
    )


def _linked(
    head: tuple[int, str],
    place: Mapping[str, Any],
    actor: Actor | None,
    act: Act,
    request_key: RequestKey | None = None,
) -> dict[str, Any]:
    """Return the row that follows the head of a chain."""
    row = {
        "instance_id": None,
        "organization_id": None,
        "collective_id": None,
        **place,
        "sequence": head[0] + 1,
        "previous_hash": head[1],
        "actor_id": actor.person_id if actor else None,
        "actor_title": actor.name if actor else SYSTEM,
        "action": act.action,
        "details": act.details,
        "occurred_at": clock.now(),
        "algorithm": canonical.SHA256,
        "idempotency_key": request_key.key if request_key else None,
        "request_hash": request_key.request_hash if request_key else None,
        "answer": act.answer,
    }
    return row | {"entry_hash": canonical.chain(head[1], _content(row), canonical.SHA256)}


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "chain": row["chain"],
        "sequence": row["sequence"],
        "actor": row["actor_id"],
        "actor_title": row["actor_title"],
        "action": row["action"],
        "details": row["details"],
        "occurred_at": row["occurred_at"].isoformat(),
        "request": [row["idempotency_key"], row["request_hash"]],
        "answer": row["answer"],
    }


def _faults(row: Mapping[str, Any], previous: Mapping[str, Any] | None) -> Iterator[Fault]:
    chain, sequence = row["chain"], row["sequence"]
    if chain not in {f"{kind}/{row[f'{kind}_id']}" for kind in CHAINS}:
        yield Fault(chain, sequence, N_("不属于这条记录链"))
    expected = (previous["sequence"] + 1, previous["entry_hash"]) if previous else (1, "")
    if (sequence, row["previous_hash"]) != expected:
        yield Fault(chain, sequence, N_("与前一条不相接"))
    if not _is_untouched(row):
        yield Fault(chain, sequence, N_("内容与指纹不符"))


def _is_untouched(row: Mapping[str, Any]) -> bool:
    if row["algorithm"] not in canonical.ALGORITHMS:
        return False
    return bool(canonical.chain(row["previous_hash"], _content(row), row["algorithm"]) == row["entry_hash"])


def _head_faults(session: Session) -> Iterator[Fault]:
    """Find the cases and collective tasks whose own mark of their journal's end is not its end."""
    yield from _marks_apart(session, ProcessInstance, "instance")
    yield from _marks_apart(session, CollectiveTask, "collective")


def _marks_apart(session: Session, owner: type[ProcessInstance | CollectiveTask], kind: str) -> Iterator[Fault]:
    chain, later = literal(f"{kind}/") + cast(owner.id, String), aliased(JournalEntry)
    goes_on = exists().where(later.chain == chain, later.sequence > owner.journal_sequence)
    rows = session.execute(
        select(owner.id, owner.journal_sequence)
        .outerjoin(JournalEntry, (JournalEntry.chain == chain) & (JournalEntry.sequence == owner.journal_sequence))
        .where(or_(func.coalesce(JournalEntry.entry_hash, "") != owner.journal_hash, goes_on))
        .order_by(owner.id)
    )
    for owner_id, sequence in rows:
        yield Fault(f"{kind}/{owner_id}", sequence, N_("与记下的末尾不符"))


def _response_faults(session: Session) -> Iterator[Fault]:
    """Find the answers of collective tasks that are not as their entries say, or are gone."""
    is_its = (CollectiveResponse.collective_id == JournalEntry.collective_id) & (
        CollectiveResponse.person_id == JournalEntry.actor_id
    )
    rows = session.execute(
        select(JournalEntry.chain, JournalEntry.sequence, JournalEntry.details, CollectiveResponse)
        .outerjoin(CollectiveResponse, is_its)
        .where(JournalEntry.action.in_(RESPONSES), JournalEntry.collective_id.is_not(None))
        .order_by(JournalEntry.id)
        .execution_options(yield_per=1000)
    )
    found: Iterator[Any] = iter(rows)
    for chain, sequence, details, response in found:
        told = response and response_hash(response.verdict, response.comment, response.values)
        if told != details.get("content_hash"):
            yield Fault(chain, sequence, N_("答复与记下的指纹不符"))


def _heads(session: Session, after: int) -> dict[str, Any]:
    """Return the last hash of each chain that has entries with a greater id."""
    newest = (
        select(JournalEntry.chain, func.max(JournalEntry.sequence).label("sequence"))
        .where(JournalEntry.id > after)
        .group_by(JournalEntry.chain)
        .subquery()
    )
    rows = session.execute(
        select(JournalEntry.chain, JournalEntry.entry_hash).join(
            newest, (JournalEntry.chain == newest.c.chain) & (JournalEntry.sequence == newest.c.sequence)
        )
    )
    return {row.chain: row.entry_hash for row in rows}


def _anchor_hash(previous: str, on: date, heads: dict[str, Any]) -> str:
    return canonical.chain(previous, {"on": on.isoformat(), "heads": heads})


def _anchor_faults(anchors: list[JournalAnchor]) -> Iterator[Fault]:
    previous = ""
    for kept in anchors:
        if _anchor_hash(previous, kept.on, kept.heads) != kept.anchor_hash:
            yield Fault(f"anchor/{kept.on.isoformat()}", 0, N_("存证与指纹不符"))
        previous = kept.anchor_hash


def _reused() -> Invalid:
    return Invalid.field("Idempotency-Key", N_("这个幂等键已用于另一个请求，请换一个。"))
