"""The append-only journal: one hash chain per case and per organisation (DESIGN §8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.journal import JournalAnchor, JournalEntry
from app.db.people import Organization
from app.domain import canonical, clock
from app.domain.errors import Invalid
from app.domain.identity import Actor
from app.domain.text import N_

SYSTEM = N_("系统")


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
) -> JournalEntry:
    """Append an act to a case's chain; the caller holds the lock on the instance."""
    entry = JournalEntry(chain=f"instance/{instance_id}", instance_id=instance_id)
    if request_key is not None:
        entry.idempotency_key = request_key.key
        entry.request_hash = request_key.request_hash
    return _append(session, entry, actor, action, details)


def record_organization(
    session: Session, organization_id: int, actor: Actor | None, action: str, details: dict[str, Any]
) -> JournalEntry:
    """Append an act to an organisation's chain."""
    session.execute(select(Organization.id).where(Organization.id == organization_id).with_for_update())
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
        raise Invalid.field("Idempotency-Key", N_("这个幂等键已用于另一个请求，请换一个。"))
    return entry.answer


def case_entries(session: Session, instance_id: int) -> list[JournalEntry]:
    """Return a case's entries, oldest first."""
    query = select(JournalEntry).where(JournalEntry.instance_id == instance_id).order_by(JournalEntry.sequence)
    return list(session.scalars(query))


def verify(session: Session) -> Iterator[Fault]:
    """Recompute every chain and every anchor, and yield what does not match."""
    entries = select(JournalEntry).order_by(JournalEntry.chain, JournalEntry.sequence)
    previous: JournalEntry | None = None
    for entry in session.scalars(entries.execution_options(yield_per=1000)):
        is_same_chain = previous is not None and previous.chain == entry.chain
        yield from _faults(entry, previous if is_same_chain else None)
        previous = entry
    yield from _anchor_faults(session)


def anchor(session: Session, on: date) -> None:
    """Keep a hash over the heads of all chains for a day, once."""
    if session.get(JournalAnchor, on) is not None:
        return
    heads = _heads(session)
    session.add(
        JournalAnchor(
            on=on,
            last_entry_id=session.scalar(select(func.max(JournalEntry.id))) or 0,
            heads=heads,
            anchor_hash=canonical.content_hash(heads),
        )
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
    }


def _faults(entry: JournalEntry, previous: JournalEntry | None) -> Iterator[Fault]:
    expected = (previous.sequence + 1, previous.entry_hash) if previous else (1, "")
    if (entry.sequence, entry.previous_hash) != expected:
        yield Fault(entry.chain, entry.sequence, N_("与前一条不相接"))
    if canonical.chain(entry.previous_hash, _content(entry), entry.algorithm) != entry.entry_hash:
        yield Fault(entry.chain, entry.sequence, N_("内容与指纹不符"))


def _heads(session: Session, up_to: int | None = None) -> dict[str, Any]:
    last = select(JournalEntry.chain, func.max(JournalEntry.sequence).label("sequence")).group_by(JournalEntry.chain)
    if up_to is not None:
        last = last.where(JournalEntry.id <= up_to)
    newest = last.subquery()
    rows = session.execute(
        select(JournalEntry.chain, JournalEntry.entry_hash).join(
            newest, (JournalEntry.chain == newest.c.chain) & (JournalEntry.sequence == newest.c.sequence)
        )
    )
    return {chain: entry_hash for chain, entry_hash in rows}


def _anchor_faults(session: Session) -> Iterator[Fault]:
    for kept in session.scalars(select(JournalAnchor).order_by(JournalAnchor.on)):
        found = _heads(session, kept.last_entry_id)
        for chain in sorted(set(kept.heads) | set(found)):
            if kept.heads.get(chain) != found.get(chain):
                yield Fault(chain, 0, N_("与当日存证不符"))
