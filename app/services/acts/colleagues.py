"""Colleagues: whom a copy of a case may be sent to."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Person, Position
from app.db.processes import ProcessInstance
from app.services.accounts.actors import holds_today

MOST = 30


def colleagues(session: Session, case: ProcessInstance, text: str = "", chosen: tuple[int, ...] = ()) -> list[Person]:
    """Return the people of the case's organisation whose name holds the text, those chosen before always."""
    is_here = Person.positions.any(holds_today() & (Position.organization_id == case.organization_id))
    wanted = or_(Person.name.contains(text.strip(), autoescape=True), Person.id.in_(chosen))
    query = select(Person).where(is_here, wanted, Person.is_active).options(selectinload(Person.positions))
    return list(session.scalars(query.order_by(Person.id.in_(chosen).desc(), Person.name).limit(MOST)))
