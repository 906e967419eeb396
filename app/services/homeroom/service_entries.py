"""What a confirmed list does to teachers' files: services end and begin, each class an entry of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Position
from app.db.registers import IS_LIVE, DossierEntry
from app.domain.dossiers import EntryKind, EntrySource
from app.domain.entry_checks import Particulars
from app.domain.homeroom_lists import POST_ROLES, Line
from app.services.dossiers.recording import Entry, record_many
from app.services.homeroom.orders import Order


def keep_services(session: Session, order: Order, positions: Sequence[Position]) -> None:
    """End the services that no line continues, strike out those that never were, and begin the new ones.

    Positions are those before the list: who had left the post earlier served no longer.
    """
    wanted = {_key(line.person_id, line.class_name, line.post): line for line in order.lines}
    left = _left_on(positions)
    held, entries = set(), list[Entry]()
    for service in _running(session, order):
        key = _key(service.person_id, service.class_name, service.category)
        if key in wanted and service.from_on <= order.from_on:
            held.add(key)
        else:
            entries.append(_ended(order, service, left.get((service.person_id, service.category or ""))))
    entries += [_begun(order, line) for key, line in wanted.items() if key not in held]
    record_many(session, entries)


def _key(person_id: int, class_name: str, category: str | None) -> tuple[int, str, str]:
    return person_id, class_name, str(category)


def _left_on(positions: Sequence[Position]) -> dict[tuple[int, str], date]:
    """Return the last day in a post of everybody who holds it no longer."""
    posts = {role: post for post, role in POST_ROLES.items()}
    ends: dict[tuple[int, str], list[date]] = {}
    for position in positions:
        ends.setdefault((position.person_id, str(posts[position.role])), []).append(position.until_on or date.max)
    return {key: max(found) for key, found in ends.items()}


def _running(session: Session, order: Order) -> Iterator[DossierEntry]:
    """Yield the verified services at the school that run on the first day of a list, or begin after it."""
    entry = DossierEntry
    query = select(entry).where(
        entry.school_id == order.organization.id,
        entry.kind == EntryKind.SERVICE,
        or_(entry.until_on.is_(None), entry.until_on >= order.from_on),
        IS_LIVE,
    )
    yield from session.scalars(query.order_by(entry.id).options(selectinload(entry.evidence)))


def _begun(order: Order, line: Line) -> Entry:
    told = Particulars(
        EntryKind.SERVICE,
        order.from_on,
        category=str(line.post),
        issuer=order.organization.name,
        class_name=line.class_name,
    )
    return _entry(order, line.person_id, told)


def _ended(order: Order, service: DossierEntry, left_on: date | None) -> Entry:
    """Return the correction that ends a service before the list; one that began only then is struck out."""
    told = Particulars(
        EntryKind.SERVICE,
        service.from_on,
        category=service.category,
        issuer=service.issuer,
        class_name=service.class_name,
        until_on=service.until_on,
    )
    is_void = service.from_on > order.last_on
    if not is_void:
        told = replace(told, until_on=max(min(order.last_on, left_on or date.max), service.from_on))
    entry = _entry(order, service.person_id, told)
    proofs = tuple(proof.attachment_id for proof in service.evidence)
    return replace(entry, corrects_id=service.id, is_void=is_void, evidence=proofs)


def _entry(order: Order, person_id: int, told: Particulars) -> Entry:
    by = order.actor.person_id
    return Entry(person_id, order.organization.id, told, EntrySource.ROSTER, by, by, school_id=order.organization.id)
