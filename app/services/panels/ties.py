"""Conflicts that nobody need declare: who is or was in a studio in which a candidate is now, by the register."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.db.panels import PanelRecusal
from app.db.people import Position
from app.db.queries.offices import is_held
from app.domain import clock
from app.domain.panels import ConflictKind, Sheet
from app.domain.vocabulary import STUDIO_ROLES

# By a member of the panel: the candidates who are in the same studio, each with one that both share.
Ties = Mapping[int, Mapping[str, int]]


def ties_of(session: Session, sheet: Sheet, members: Collection[int]) -> Ties:
    """Return which members of a panel share a studio with which candidates."""
    theirs, own = aliased(Position), aliased(Position)
    candidates = [one.id for one in sheet.candidates if isinstance(one.id, int)]
    query = select(own.person_id, theirs.person_id, own.studio_id).join(theirs, theirs.studio_id == own.studio_id)
    query = query.where(
        theirs.person_id.in_(candidates),
        theirs.role.in_(STUDIO_ROLES),
        is_held(clock.today(), theirs),
        own.role.in_(STUDIO_ROLES),
        own.from_on <= clock.today(),
        own.person_id.in_(list(members)),
        own.person_id != theirs.person_id,
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows: Any = session.execute(query.order_by(own.studio_id.desc()))
    for member, candidate, studio_id in rows:
        found[member][str(candidate)] = studio_id
    return found


def keep(session: Session, panel_id: int, ties: Ties) -> None:
    """Write down for whom members of a panel step aside without having declared it."""
    session.add_all(
        PanelRecusal(
            panel_id=panel_id,
            person_id=member,
            candidate=candidate,
            kind=ConflictKind.SAME_STUDIO,
            studio_id=studio_id,
            declared_at=clock.now(),
        )
        for member, shared in ties.items()
        for candidate, studio_id in shared.items()
    )
    session.flush()


def without_work(sheet: Sheet, ties: Ties) -> set[int]:
    """Return the members to whom the register leaves nobody to score."""
    return {member for member, shared in ties.items() if not sheet.left_to({*shared, str(member)})}
