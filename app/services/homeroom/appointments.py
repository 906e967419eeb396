"""What a confirmed list does to positions: those of homeroom teachers and assistants end and begin."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.people import Position
from app.domain import clock
from app.domain.homeroom_lists import POST_ROLES
from app.domain.vocabulary import Role
from app.services.homeroom.orders import Order


def lock_positions(session: Session, organization_id: int) -> Sequence[Position]:
    """Lock all positions of homeroom teachers and assistants of a school, also those that have ended."""
    query = select(Position).where(Position.organization_id == organization_id, Position.role.in_(POST_ROLES.values()))
    query = query.order_by(Position.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()


def appoint(session: Session, order: Order, positions: Sequence[Position]) -> None:
    """End the positions of who is on no line any more, and begin those that are missing."""
    wanted = {(line.person_id, POST_ROLES[line.post]) for line in order.lines}
    held = set()
    for position in positions:
        key = (position.person_id, Role(position.role))
        if position.until_on is not None and position.until_on < order.from_on:
            continue
        if key in wanted:
            held.add(key)
            position.from_on = min(position.from_on, order.from_on)
        else:
            _end(session, position, order.last_on)
    session.flush()
    new = [_begun(order, person_id, role) for person_id, role in sorted(wanted - held)]
    if new:
        session.execute(insert(Position), new)


def _begun(order: Order, person_id: int, role: Role) -> dict[str, object]:
    return {
        "person_id": person_id,
        "organization_id": order.organization.id,
        "role": role,
        "from_on": order.from_on,
    }


def _end(session: Session, position: Position, last_on: date) -> None:
    """End a position; one that began after its end was held until yesterday, or goes."""
    last = last_on if position.from_on <= last_on else clock.today() - timedelta(days=1)
    if position.from_on > last:
        session.delete(position)
    else:
        position.until_on = last
