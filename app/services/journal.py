"""The append-only journal: one hash chain per case and per organisation (DESIGN §8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db.journal import JournalAnchor, JournalEntry
from app.db.people import Organization
from app.domain import canonical, clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.text import N_
from app.services.transactions import writing

SYSTEM = N_("系统")
# Ids are drawn before the commit: entries of steps in flight may appear below the last one that an anchor saw.
IN_FLIGHT = 1000
# In which order anchors were made, whatever day the clock said.
ANCHORED = (JournalAnchor.last_entry_id, JournalAnchor.on)


@dataclass(frozen=True)
class RequestKey:
    """An `Idempotency-Key` with the hash of the request that it stands for."""

    key: str
    request_hash: str


@dataclass(frozen=True)
class Fault:
    """A place where the journal does not hold together."""

    chain: str
    sequence: int
    reason: str


def record_case(
    session: Session,
    instance_id: int,
    actor: Actor | None,
    action: str,
    details: dict[str, Any],
    request_key: RequestKey | None = None,
    answer: dict[str, Any] | None = None,
) -> JournalEntry:
    """Append an act to a case's chain, with what a repeated request is answered.

    The caller holds the lock on the instance. Raises Invalid where the key served another request.
    """
    entry = JournalEntry(chain=f"instance/{instance_id}", instance_id=instance_id, answer=answer)
    if request_key is None:
        return _append(session, entry, actor, action, details)
    entry.idempotency_key, entry.request_hash = request_key.key, request_key.request_hash
    try:
        return _append(session, entry, actor, action, details)
    except IntegrityError as error:
        # The same request waits for the same lock; so this was another one, in another case at the same moment.
        raise _reused() from error


def record_organization(
    session: Session, organization_id: int, actor: Actor | None, action: str, details: dict[str, Any]
) -> JournalEntry:
    """Append an act to an organisation's chain."""
    query = select(Organization.id).where(Organization.id == organization_id)
    session.execute(query.with_for_update(key_share=True))
    entry = JournalEntry(chain=f"organization/{organization_id}", organization_id=organization_id)
    return _append(session, entry, actor, action, details)


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
    if entry.request_hash != request_key.request_hash:
        raise _reused()
    return entry.answer


def case_entries(session: Session, instance_id: int) -> list[JournalEntry]:
    """Return a case's entries, oldest first."""
    query = select(JournalEntry).where(JournalEntry.instance_id == instance_id).order_by(JournalEntry.sequence)
    return list(session.scalars(query))


def verify(session: Session) -> Iterator[Fault]:
    """Recompute every chain and every anchor, and yield what does not match."""
    anchors = list(session.scalars(select(JournalAnchor).order_by(*ANCHORED)))
    # Heads that were anchored and must still be there: the end of a chain cannot be cut off unseen.
    missing = {(chain, head) for kept in anchors for chain, head in kept.heads.items()}
    entries = select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.sequence)
    previous: JournalEntry | None = None
    for entry in session.scalars(entries.execution_options(yield_per=1000)):
        is_same_chain = previous is not None and previous.chain == entry.chain
        yield from _faults(entry, previous if is_same_chain else None)
        missing.discard((entry.chain, entry.entry_hash))
        previous = entry
    for chain in sorted({chain for chain, _head in missing}):
        yield Fault(chain, 0, N_("与当日存证不符"))
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


def _append(
    session: Session, entry: JournalEntry, actor: Actor | None, action: str, details: dict[str, Any]
) -> JournalEntry:
    head = session.execute(
        select(JournalEntry.sequence, JournalEntry.entry_hash)
        .where(JournalEntry.chain == entry.chain)
        .order_by(JournalEntry.sequence.desc())
        .limit(1)
    ).first()
    entry.sequence, entry.previous_hash = (head[0] + 1, head[1]) if head else (1, "")
    entry.actor_id = actor.person_id if actor else None
    entry.actor_title = actor.name if actor else SYSTEM
    entry.action, entry.details = action, details
    entry.occurred_at, entry.algorithm = clock.now(), canonical.SHA256
    entry.entry_hash = canonical.chain(entry.previous_hash, _content(entry), entry.algorithm)
    session.add(entry)
    session.flush()
    return entry


def _content(entry: JournalEntry) -> dict[str, Any]:
    return {
        "chain": entry.chain,
        "sequence": entry.sequence,
        "actor": entry.actor_id,
        "actor_title": entry.actor_title,
        "action": entry.action,
        "details": entry.details,
        "occurred_at": entry.occurred_at.isoformat(),
        "request": [entry.idempotency_key, entry.request_hash],
        "answer": entry.answer,
    }


def _faults(entry: JournalEntry, previous: JournalEntry | None) -> Iterator[Fault]:
    if entry.chain not in {f"instance/{entry.instance_id}", f"organization/{entry.organization_id}"}:
        yield Fault(entry.chain, entry.sequence, N_("不属于这条记录链"))
    expected = (previous.sequence + 1, previous.entry_hash) if previous else (1, "")
    if (entry.sequence, entry.previous_hash) != expected:
        yield Fault(entry.chain, entry.sequence, N_("与前一条不相接"))
    if not _is_untouched(entry):
        yield Fault(entry.chain, entry.sequence, N_("内容与指纹不符"))


def _is_untouched(entry: JournalEntry) -> bool:
    if entry.algorithm not in canonical.ALGORITHMS:
        return False
    return canonical.chain(entry.previous_hash, _content(entry), entry.algorithm) == entry.entry_hash


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
