"""Who hears of a task beside the person who is told: those who stand in for that person and may do it."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.queries.absences import links
from app.db.work import WorkItem
from app.domain import clock
from app.domain.absences import MOST_LINKS, Link
from app.domain.errors import Unauthenticated
from app.services.accounts.actors import load_actor
from app.services.candidates import capacity


class Told(NamedTuple):
    """Somebody who is told of a task."""

    person_id: int
    work_item_id: int


class Substitute(NamedTuple):
    """Who is told of a task in somebody's place, and whose."""

    person_id: int
    work_item_id: int
    principal_id: int
    principal_name: str


def substitutes(session: Session, told: Iterable[Told]) -> list[Substitute]:
    """Return who stands in for people who are told of tasks, and may do them."""
    wanted = set(told)
    if not wanted:
        return []
    items = session.scalars(select(WorkItem).where(WorkItem.id.in_({one.work_item_id for one in wanted})))
    known = {item.id: item for item in items}
    current = links(session, {item.organization_id for item in known.values()}, clock.now())
    found = (
        _substitute(session, person_id, known[one.work_item_id])
        for one in sorted(wanted)
        for person_id in _after(one.person_id, [link for _absence, link in current])
        if Told(person_id, one.work_item_id) not in wanted
    )
    return sorted({one for one in found if one is not None})


def _after(person_id: int, known: list[Link]) -> set[int]:
    """Return whom a person's tasks may reach, whatever the process."""
    reached, here = set[int](), {person_id}
    for _link in range(MOST_LINKS):
        here = {link.substitute for link in known if link.principal in here}
        reached |= here
    return reached - {person_id}


def _substitute(session: Session, person_id: int, item: WorkItem) -> Substitute | None:
    try:
        found = capacity(session, load_actor(session, person_id), item)
    except Unauthenticated:  # the account was closed since
        return None
    away = found.for_person if found else None
    return Substitute(person_id, item.id, away.principal_id, away.name) if away else None
