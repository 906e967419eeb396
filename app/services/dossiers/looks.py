"""Looks at others' files: each is told by the journal of the person's school, and to the person."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, joinedload

from app.db.people import Position
from app.db.queries.offices import is_work
from app.db.registers import DossierLook
from app.domain import clock
from app.domain.dossiers import Look
from app.domain.identity import Actor
from app.domain.vocabulary import ROLE_TITLES
from app.services.journal import record_organization
from app.services.transactions import writing

ACTION = "see_dossier"
MOST_SHOWN = 50
# People of one statement: far below what either database takes.
BATCH = 1000


def note(session: Session, actor: Actor, person_id: int, what: Look) -> None:
    """Note that somebody looks at a person's file; who looks at the own one needs no note."""
    note_many(session, actor, [person_id], what)


def note_many(session: Session, actor: Actor, people: Collection[int], what: Look) -> None:
    """Note that somebody looks at the files of many people at once: one entry in the journal of each school."""
    others = sorted({*people} - {actor.person_id})
    if not others:
        return
    held = actor.acting
    title = f"{held.organization_name} {ROLE_TITLES[held.role]}" if held else ""
    common = {"seen_by_id": actor.person_id, "position_title": title, "what": what, "seen_at": clock.now()}
    with writing(session):
        for some in _batches(others):
            session.execute(insert(DossierLook), [{"person_id": person_id, **common} for person_id in some])
        for school, seen in sorted(_by_school(session, others).items()):
            record_organization(session, school, actor, ACTION, {"people": seen, "what": what})


def looks_at(session: Session, person_id: int) -> Sequence[DossierLook]:
    """Return who looked at a person's file, the latest first."""
    query = select(DossierLook).where(DossierLook.person_id == person_id).options(joinedload(DossierLook.seen_by))
    return session.scalars(query.order_by(DossierLook.id.desc()).limit(MOST_SHOWN)).all()


def _batches(people: Sequence[int]) -> Iterator[Sequence[int]]:
    return (people[start : start + BATCH] for start in range(0, len(people), BATCH))


def _by_school(session: Session, people: Sequence[int]) -> dict[int, list[int]]:
    """Return people by the organisation in which they work today, by their first position."""
    first: dict[int, int] = {}
    for some in _batches(people):
        rows = session.execute(
            select(Position.person_id, Position.organization_id)
            .where(Position.person_id.in_(some), is_work(clock.today()))
            .order_by(Position.id)
        )
        for person_id, organization_id in rows:
            first.setdefault(person_id, organization_id)
    found: dict[int, list[int]] = {}
    for person_id, organization_id in first.items():
        found.setdefault(organization_id, []).append(person_id)
    return {organization_id: sorted(ids) for organization_id, ids in found.items()}
