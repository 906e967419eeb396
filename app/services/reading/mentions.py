"""Whom a remark may name with @: people of the case's organisation, and those who hold an office over it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Organization, Person, Position
from app.db.processes import ProcessInstance
from app.db.queries.step_locks import LockedCase
from app.domain.errors import Invalid
from app.domain.text import N_
from app.domain.vocabulary import BUREAU_ROLES
from app.services.accounts.actors import holds_today

MOST_LISTED, MOST_NAMED = 30, 20
SIGN = "@"


def may_name(session: Session, organization_id: int) -> ColumnElement[bool]:
    """Return the condition of a person whom a remark on a case of an organisation may name."""
    path = session.get_one(Organization, organization_id).path
    above = [int(part) for part in path.strip("/").split("/")][:-1]
    is_over = Position.organization_id.in_(above) & Position.role.in_(BUREAU_ROLES)
    return Person.is_active & Person.positions.any(
        holds_today() & or_(Position.organization_id == organization_id, is_over)
    )


def listed(session: Session, case: ProcessInstance, text: str = "", chosen: Sequence[int] = ()) -> list[Person]:
    """Return people whose name holds the text and whom a remark may name, those chosen before always."""
    wanted = or_(Person.name.contains(text.strip(), autoescape=True), Person.id.in_(chosen))
    query = select(Person).where(may_name(session, case.organization_id), wanted)
    is_here = Person.positions.any(Position.organization_id == case.organization_id)
    order = Person.id.in_(chosen).desc(), is_here.desc(), Person.name, Person.id
    query = query.options(selectinload(Person.positions)).order_by(*order)
    return list(session.scalars(query.limit(MOST_LISTED)))


def named(session: Session, case: LockedCase, text: str, chosen: Sequence[int]) -> list[int]:
    """Return whom a remark names: those chosen, and colleagues whose name stands in it after an @.

    Raises Invalid for a person whom it may not name, for a name that several have, and for too many.
    """
    found = set(chosen)
    known = select(Person.id).where(Person.id.in_(found), may_name(session, case.organization_id))
    if found - set(session.scalars(known)):
        raise Invalid.field("mentions", N_("只能提到本单位的人，或者管本单位的教育局的人。"))
    for name, people in _written(session, case, text):
        if len(people) > 1 and not found & people:
            message = N_("有 %(count)d 位%(name)s，请点“找同事”选要提到的那位。")
            raise Invalid.field("mentions", message, count=len(people), name=name)
        found |= people if len(people) == 1 else set()
    if len(found) > MOST_NAMED:
        raise Invalid.field("mentions", N_("一次最多提到 %(most)d 个人。"), most=MOST_NAMED)
    return sorted(found)


def _written(session: Session, case: LockedCase, text: str) -> list[tuple[str, set[int]]]:
    """Return the names that stand in a text after an @, each with the people of the case's organisation who bear it."""
    if SIGN not in text:
        return []
    here = Person.positions.any(holds_today() & (Position.organization_id == case.organization_id))
    bearers: dict[str, set[int]] = {}
    for person_id, name in session.execute(select(Person.id, Person.name).where(here, Person.is_active)):
        if f"{SIGN}{name}" in text:
            bearers.setdefault(name, set()).add(person_id)
    written, rest = [], text
    # The longest first: a name may begin with another.
    for name in sorted(bearers, key=len, reverse=True):
        if f"{SIGN}{name}" in rest:
            rest = rest.replace(f"{SIGN}{name}", "")
            written.append((name, bearers[name]))
    return written
